"""How a training ended: better, not better, or failed; with the way back and the details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.docks.score_text import change_sentence, headline
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from scratchgui.core.protocol import Finished

_LINE_HEIGHT: Final = 17
_LETTERS: Final = 36
_MOST_LINES: Final = 8


class TrainingResult(QFrame):
    """A card with a headline, the numbers behind it and what to do.

    Signals:
        go_back_requested(): The former model is to be used again.
        changes_requested(): What the new model marks otherwise is to be seen.
    """

    go_back_requested = Signal()
    changes_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._icon = IconLabel(tokens.ICON_SIZE, self)
        self._head = label("", "head", wrap=True, parent=self)
        self._text = label("", "muted", wrap=True, parent=self)
        self._details = QPlainTextEdit(self)
        self._details.setReadOnly(True)
        self.changes_button = _button(
            self, "See changes", "See both models' scores, and what the new one marks otherwise"
        )
        self.back_button = _button(self, "Go back", "Use the former model again")
        self.details_button = _button(self, "Details", "See what happened")
        self.close_button = _button(self, "Dismiss", "Put this message away")
        self._build()
        self._connect()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP_S)
        head.addWidget(self._icon)
        head.addWidget(self._head, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        for button in (self.changes_button, self.back_button, self.details_button):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, tokens.GAP_M, tokens.GAP_M, tokens.GAP_S)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(head)
        layout.addWidget(self._text)
        layout.addWidget(self._details)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.changes_button.clicked.connect(self.changes_requested)
        self.back_button.clicked.connect(self.go_back_requested)
        self.back_button.clicked.connect(self.hide)
        self.close_button.clicked.connect(self.hide)
        self.details_button.clicked.connect(lambda: self._details.setVisible(self._details.isHidden()))

    def show_result(self, result: Finished, kept: str = "") -> None:
        """Show a finished training; `kept` is the short name of the model in use before it."""
        change = change_sentence(result.old, result.new)
        text = f"{change} Now in use.".strip() if result.better else change
        self._show(headline(result, kept), text)
        self._icon.set_icon("success" if result.better else "info", "ok" if result.better else "muted")
        self.back_button.setVisible(result.better)
        self.changes_button.setVisible(bool(result.comparison))
        self._set_details("" if result.better else result.reason, "See why")

    def show_failed(self, message: str, details: str) -> None:
        """Show that there is no new model, and why."""
        self._show("The training did not finish.", message)
        self._icon.set_icon("error", "ng")
        self.back_button.hide()
        self.changes_button.hide()
        self._set_details(details, "Details")

    def _show(self, head: str, text: str) -> None:
        self._head.setText(head)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.show()

    def _set_details(self, details: str, word: str) -> None:
        lines = sum(1 + len(line) // _LETTERS for line in details.splitlines())
        self._details.setPlainText(details)
        self._details.setFixedHeight(min(lines, _MOST_LINES) * _LINE_HEIGHT + tokens.GAP_L)
        self._details.hide()
        self.details_button.setText(word)
        self.details_button.setVisible(bool(details))


def _button(parent: QWidget, text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text, parent)
    button.setProperty("role", "link")
    button.setToolTip(tooltip)
    return button
