"""The box: keeps or deletes what is inside a rectangle."""

from __future__ import annotations

from math import ceil, floor, hypot
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from scratchgui.canvas.area_drawing import MarksDrawing, visible
from scratchgui.canvas.double_line import draw_double
from scratchgui.canvas.tools.area_edit import change_areas
from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.core.geometry import Box
from scratchgui.core.mask import labels_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.canvas.viewport import Placement

_DRAG = 3.0
"""A drag that goes less far is a click, which does nothing (logical px)."""
_MARGIN = 3
_NOTHING_TO_KEEP = "The model marks nothing in this box that is not in the mask already."
_NOTHING_TO_DELETE = "Nothing is marked in this box."


class BoxTool(Tool):
    """A drag keeps what the model marks inside a rectangle, or deletes what is marked there: one undo step.

    While the inspector's mask does not count yet, the first box that keeps something begins it, as the first pick
    does: what lies outside is not in it, and stays to be seen as outlines. Deleting takes the prediction over first.
    What belongs to a hidden class is neither kept nor deleted.
    """

    hint = (
        "Drag a box to keep only the prediction inside; further boxes add to it · "
        "with “Delete”, or Alt, to delete what is inside · Esc cancel"
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._drawing = MarksDrawing()
        self._ratio = 1.0
        self._pressed: PointerEvent | None = None
        self._box = Box.empty()
        self._deleting = False

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def press(self, event: PointerEvent) -> None:
        """Begin at a corner."""
        self._pressed = event

    def move(self, event: PointerEvent) -> None:
        """Show the rectangle, and in it what would change."""
        start = self._pressed
        if start is None or self.host.picture is None:
            return
        if self._box.is_empty and hypot(event.device_x - start.device_x, event.device_y - start.device_y) < (
            _DRAG * self._ratio
        ):
            return
        editor = self.host.editor
        self._deleting = event.alt != (editor.options.box_action == "delete")
        self._drawing.color = "" if self._deleting else editor.classes.color(editor.active_class)
        self._drawing.marks = self.host.marks(new=not self._deleting)
        self._drawing.hidden = editor.classes.hidden
        self._repaint()
        self._box = self._drawing.box = self._between(start, event)
        self._repaint()

    def release(self, event: PointerEvent) -> None:
        """Keep or delete."""
        self.move(event)
        box, deleting = self._box, self._deleting
        self.cancel()
        if not box.is_empty:
            self._delete(box) if deleting else self._keep(box)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the rectangle and what is in it."""
        self._ratio = ratio
        if self._box.is_empty:
            return
        self._drawing.paint(painter, place, exposed, ratio)
        shown = place.device_box(self._box)
        rectangle = QPainterPath()
        rectangle.addRect(QRectF(shown.x + 0.5, shown.y + 0.5, shown.width - 1, shown.height - 1))
        draw_double(painter, rectangle, ratio)

    def cancel(self) -> None:
        """Forget the rectangle."""
        self._repaint()
        self._pressed = self._drawing.marks = None
        self._box = Box.empty()

    def _between(self, start: PointerEvent, end: PointerEvent) -> Box:
        """Return the pixels of the image that a rectangle touches."""
        left, top = floor(min(start.x, end.x)), floor(min(start.y, end.y))
        right, bottom = ceil(max(start.x, end.x)), ceil(max(start.y, end.y))
        picture = self.host.picture
        assert picture is not None
        return Box(left, top, max(1, right - left), max(1, bottom - top)).clipped(picture.shape[1], picture.shape[0])

    def _new(self, box: Box) -> NDArray[np.uint8]:
        """Return what the model marks in a box and the inspector's mask does not, uint8 (box height, box width)."""
        predicted, own = self.host.prediction, self.host.own_mask
        if predicted is None:
            return np.zeros((box.height, box.width), np.uint8)
        part = predicted[box.slices]
        new = visible(part, self.host.editor.classes.hidden)
        return np.where(new if own is None else new & (own[box.slices] == 0), part, np.uint8(0))

    def _keep(self, box: Box) -> None:
        labels = self._new(box)
        if not labels.any():
            self.host.tell(_NOTHING_TO_KEEP)
            return
        document = self.host.document_to_pick()
        if document is not None:
            document.begin_stroke(self.host.editor.active_class)
            for label in labels_in(labels):
                document.paint(box, labels == label, label)
            document.end_stroke("Keep prediction in box")
            self.host.finish_stroke()

    def _delete(self, box: Box) -> None:
        marked = self.host.shown_mask
        pixels = None if marked is None else visible(marked[box.slices], self.host.editor.classes.hidden)
        if pixels is None or not pixels.any():
            self.host.tell(_NOTHING_TO_DELETE)
        else:
            change_areas(self.host, [(box, pixels)], 0, "Delete in box")

    def _repaint(self) -> None:
        if not self._box.is_empty:
            self.host.repaint(self.host.placement.device_box(self._box).expanded(ceil(_MARGIN * self._ratio)))
