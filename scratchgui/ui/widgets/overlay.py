"""A card that lies over the whole window, dims what is behind it, and goes with Esc or a click beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from scratchgui.ui import theme, tokens

_DIM: Final = 150


class Overlay(QWidget):
    """Covers its parent while it is open. Not modal: the window's keys still act.

    Signals:
        closed(): It was closed; the keyboard is back where it was.

    Attributes:
        card: What is shown; subclasses fill it.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = QFrame(self)
        self.card.setProperty("role", "popup")
        self._focus_before: QWidget | None = None
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show the card over the window."""
        if not self.isVisible():
            self._focus_before = QApplication.focusWidget()
        self._cover()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Close, and give the keyboard back."""
        self.hide()

    def card_place(self, room: QRect) -> QRect:
        """Return where the card lies in the window: in the middle, with air around it."""
        size = self.card.sizeHint().boundedTo(room.adjusted(0, 0, -2 * tokens.GAP_L, -2 * tokens.GAP_L).size())
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        return place

    def _cover(self) -> None:
        room = self.parentWidget().rect()
        self.setGeometry(room)
        self.card.setGeometry(self.card_place(room))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close with a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the keyboard back to who had it."""
        super().hideEvent(event)
        before, self._focus_before = self._focus_before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the window."""
        color = theme.current().color("window")
        color.setAlpha(_DIM)
        QPainter(self).fillRect(self.rect(), color)
