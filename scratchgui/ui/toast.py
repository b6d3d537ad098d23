"""Where notices appear: at the bottom right of the window, three at most."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect
from PySide6.QtWidgets import QVBoxLayout, QWidget

from scratchgui.notifications import Level
from scratchgui.ui import motion, tokens
from scratchgui.ui.toast_card import WIDTH, ToastCard

if TYPE_CHECKING:
    from scratchgui.notifications import Notice

MOST: Final = 3
_RISE: Final = 12


class ToastArea(QWidget):
    """Keeps to the bottom right corner of its parent.

    An error stays until it is closed. When there is no room, the oldest notice that is not an error goes; where all
    are errors, the new one waits.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[ToastCard] = []
        self._waiting: deque[Notice] = deque()
        self._bottom_margin = tokens.GAP_M
        self._obstacle = QRect()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(tokens.GAP_S)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        parent.installEventFilter(self)
        self.hide()

    def set_bottom_margin(self, pixels: int) -> None:
        """Keep clear of what lies along the parent's bottom edge."""
        self._bottom_margin = pixels
        self._place()

    def keep_clear_of(self, obstacle: QRect) -> None:
        """Lie above a part of the parent (px) that would be covered otherwise; empty for none."""
        if obstacle != self._obstacle:
            self._obstacle = obstacle
            self._place()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice."""
        if len(self.cards) >= MOST and not self._make_room():
            self._waiting.append(notice)
            return
        card = ToastCard(notice, self)
        card.closed.connect(lambda: self._close(card))
        self.cards.append(card)
        self._layout.addWidget(card)
        card.show()
        self.show()
        self.raise_()
        self._place(rising=True)

    def _make_room(self) -> bool:
        passing = next((card for card in self.cards if card.notice.level is not Level.ERROR), None)
        if passing is not None:
            self._remove(passing)
        return passing is not None

    def _close(self, card: ToastCard) -> None:
        self._remove(card)
        self.setVisible(bool(self.cards))
        self._place()
        if self._waiting and len(self.cards) < MOST:
            self.show_notice(self._waiting.popleft())

    def _remove(self, card: ToastCard) -> None:
        if card in self.cards:
            self.cards.remove(card)
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        """Take another height when a card opens its details."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self, *, rising: bool = False) -> None:
        parent = self.parentWidget()
        if parent is None or not self.cards:
            return
        self._layout.activate()
        left, bottom = parent.width() - WIDTH - tokens.GAP_M, parent.height() - self._bottom_margin
        if not self._obstacle.isEmpty() and left <= self._obstacle.right() + tokens.GAP_M:
            bottom = min(bottom, self._obstacle.top() - tokens.GAP_S)
        height = min(self._layout.totalHeightForWidth(WIDTH), bottom)
        self.resize(WIDTH, height)
        place = QPoint(left, bottom - height)
        time = motion.duration()
        self._slide.stop()
        if rising and time:
            self._slide.setDuration(time)
            self._slide.setStartValue(place + QPoint(0, _RISE))
            self._slide.setEndValue(place)
            self._slide.start()
        else:
            self.move(place)
