"""One notice as a card: what happened, where, what now."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from scratchgui.notifications import Level, Notice
from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import icon_button, label
from scratchgui.ui.widgets.icon_label import IconLabel

WIDTH: Final = 296
"""As wide as the inspector, so that no notice lies on a button of the canvas (px)."""
_LOOKS: Final = {
    Level.INFO: ("info", "accent"),
    Level.SUCCESS: ("success", "ok"),
    Level.WARNING: ("warning", "review"),
    Level.ERROR: ("error", "ng"),
}
_SHOWN_MS: Final = {Level.INFO: 5000, Level.SUCCESS: 5000, Level.WARNING: 9000}
_SHOWN_WITH_ACTION_MS: Final = 9000
_DETAILS_HEIGHT: Final = 140


class ToastCard(QFrame):
    """Goes by itself after some seconds, but not while the mouse is on it; an error stays.

    Signals:
        closed(): The user closed it, used its action, or its time is over.
    """

    closed = Signal()

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setFixedWidth(WIDTH)
        self.notice = notice
        self.details = QPlainTextEdit(notice.details, self)
        self.details_button = _link("Details", self)
        self.copy_button = _link("Copy", self)
        self.action_button = _link(notice.action_text, self)
        self.close_button = icon_button("close", "Close", size=24, parent=self)
        self._timer = QTimer(self, singleShot=True)
        self._build()
        self._connect()
        self._start()

    def _build(self) -> None:
        icon = IconLabel(parent=self)
        icon.set_icon(*_LOOKS[self.notice.level])
        text = label(self.notice.text, wrap=True, parent=self)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setReadOnly(True)
        self.details.setFixedHeight(_DETAILS_HEIGHT)
        self.details.hide()
        self.copy_button.hide()
        self.details_button.setVisible(bool(self.notice.details))
        self.action_button.setVisible(bool(self.notice.action_text))
        words = QVBoxLayout()
        words.setSpacing(tokens.GAP_XS)
        words.setContentsMargins(0, 1, 0, 0)
        words.addWidget(text)
        words.addLayout(self._buttons())
        words.addWidget(self.details)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, tokens.GAP_M - 2, tokens.GAP_S, tokens.GAP_M - 2)
        layout.setSpacing(10)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP_M)
        for button in (self.action_button, self.details_button, self.copy_button):
            line.addWidget(button)
        line.addStretch()
        return line

    def _connect(self) -> None:
        self._timer.timeout.connect(self.closed)
        self.close_button.clicked.connect(self.closed)
        self.details_button.clicked.connect(self._toggle_details)
        self.copy_button.clicked.connect(self._copy)
        self.action_button.clicked.connect(self._act)

    def _start(self) -> None:
        time = _SHOWN_MS.get(self.notice.level, 0)
        if time and self.details.isHidden():
            self._timer.start(max(time, _SHOWN_WITH_ACTION_MS) if self.notice.action_text else time)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay as long as the mouse is here."""
        self._timer.stop()

    def leaveEvent(self, event: object) -> None:
        """Begin to count again."""
        self._start()

    def _toggle_details(self) -> None:
        opening = self.details.isHidden()
        self.details.setVisible(opening)
        self.copy_button.setVisible(opening)
        self.details_button.setText("Hide details" if opening else "Details")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.notice.text}\n{self.notice.details}")
        self.copy_button.setText("Copied")

    def _act(self) -> None:
        if self.notice.action is not None:
            self.notice.action()
        self.closed.emit()


def _link(text: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setProperty("role", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
