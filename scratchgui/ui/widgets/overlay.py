"""A panel over the window: nothing else is in the way, a click beside it or Esc closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from scratchgui.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

_SHADOW_STEPS: Final = 14
_SHADOW_DROP: Final = 6
_SHADOW_ALPHA: Final = 5


class Overlay(QWidget):
    """Covers a window and holds one panel, which the subclass fills and places.

    The keyboard goes back to where it was when the overlay closes.

    Signals:
        closed(): It is no longer shown.

    Attributes:
        panel: The frame in the middle.
    """

    closed = Signal()

    def __init__(self, window: QWidget, *, dim: int = 0) -> None:
        """Lie over a window; ``dim`` (0 … 255) darkens it."""
        super().__init__(window)
        self._window = window
        self._dim = dim
        self._focus_before: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setProperty("role", "popup")
        self.hide()
        window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def open(self) -> None:
        """Show it over the whole window and take the keyboard."""
        if self.isHidden():
            self._focus_before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.place_panel()  # after showing: only then are fonts and margins those of the style sheet
        self.take_focus()

    def dismiss(self) -> None:
        """Close it and give the keyboard back."""
        before, self._focus_before = self._focus_before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def place_panel(self) -> None:
        """Give the panel its place; subclasses say where."""
        self.panel.adjustSize()
        self.panel.move(self.rect().center() - self.panel.rect().center())

    def take_focus(self) -> None:
        """Give the keyboard to the part that needs it."""
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        inside = now is None or now is self or self.isAncestorOf(now)
        if self.isVisible() and not inside:
            self._focus_before = None
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self.place_panel()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click beside the panel."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; no key goes on to what lies below."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is closed."""
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Darken the window and lay a soft shadow under the panel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = QColor(theme.current().shadow)
        shade.setAlpha(self._dim)
        painter.fillRect(self.rect(), shade)
        shade.setAlpha(_SHADOW_ALPHA)
        painter.setBrush(shade)
        body = QRectF(self.panel.geometry()).translated(0, _SHADOW_DROP)
        for step in range(_SHADOW_STEPS):
            painter.drawRoundedRect(body.adjusted(-step, -step, step, step), 8 + step, 8 + step)
