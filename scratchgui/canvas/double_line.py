"""Lines that show on any surface: light within dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QPainterPath

_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor(255, 255, 255)
_DASH = [4.0, 4.0]


def draw_double(painter: QPainter, path: QPainterPath, ratio: float, *, dashed: bool = False) -> None:
    """Draw a path of device pixels; `ratio` is device pixels per logical pixel."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((_DARK, 3.0), (_LIGHT, 1.0)):
        pen = QPen(color, width * ratio)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed and color is _LIGHT:
            pen.setDashPattern(_DASH)
        painter.setPen(pen)
        painter.drawPath(path)
