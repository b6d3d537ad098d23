"""The hand."""

from __future__ import annotations

from math import floor, hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.base import PointerEvent, Tool

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import ToolHost

_CLICK = 4.0
"""A press that moves less is a click (device px)."""


class Pan(Tool):
    """Moves the image; a click chooses the defect under it."""

    hint = "Drag to move the image · Click a defect to choose it · Wheel zoom"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._last: PointerEvent | None = None
        self._way = 0.0

    @property
    def cursor(self) -> Qt.CursorShape:
        """A hand, closed while it drags."""
        return Qt.CursorShape.OpenHandCursor if self._last is None else Qt.CursorShape.ClosedHandCursor

    def press(self, event: PointerEvent) -> None:
        """Take hold."""
        self._last = event
        self._way = 0.0

    def move(self, event: PointerEvent) -> None:
        """Move the image with the mouse."""
        if self._last is not None:
            dx, dy = event.device_x - self._last.device_x, event.device_y - self._last.device_y
            self._way += hypot(dx, dy)
            self._last = event
            self.host.pan(dx, dy)

    def release(self, event: PointerEvent) -> None:
        """Let go."""
        if self._last is not None and self._way < _CLICK:
            self.host.click_region(floor(event.x), floor(event.y))
        self._last = None

    def cancel(self) -> None:
        """Let go."""
        self._last = None
