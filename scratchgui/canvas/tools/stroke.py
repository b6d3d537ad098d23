"""What brush and eraser have in common: strokes as wide as the brush."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.area_edit import replaceable
from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.canvas.tools.size_drag import SizeDrag
from scratchgui.core.gray_match import GrayMatch

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.model.mask_document import MaskDocument

Dab = tuple[float, float, float]
"""Where the brush was (image px), and how hard the pen pressed (0 … 1)."""


class StrokeTool(Tool):
    """Paints along the mouse's way; a pen's pressure is the width, where that is wanted.

    With Shift the line is straight: from where it was pressed, or on from the end of the last stroke when Shift was
    down already. With Alt held at the press, brush and eraser change places. With Ctrl and Alt the drag sets the size.
    """

    has_brush = True
    erases = False

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._document: MaskDocument | None = None
        self._erasing = False
        self._anchor: Dab = (0.0, 0.0, 1.0)
        self._last: Dab = (0.0, 0.0, 1.0)
        self._end_of_stroke: Dab | None = None
        self._sizing: SizeDrag | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """None: the brush's outline shows where it is."""
        return Qt.CursorShape.BlankCursor if self._sizing is None else Qt.CursorShape.SizeHorCursor

    @property
    def brush_at(self) -> tuple[float, float] | None:
        """Where the brush's outline stays while its size is dragged."""
        return None if self._sizing is None else self._sizing.at

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke, or to set the size."""
        if SizeDrag.begins_with(event):
            self._sizing = SizeDrag(self.host, event)
            return
        self._document = self.host.document_to_edit()
        if self._document is None:
            return
        self._erasing = self.erases != event.alt
        self._begin(self._document, event)
        self._anchor = self._last = _dab(event)
        if event.shift and self._end_of_stroke is not None:
            self._anchor = self._end_of_stroke
        self._paint(self._anchor, self._last)

    def move(self, event: PointerEvent) -> None:
        """Go on with the stroke; with Shift it is laid anew as a straight line."""
        if self._sizing is not None:
            self._sizing.move(event)
        if self._document is None:
            return
        dab = _dab(event)
        if event.shift:
            self._document.rewind_stroke()
            self._paint(self._anchor, dab)
        else:
            self._paint(self._last, dab)
        self._last = dab

    def release(self, event: PointerEvent) -> None:
        """Make the stroke an undo step."""
        self._sizing = None
        document, self._document = self._document, None
        if document is not None:
            self._end_of_stroke = self._last
            document.end_stroke("Erase" if self._erasing else "Brush stroke")
            self.host.finish_stroke()

    def cancel(self) -> None:
        """Take the running stroke back, or the size."""
        document, self._document = self._document, None
        sizing, self._sizing = self._sizing, None
        self._end_of_stroke = None
        if document is not None:
            document.cancel_stroke()
        if sizing is not None:
            sizing.cancel()

    def _begin(self, document: MaskDocument, event: PointerEvent) -> None:
        editor, picture = self.host.editor, self.host.picture
        options = editor.options
        only = None
        if options.gray_only and picture is not None:
            only = GrayMatch(picture, floor(event.x), floor(event.y), options.gray_tolerance)
        document.begin_stroke(0 if self._erasing else editor.active_class, replaceable(editor), only)

    def _paint(self, start: Dab, end: Dab) -> None:
        if self._document is not None:
            self._document.extend_stroke(*start[:2], *end[:2], self._width(start), self._width(end))

    def _width(self, dab: Dab) -> int:
        editor = self.host.editor
        return max(1, round(editor.brush_size * dab[2])) if editor.options.pen_pressure else editor.brush_size


def _dab(event: PointerEvent) -> Dab:
    return event.x, event.y, event.pressure
