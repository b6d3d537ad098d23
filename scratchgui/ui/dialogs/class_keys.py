"""The digit keys of the classes in the list of keys: they belong to the project and are set with its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.icon_label import IconLabel
from scratchgui.ui.widgets.key_caps import KeyCaps

if TYPE_CHECKING:
    from scratchgui.model.palette import ClassPalette

_ICON: Final = 16
_LINE: Final = 34


class ClassKeys(QWidget):
    """One line a class that has a digit, and the way to where the digits are set; empty where there is one class.

    Signals:
        edit_requested(): The list of classes is to be edited.

    Attributes:
        words: What the lines say, in small letters, to be searched; empty without lines.
    """

    edit_requested = Signal()

    def __init__(self, classes: ClassPalette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes = classes
        self.words = ""
        self.edit_button = QPushButton("Classes…", self)
        self.edit_button.setProperty("role", "link")
        self.edit_button.setAutoDefault(False)
        self.edit_button.clicked.connect(self.edit_requested)
        self._lines = QWidget(self)
        about = QHBoxLayout()
        about.setContentsMargins(_ICON + tokens.GAP_S, 0, 4, tokens.GAP_XS)
        about.addWidget(label("A project sets these keys together with its classes.", "caption", parent=self), 1)
        about.addWidget(self.edit_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._lines)
        self._layout.addLayout(about)
        self.refresh()

    def refresh(self) -> None:
        """Show the classes of now."""
        classes = self._classes
        digits = sorted(classes.digits.items()) if classes.several else []
        self._layout.removeWidget(self._lines)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = QWidget(self)
        self._layout.insertWidget(0, self._lines)
        lines = QVBoxLayout(self._lines)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        names = {digit: f"Class {classes.name(owner)}" for digit, owner in digits}
        for digit, name in names.items():
            lines.addWidget(_line(name, str(digit), self._lines))
        self.words = " ".join(f"{name} {digit}" for digit, name in names.items()).casefold()


def _line(name: str, key: str, parent: QWidget) -> QWidget:
    made = QWidget(parent)
    made.setFixedHeight(_LINE)
    icon = IconLabel(_ICON, made)
    icon.set_icon("classes", "muted")
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, tokens.GAP_M, 0)
    layout.setSpacing(tokens.GAP_S)
    layout.addWidget(icon)
    layout.addWidget(label(name, parent=made), 1)
    layout.addWidget(KeyCaps(key, parent=made))
    return made
