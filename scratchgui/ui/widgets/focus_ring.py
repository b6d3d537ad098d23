"""A ring of 2 px around the control that has the keyboard, when it got there by the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QScrollBar,
    QWidget,
)

from scratchgui.ui import theme, tokens

_RINGED = (QAbstractButton, QAbstractSlider, QComboBox)
_OUT = tokens.FOCUS_RING + 1


class FocusRing(QObject):
    """Shows the ring in all windows. Text fields and lists show by themselves that they have the keyboard."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ring: _Ring | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        self._remove()
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if by_mouse or not isinstance(now, _RINGED) or isinstance(now, QScrollBar) or now.isWindow():
            return
        self._ring = _Ring(now)
        self._ring.destroyed.connect(self._forget)

    def _remove(self) -> None:
        ring, self._ring = self._ring, None
        if ring is not None:
            ring.hide()
            ring.deleteLater()

    def _forget(self) -> None:
        self._ring = None


class _Ring(QWidget):
    """Lies over a control: in the window, or in the page that scrolls with it."""

    def __init__(self, target: QWidget) -> None:
        self._target = target
        self._host = _host(target)
        super().__init__(self._host)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in _between(target, self._host):
            widget.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the control."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._follow()
        elif event.type() in (QEvent.Type.Hide, QEvent.Type.MouseButtonPress):
            self.hide()
        return False

    def _follow(self) -> None:
        place = QRect(self._target.mapTo(self._host, QPoint(0, 0)), self._target.size())
        self.setGeometry(place.adjusted(-_OUT, -_OUT, _OUT, _OUT))
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().color("accent"), tokens.FOCUS_RING))
        inset = tokens.FOCUS_RING / 2
        radius = tokens.RADIUS + inset
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


def _between(target: QWidget, host: QWidget) -> list[QWidget]:
    """Return a control and all it lies in below a host: where one of them moves, the control does."""
    chain = [target]
    while (parent := chain[-1].parentWidget()) is not None and parent is not host:
        chain.append(parent)
    return chain


def _host(target: QWidget) -> QWidget:
    """Return the page that a control scrolls with, else its window."""
    host = target.parentWidget() or target
    while not host.isWindow():
        above = host.parentWidget()
        if above is None or isinstance(above.parentWidget(), QAbstractScrollArea):
            break
        host = above
    return host
