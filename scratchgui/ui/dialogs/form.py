"""Rows of a settings page: what it is, what it does, and the control at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import horizontal_line, label

if TYPE_CHECKING:
    from collections.abc import Mapping


class Form(QWidget):
    """A column of rows with lines between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch()
        self._rows = 0

    def add_row(self, text: str, help_text: str, control: QWidget) -> None:
        """Add a row at the bottom; the help is a short sentence."""
        words = QVBoxLayout()
        words.setSpacing(2)
        name = label(text, parent=self)
        name.setBuddy(control)
        words.addWidget(name)
        words.addWidget(label(help_text, "caption", wrap=True, parent=self))
        control.setAccessibleDescription(help_text)
        if not control.accessibleName():
            control.setAccessibleName(text)
        row = QHBoxLayout()
        row.setContentsMargins(0, tokens.GAP_M, 0, tokens.GAP_M)
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        if self._rows:
            self._layout.insertWidget(self._layout.count() - 1, horizontal_line(self))
        self._layout.insertLayout(self._layout.count() - 1, row)
        self._rows += 1


def number_field(low: float, high: float, unit: str, parent: QWidget) -> QDoubleSpinBox:
    """Return a field for a number that tells when it is complete, not at every letter."""
    field = QDoubleSpinBox(parent)
    field.setRange(low, high)
    field.setDecimals(1)
    field.setSingleStep(0.5)
    field.setSuffix(f" {unit}")
    field.setKeyboardTracking(False)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setFixedWidth(88)
    return field


def choice_field(choices: Mapping[str, str] | Mapping[int, str], parent: QWidget) -> QComboBox:
    """Return a list to choose from, from value to text."""
    field = QComboBox(parent)
    for value, text in choices.items():
        field.addItem(text, value)
    field.setFixedWidth(200)
    return field


def show_choice(field: QComboBox, value: object, text: str) -> None:
    """Show a value; one that is not among the choices is added under a text."""
    if field.findData(value) < 0:
        field.addItem(text, value)
    field.setCurrentIndex(field.findData(value))
