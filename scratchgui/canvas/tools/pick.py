"""Deleting one defect by a click."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.core.regions import region_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.core.geometry import Box


class Pick(Tool):
    """Outlines the region under the mouse; a click deletes it."""

    hint = "Click a defect to delete it · Ctrl+Z brings it back"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._found: tuple[Box, NDArray[np.bool_]] | None = None
        self._mask: NDArray[np.uint8] | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """A pointing hand over a defect."""
        return Qt.CursorShape.CrossCursor if self._found is None else Qt.CursorShape.PointingHandCursor

    def press(self, event: PointerEvent) -> None:
        """Delete the region under the mouse."""
        x, y = floor(event.x), floor(event.y)
        mask = self.host.shown_mask
        if mask is None or region_at(mask, x, y) is None:
            return
        document = self.host.document_to_edit()
        self.cancel()
        if document is not None and document.delete_region(x, y):
            self.host.finish_stroke()

    def hover(self, event: PointerEvent) -> None:
        """Outline the region under the mouse."""
        x, y = floor(event.x), floor(event.y)
        mask = self.host.shown_mask
        if mask is self._mask and self._holds(x, y):
            return
        self._mask = mask
        found = None if mask is None else region_at(mask, x, y)
        if found is not None or self._found is not None:
            self._found = found
            self.host.outline(found)

    def cancel(self) -> None:
        """Outline nothing."""
        self._found = self._mask = None
        self.host.outline(None)

    def mask_changed(self) -> None:
        """Outline nothing until the mouse moves."""
        self.cancel()

    def _holds(self, x: int, y: int) -> bool:
        """Tell whether the outlined region covers a pixel, so that it need not be looked for again."""
        if self._found is None:
            return False
        box, pixels = self._found
        inside = box.x <= x < box.right and box.y <= y < box.bottom
        return bool(inside and pixels[y - box.y, x - box.x])
