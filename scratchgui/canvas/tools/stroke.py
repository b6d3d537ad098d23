"""What brush and eraser have in common: strokes as wide as the brush."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.base import PointerEvent, Tool

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.model.mask_document import MaskDocument

Point = tuple[float, float]


class StrokeTool(Tool):
    """Paints along the mouse's way.

    With Shift the line is straight: from where it was pressed, or on from the end of the last stroke when Shift was
    down already. With Alt held at the press, brush and eraser change places.
    """

    has_brush = True
    erases = False

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._document: MaskDocument | None = None
        self._erasing = False
        self._anchor: Point = (0.0, 0.0)
        self._last: Point = (0.0, 0.0)
        self._end_of_stroke: Point | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """None: the brush's outline shows where it is."""
        return Qt.CursorShape.BlankCursor

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke."""
        self._document = self.host.document_to_edit()
        if self._document is None:
            return
        self._erasing = self.erases != event.alt
        editor = self.host.editor
        over = {0, editor.active_class} if editor.options.protect_others else None
        self._document.begin_stroke(0 if self._erasing else editor.active_class, over)
        self._anchor = self._last = event.x, event.y
        if event.shift and self._end_of_stroke is not None:
            self._anchor = self._end_of_stroke
        self._paint(self._anchor, self._last)

    def move(self, event: PointerEvent) -> None:
        """Go on with the stroke; with Shift it is laid anew as a straight line."""
        if self._document is None:
            return
        point = event.x, event.y
        if event.shift:
            self._document.rewind_stroke()
            self._paint(self._anchor, point)
        else:
            self._paint(self._last, point)
        self._last = point

    def release(self, event: PointerEvent) -> None:
        """Make the stroke an undo step."""
        document, self._document = self._document, None
        if document is not None:
            self._end_of_stroke = self._last
            document.end_stroke("Erase" if self._erasing else "Brush stroke")
            self.host.finish_stroke()

    def cancel(self) -> None:
        """Take the running stroke back."""
        document, self._document = self._document, None
        self._end_of_stroke = None
        if document is not None:
            document.cancel_stroke()

    def _paint(self, start: Point, end: Point) -> None:
        if self._document is not None:
            self._document.extend_stroke(*start, *end, self.host.editor.brush_size)
