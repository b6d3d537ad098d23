"""A path of the scratch pen that is not committed yet."""

from __future__ import annotations

from itertools import zip_longest
from math import ceil, hypot
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath

from scratchgui.canvas.double_line import draw_double
from scratchgui.canvas.tools.area_edit import change_areas
from scratchgui.canvas.tools.band_drawing import BandDrawing
from scratchgui.canvas.tools.pen_tracer import PenTracer
from scratchgui.core.scratch_path import WIDEST, Part, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scratchgui.canvas.tools.base import PointerEvent, ToolHost
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box
    from scratchgui.core.line_map import Points
    from scratchgui.core.scratch_path import Node

_HANDLE, _GRAB = 3.0, 8.0
"""Half the side of the square at a node; so near a press takes hold of it (logical px)."""

_SAME, _BEFORE = 1e-6, 34
_ONE_POINT = "One point is no path yet: click where the scratch goes on or ends, then press Enter · Esc cancel"


class OpenPath:
    """Nodes, the parts between them, and the loose part from the last node to the mouse.

    Attributes:
        nodes: Where it was clicked, or what was caught there (px).
        telling: Whether the width in the options is being set to the one that was measured.
    """

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._tracer = PenTracer(host)
        self._drawing = BandDrawing()
        self.nodes: list[Node] = []
        self.telling = False
        self._parts: list[Part] = []
        self._loose: Part | None = None
        self._shown_nodes: set[Node] = set()

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel, as of the last repaint."""
        return self._tracer.ratio

    def add(self, event: PointerEvent) -> None:
        """Add a node where the mouse is, or where it caught a scratch."""
        node = self._tracer.caught(event)
        if self.nodes:
            self._parts.append(self._tracer.between(self.nodes[-1], node, event))
        self.nodes.append(node)
        self._loose = None
        self.show()

    def follow(self, event: PointerEvent) -> None:
        """Lead the loose part to the mouse."""
        self._loose = self._tracer.between(self.nodes[-1], self._tracer.caught(event), event)
        self.show()

    def follow_trail(self, trail: Sequence[Node], event: PointerEvent) -> None:
        """Lead the loose part along the way of a drag that begins at the last node."""
        self._loose = self._tracer.along([self.nodes[-1], *trail], event)
        self.show()

    def keep_loose(self) -> None:
        """Make the loose part one of the path, with a node at its end."""
        if self._loose is not None:
            x, y = self._loose.points[-1].tolist()
            self.nodes.append((x, y))
            self._parts.append(self._loose)
            self.drop_loose()

    def drop_loose(self) -> None:
        """Forget the loose part."""
        self._loose = None
        self.show()

    def node_at(self, event: PointerEvent) -> int | None:
        """Return the index of the node under the mouse; of several the last one."""
        reach = _GRAB * self.ratio / self._host.placement.zoom
        for index in reversed(range(len(self.nodes))):
            x, y = self.nodes[index]
            if hypot(event.x - x, event.y - y) <= reach:
                return index
        return None

    def move_node(self, index: int, event: PointerEvent) -> None:
        """Move a node to the mouse; the parts that it ends find their way anew."""
        self.nodes[index] = self._tracer.caught(event)
        for end in (index, index + 1):
            if 0 < end < len(self.nodes):
                self._parts[end - 1] = _found_again(self._tracer, self.nodes, index, end, event)
        self.show()

    def drop_node(self) -> None:
        """Take the last node and its part back."""
        self.nodes.pop()
        del self._parts[max(0, len(self.nodes) - 1) :]
        self.drop_loose()

    def commit(self) -> None:
        """Mark what is shown as one undo step, and forget the path; a single point waits for another one."""
        if not self._parts and self._loose is None:
            self._host.advise(_ONE_POINT)
            return
        areas, editor = self._drawing.pieces(), self._host.editor
        if areas:
            change_areas(self._host, areas, editor.active_class, "Scratch")
        self.clear()

    def clear(self) -> None:
        """Forget everything, the image too."""
        self.nodes, self._parts = [], []
        self._tracer.forget()
        self.drop_loose()

    def show(self) -> None:
        """Show the path as it is now, and as wide as it is to be, painting only what looks different."""
        if len(self.nodes) != 1:
            self._host.advise("")
        drawing, place, picture = self._drawing, self._host.placement, self._host.picture
        before, width = list(drawing.lines), drawing.width
        parts = self._parts if self._loose is None else [*self._parts, self._loose]
        drawing.lines = [part.points for part in parts]
        if picture is not None:
            drawing.image = picture.shape[1], picture.shape[0]
        wider = max(width, self._use_width(parts))
        changed = [*before, *drawing.lines] if drawing.width != width else list(_differing(before, drawing.lines))
        changed += [np.array([node]) for node in self._shown_nodes ^ set(self.nodes)]
        self._shown_nodes = set(self.nodes)
        if changed:
            around = drawing.extent(changed, place, self.ratio)
            grown = (wider - drawing.width) * place.zoom + (_HANDLE + 3) * self.ratio
            self._host.repaint(around.expanded(ceil(grown)))

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the band and its nodes."""
        self._tracer.ratio = ratio
        editor = self._host.editor
        self._drawing.color = editor.classes.color(editor.active_class)
        self._drawing.paint(painter, place, exposed, ratio)
        handles, half = QPainterPath(), _HANDLE * ratio
        for x, y in self.nodes:
            left, top = place.x + x * place.zoom - half, place.y + y * place.zoom - half
            handles.addRect(QRectF(left, top, 2 * half, 2 * half))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_double(painter, handles, ratio)

    def _use_width(self, parts: Sequence[Part]) -> float:
        """Take the width that was measured, and tell it, or else the one that is set; return it (px)."""
        options = self._host.editor.options
        measured = width_of(parts) if options.path_auto_width else None
        if measured is None:
            self._drawing.width = float(options.path_width)
        else:
            # By halves of a pixel: the band does not flicker while the mouse moves.
            self._drawing.width = min(max(round(2 * measured) / 2, 1.0), float(WIDEST))
            self.telling = True
            options.path_width = round(self._drawing.width)
            self.telling = False
        return self._drawing.width


def _found_again(tracer: PenTracer, nodes: Sequence[Node], moved: int, end: int, event: PointerEvent) -> Part:
    """Return the way to a node from the one before; the search begins at the one that is not moved."""
    start, stop = nodes[end - 1], nodes[end]
    if moved == end:
        return tracer.between(start, stop, event)
    back = tracer.between(stop, start, event)
    return Part(back.points[::-1], back.widths)


def _differing(before: Sequence[Points], after: Sequence[Points]) -> Iterator[Points]:
    """Yield the ends of lines that are not as they were."""
    for old, new in zip_longest(before, after, fillvalue=np.empty((0, 2))):
        if old is not new:
            count = min(len(old), len(new))
            same = np.abs(old[:count] - new[:count]).max(axis=1) < _SAME
            # A straight stretch of the band may begin some points before the first that differs.
            first = max(0, (count if same.all() else int(same.argmin())) - _BEFORE)
            yield from (line[first:] for line in (old, new) if len(line) > first)
