"""The magic wand: marks or erases what is as bright, or as probable, as the place that is pressed."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.area_drawing import AreaDrawing
from scratchgui.canvas.tools.area_edit import change_areas
from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.core.band import joined
from scratchgui.core.similar import similar_area

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.tools.area_edit import Found
    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

_STEP = 2.0
"""Way of the mouse for one more in tolerance (logical px)."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_PROBABILITY = "There is no prediction of this image yet: choose “Image” in the bar, or wait for it."
_CUT_OFF = "The area goes on beyond what was marked. A smaller tolerance keeps to one defect; Ctrl+Z takes this back."


class Wand(Tool):
    """Shows the area while the button is down; dragging to the right or left raises or lowers the tolerance.

    Letting go makes one undo step. With Shift held it does not yet: more areas can be added to this one.
    """

    hint = (
        "Press on a defect and drag left or right until it is covered · Alt erases · "
        "Shift adds several before they are marked · Esc cancel"
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._drawing = AreaDrawing()
        self._ratio = 1.0
        self._pressed: PointerEvent | None = None
        self._tolerance = 0
        self._found: Found | None = None
        self._kept: list[Found] = []
        self._cut_off = False

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross; arrows to both sides while the tolerance is dragged."""
        return Qt.CursorShape.CrossCursor if self._pressed is None else Qt.CursorShape.SizeHorCursor

    @property
    def is_busy(self) -> bool:
        """Tell whether there are areas that are not marked yet."""
        return bool(self._kept)

    def press(self, event: PointerEvent) -> None:
        """Find what is like the place under the mouse."""
        values = self._values()
        if values is None:
            if self.host.picture is not None:
                self.host.tell(_NO_PROBABILITY)
            return
        height, width = values.shape[:2]
        if 0 <= event.x < width and 0 <= event.y < height:
            self._pressed, self._tolerance = event, self.host.editor.options.wand_tolerance
            self._find(values, event)

    def move(self, event: PointerEvent) -> None:
        """Change the tolerance."""
        values = self._values()
        if self._pressed is None or values is None:
            return
        options, before = self.host.editor.options, self.host.editor.options.wand_tolerance
        way = (event.screen_x - self._pressed.screen_x) / self._ratio
        options.wand_tolerance = self._tolerance + round(way / _STEP)
        if options.wand_tolerance != before:
            self._find(values, event)

    def release(self, event: PointerEvent) -> None:
        """Mark or erase the area; with Shift, keep it for later."""
        found, self._found, self._pressed = self._found, None, None
        if found is None:
            return
        self._kept.append(found)
        if not event.shift:
            self._commit(erase=event.alt)

    def takes_key(self, key: Qt.Key) -> bool:
        """Take Enter while areas are kept."""
        return self.is_busy and key in _ENTER

    def key(self, key: Qt.Key) -> None:
        """Mark what is kept."""
        self._commit(erase=False)

    def second_button(self, event: PointerEvent) -> None:
        """Mark or erase what is kept."""
        self._commit(erase=event.alt)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the area."""
        self._ratio = ratio
        self._drawing.paint(painter, place, exposed, ratio)

    def cancel(self) -> None:
        """Forget the area and those that are kept."""
        self._pressed = self._found = None
        self._kept = []
        self._cut_off = False
        self._show(None)

    def _values(self) -> NDArray[np.uint8] | None:
        wants_probability = self.host.editor.options.wand_source == "probability"
        return self.host.probability if wants_probability else self.host.picture

    def _find(self, values: NDArray[np.uint8], event: PointerEvent) -> None:
        assert self._pressed is not None
        tolerance = self.host.editor.options.wand_tolerance
        area = similar_area(values, floor(self._pressed.x), floor(self._pressed.y), tolerance)
        self._found, self._cut_off = (area.box, area.pixels), not area.complete
        editor = self.host.editor
        self._drawing.color = "" if event.alt else editor.classes.color(editor.active_class)
        self._show(joined([*self._kept, self._found]))

    def _show(self, found: Found | None) -> None:
        place, before = self.host.placement, self._drawing.extent(self.host.placement, self._ratio)
        self._drawing.set_area(found)
        for box in (before, self._drawing.extent(place, self._ratio)):
            if not box.is_empty:
                self.host.repaint(box)

    def _commit(self, *, erase: bool) -> None:
        areas, cut_off = self._kept, self._cut_off
        self.cancel()
        if areas:
            label = 0 if erase else self.host.editor.active_class
            change_areas(self.host, areas, label, "Erase area" if erase else "Mark area")
            if cut_off:
                self.host.tell(_CUT_OFF)
