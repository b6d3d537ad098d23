"""Flood fill of the mask."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.area_edit import change_areas
from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.canvas.tools.fill_preview import FillPreview, is_open
from scratchgui.core.flood import Flood
from scratchgui.core.regions import region_at

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.core.mask import Mask

_HIDDEN = "A class that is hidden is marked here. Show the class to change it."
_OPEN = "Nothing encloses this place: filling it would mark most of the image. Close the outline around it first."
_HINT = "Click inside a closed outline to fill it · Alt+click a defect to erase it"
_HINT_SEVERAL = (
    "Click inside a closed outline to fill it · Click a defect to give it the active class · Alt+click erases it"
)


class Fill(Tool):
    """A click marks background that defects enclose, gives a defect the active class, or with Alt erases it.

    What it would change is outlined while the mouse moves.
    """

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._preview = FillPreview(host)
        host.editor.classes.changed.connect(self._describe)
        self._describe()

    def _describe(self) -> None:
        """Speak of classes only where there are several."""
        self.hint = _HINT_SEVERAL if self.host.editor.classes.several else _HINT

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def hover(self, event: PointerEvent) -> None:
        """Outline what a click would change."""
        self._preview.follow(event)

    def leave(self) -> None:
        """Outline nothing."""
        self._preview.forget()

    def cancel(self) -> None:
        """Outline nothing, and forget the image."""
        self._preview.forget()

    def mask_changed(self) -> None:
        """Outline nothing until the mouse moves."""
        self._preview.forget()

    def press(self, event: PointerEvent) -> None:
        """Fill what is under the mouse."""
        mask, x, y = self.host.shown_mask, floor(event.x), floor(event.y)
        if mask is None:  # nothing is marked, and nothing predicted
            self.host.tell(_OPEN)
        elif 0 <= x < mask.shape[1] and 0 <= y < mask.shape[0]:
            region = region_at(mask, x, y)
            if region is not None and int(mask[y, x]) in self.host.editor.classes.hidden:
                self.host.tell(_HIDDEN)
            elif region is not None:
                label = 0 if event.alt else self.host.editor.active_class
                if label != mask[y, x]:
                    change_areas(self.host, [region], label, "Change class" if label else "Erase defect")
            elif not event.alt:
                self._fill_background(mask, x, y)

    def _fill_background(self, mask: Mask, x: int, y: int) -> None:
        flood = Flood(mask, x, y, corners=False)  # a diagonal line of single pixels encloses, as it does for the eye
        found = flood.box, flood.pixels()
        if is_open(*found, mask):
            self.host.tell(_OPEN)
        else:
            change_areas(self.host, [found], self.host.editor.active_class, "Fill")
