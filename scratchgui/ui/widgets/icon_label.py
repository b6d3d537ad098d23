"""One icon of the family as a widget, in the theme's color at any pixel density."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from scratchgui.ui import icons, tokens


class IconLabel(QWidget):
    """Shows an icon; without one it takes no room."""

    def __init__(self, size: int = tokens.ICON_SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._token = "text"
        self.setFixedSize(size, size)
        self.hide()

    def set_icon(self, name: str, token: str = "text") -> None:
        """Show an icon of `resources/icons` in a token's color; an empty name hides it."""
        self._name, self._token = name, token
        self.setVisible(bool(name))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        if self._name:
            picture = icons.pixmap(self._name, self.width(), self._token, ratio=self.devicePixelRatioF())
            QPainter(self).drawPixmap(0, 0, picture)
