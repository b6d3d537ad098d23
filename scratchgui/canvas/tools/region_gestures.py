"""What can be done to regions with the mouse: sweep over many, cut them in two, join two."""

from __future__ import annotations

from math import ceil, floor, hypot
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from scratchgui.core.geometry import Box
from scratchgui.model.region_edits import cut, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchgui.canvas.tools.base import PointerEvent, ToolHost
    from scratchgui.canvas.tools.pick_target import Target, TargetFinder
    from scratchgui.model.mask_document import MaskDocument

_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor(255, 255, 255)


class Gesture(Protocol):
    """Something between press and release."""

    def move(self, event: PointerEvent) -> None:
        """Go on to a point."""

    def finish(self) -> Target | None:
        """Complete it; return the region that is selected afterwards."""

    def cancel(self) -> None:
        """Take everything back."""

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Paint what it shows while it lasts."""


class Sweep:
    """Takes every predicted region that the mouse touches into the mask, or deletes what it touches: one undo step.

    Attributes:
        touched: The regions so far.
    """

    def __init__(self, host: ToolHost, finder: TargetFinder, *, deleting: bool) -> None:
        self._host = host
        self._finder = finder
        self._deleting = deleting
        self._document: MaskDocument | None = None
        self._at: tuple[float, float] | None = None
        self.touched: list[Target] = []

    def move(self, event: PointerEvent) -> None:
        """Go on to a point; the first call is the press."""
        for x, y in self._way_to(event):
            find = self._finder.deletable if self._deleting else self._finder.candidate
            while (target := find(x, y)) is not None and self._take(target):
                self.touched.append(target)

    def finish(self) -> Target | None:
        """Make it one undo step; return the region when it is the only one that was accepted."""
        verb, count = "Delete" if self._deleting else "Accept", len(self.touched)
        text = f"{verb} defect" if count == 1 else f"{verb} {count} defects"
        if self._document is None or not self._document.end_stroke(text):
            return None
        self._host.finish_stroke()
        alone = count == 1 and not self._deleting
        return self._finder.in_mask(self.touched[0].x, self.touched[0].y) if alone else None

    def cancel(self) -> None:
        """Take everything back."""
        if self._document is not None:
            self._document.cancel_stroke()

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Paint nothing: the mask shows it."""

    def _take(self, target: Target) -> bool:
        """Write one region; return whether that changed what is under the mouse."""
        document = self._document or self._begin()
        if document is None:
            return False
        label = 0 if self._deleting else target.label
        pixels = target.pixels if self._deleting else target.pixels & (document.mask[target.box.slices] == 0)
        document.paint(target.box, pixels, label)
        return bool(document.mask[target.y, target.x] == label)

    def _begin(self) -> MaskDocument | None:
        host = self._host
        self._document = host.document_to_edit() if self._deleting else host.document_to_pick()
        if self._document is not None:
            self._document.begin_stroke(0)
        return self._document

    def _way_to(self, event: PointerEvent) -> Iterator[tuple[int, int]]:
        """Yield pixels from the last point on, as near to each other as a region may be away from the mouse."""
        x0, y0 = self._at or (event.x, event.y)
        self._at = event.x, event.y
        parts = max(1, ceil(hypot(event.x - x0, event.y - y0) / max(0.5, self._finder.reach)))
        for part in range(1, parts + 1):
            yield floor(x0 + (event.x - x0) * part / parts), floor(y0 + (event.y - y0) * part / parts)


class Cut:
    """A straight line that divides the regions it crosses."""

    def __init__(self, host: ToolHost, event: PointerEvent, only: Target | None) -> None:
        """Begin at a point; with `only`, that region alone is divided if the line crosses it."""
        self._host = host
        self._only = only
        self._start = self._end = event

    def move(self, event: PointerEvent) -> None:
        """Let the line end at a point."""
        before, self._end = self._extent(), event
        self._host.repaint(before.union(self._extent()))

    def finish(self) -> Target | None:
        """Divide; return nothing, for there are two regions now."""
        self._host.repaint(self._extent())
        if self._host.shown_mask is None:
            return None
        document = self._host.document_to_edit()
        start, end = self._start, self._end
        ends = floor(start.x), floor(start.y), floor(end.x), floor(end.y)
        if document is None:
            return None
        if cut(document, ends, None if self._only is None else self._only.box):
            self._host.finish_stroke()
        else:
            self._host.tell("The line divides no defect. Draw it right across one.")
        return None

    def cancel(self) -> None:
        """Show the line no more."""
        self._host.repaint(self._extent())

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Paint the line, light between dark."""
        line = QLineF(self._start.device_x, self._start.device_y, self._end.device_x, self._end.device_y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((_DARK, 3), (_LIGHT, 1)):
            painter.setPen(QPen(color, width * ratio, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(line)

    def _extent(self) -> Box:
        """Device pixels of the line."""
        xs = floor(self._start.device_x), floor(self._end.device_x)
        ys = floor(self._start.device_y), floor(self._end.device_y)
        return Box(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1).expanded(8)


def join_targets(host: ToolHost, first: Target, second: Target) -> None:
    """Join two regions, the first one's class being that of both."""
    document = host.document_to_edit()
    if document is None or (not second.predicted and first.box == second.box):
        return
    if join(document, first.region, second.region, (first.label, second.label)):
        host.finish_stroke()
    else:
        host.tell("A locked class is not changed, so the defects stay apart.")
