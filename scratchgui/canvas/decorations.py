"""What is painted over the picture at each repaint: the parts and what they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box


class Decoration(Protocol):
    """Something painted over image and layers, in device pixels."""

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint what lies in the exposed box of device pixels; `ratio` is device pixels per logical pixel."""
