"""One action in the list of keys: its name, its key to click on, and what is in the way of another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.dialogs.key_button import KeyButton
from scratchgui.ui.widgets.basics import icon_button, label
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from scratchgui.ui.actions import ActionSpec

_ICON: Final = 16


class ShortcutRow(QWidget):
    """Emits what the user wants; what becomes of it is shown by the page.

    Signals:
        recorded(str): The user pressed a key; empty takes the key away.
        replaced(str): The user wants that key though another action has it.
        reset(): The default is wanted back.
    """

    recorded = Signal(str)
    replaced = Signal(str)
    reset = Signal()

    def __init__(self, spec: ActionSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = spec.text.rstrip("…")
        self._wanted = ""
        self.words = ""
        self.key_button = KeyButton(self._name, self)
        self.reset_button = icon_button("undo", "Back to the default key", parent=self)
        self.replace_button = QPushButton("Use it here", self)
        self.problem = label("", "caption", parent=self)
        self._question = QWidget(self)
        self._build(spec.icon)
        self.key_button.recorded.connect(self.recorded)
        self.key_button.recording_changed.connect(self._question.hide)
        self.reset_button.clicked.connect(self.reset)
        self.replace_button.clicked.connect(lambda: self.replaced.emit(self._wanted))

    def _build(self, icon_name: str) -> None:
        icon = IconLabel(_ICON, self)
        icon.set_icon(icon_name, "muted")
        kept = self.reset_button.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(kept)
        line = QHBoxLayout()
        line.setContentsMargins(0, 3, 4, 3)
        line.setSpacing(tokens.GAP_S)
        line.addWidget(icon)
        line.addWidget(label(self._name, parent=self), 1)
        line.addWidget(self.reset_button)
        line.addWidget(self.key_button)
        question = QHBoxLayout(self._question)
        question.setContentsMargins(_ICON + tokens.GAP_S, 0, 4, tokens.GAP_XS)
        question.setSpacing(tokens.GAP_S)
        question.addWidget(self.problem, 1)
        question.addWidget(self.replace_button)
        self.problem.setProperty("verdict", "REVIEW")
        self.problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.replace_button.setProperty("role", "link")
        self.replace_button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self._question)

    def show_keys(self, texts: list[str], *, changed: bool) -> None:
        """Show the keys of now and forget what was asked."""
        self.key_button.set_keys(texts)
        self.reset_button.setVisible(changed)
        self._question.hide()
        self.words = " ".join((self._name, *texts)).casefold()

    def ask(self, problem: str, shortcut: str) -> None:
        """Say who has the key, and offer to take it over."""
        self._wanted = shortcut
        self.problem.setText(problem)
        self.replace_button.show()
        self._question.show()

    def refuse(self, problem: str) -> None:
        """Say why this key cannot be chosen."""
        self.problem.setText(problem)
        self.replace_button.hide()
        self._question.show()
