"""The application's icon as a widget."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from scratchgui.ui.svg import icon_path


class Logo(QWidget):
    """Draws the icon in its own colors, sharp at any pixel density."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QSvgRenderer(str(icon_path("app")), self)
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        self._picture.render(painter, QRectF(self.rect()))
