"""A calm sentence in the middle of an empty canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

if TYPE_CHECKING:
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

_WIDTH = 440


class Message:
    """Text shown while there is no image.

    Attributes:
        text: The sentence; empty for none.
        dark: Whether the surround is dark.
    """

    def __init__(self) -> None:
        self.text = ""
        self.dark = True

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the sentence in the middle of the view."""
        if not self.text:
            return
        font = QFont(painter.font())
        font.setPixelSize(round(15 * ratio))
        painter.setFont(font)
        painter.setPen(QColor(163, 163, 163) if self.dark else QColor(80, 80, 80))
        window = painter.viewport()
        width, height = round(window.width() * ratio), round(window.height() * ratio)
        column = min(width, round(_WIDTH * ratio))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRect((width - column) // 2, 0, column, height), flags, self.text)
