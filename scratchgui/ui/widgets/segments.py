"""A few choices side by side, one of them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping


class Segments(QFrame):
    """Exclusive buttons in one frame.

    Signals:
        chosen(str): The user chose the value of a button.
    """

    chosen = Signal(str)

    def __init__(self, choices: Mapping[str, str], name: str, parent: QWidget | None = None) -> None:
        """Offer choices, from value to text; the name is for screen readers."""
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for value, text in choices.items():
            button = QPushButton(text, self)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            group.addButton(button)
            layout.addWidget(button)
            self.buttons[value] = button

    @property
    def value(self) -> str:
        """The value of the button that is on; empty for none."""
        return next((value for value, button in self.buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Turn a button on without telling that the user did."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)
