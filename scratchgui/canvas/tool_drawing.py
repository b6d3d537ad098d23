"""What the tool in use draws over the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.input_router import InputRouter
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box


class ToolDrawing:
    """A `Decoration` that lets the tool in use paint."""

    def __init__(self, router: InputRouter) -> None:
        self._router = router

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint what the tool shows."""
        painter.save()
        self._router.tool.paint(painter, place, exposed, ratio)
        painter.restore()
