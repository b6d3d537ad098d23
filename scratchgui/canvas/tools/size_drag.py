"""Setting the brush's size by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import PointerEvent, ToolHost


class SizeDrag:
    """A drag with Ctrl and Alt held: the circle stays where it was pressed, and its edge follows the mouse.

    Attributes:
        at: Where the circle stays (device px).
    """

    def __init__(self, host: ToolHost, event: PointerEvent) -> None:
        self._host = host
        self._size = host.editor.brush_size
        self._from = event.screen_x
        self.at = event.device_x, event.device_y

    @staticmethod
    def begins_with(event: PointerEvent) -> bool:
        """Tell whether a press begins such a drag."""
        return event.ctrl and event.alt

    def move(self, event: PointerEvent) -> None:
        """Make the brush larger to the right, smaller to the left."""
        grown = 2 * (event.screen_x - self._from) / self._host.placement.zoom
        self._host.editor.brush_size = round(self._size + grown)

    def cancel(self) -> None:
        """Give the brush the size that it had."""
        self._host.editor.brush_size = self._size
