"""The class that tools paint with, one color button each; nothing at all where a project has one class."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QMenu, QVBoxLayout, QWidget

from scratchgui.ui import icons, tokens
from scratchgui.ui.class_chip import ClassChip
from scratchgui.ui.widgets.basics import icon_button

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from scratchgui.model.editor_state import EditorState

_NO_DIGIT: Final = 10


class ClassChooser(QWidget):
    """Color buttons under each other, exclusive; those without a digit key are in a menu below, but for the active one.

    Signals:
        chosen(label): The user chose a class.
        changed(label, changes): Fields of a class are to be set, a dict.
        edit_requested(): The list of classes is to be edited.
    """

    chosen = Signal(int)
    changed = Signal(int, dict)
    edit_requested = Signal()

    def __init__(self, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self._more = icon_button("more", "More classes", size=tokens.HIT_AREA, parent=self)
        self._more.clicked.connect(self._offer_all)
        editor.active_class_changed.connect(self._show_active)
        editor.classes.changed.connect(self._renew)
        self._renew()

    def chip(self, label: int) -> ClassChip | None:
        """Return the button of a class, if it has one now."""
        found = self._group.button(label)
        return found if isinstance(found, ClassChip) else None

    def _renew(self) -> None:
        """Make the buttons anew."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        classes = self._editor.classes
        shown = sorted(self._labels_shown(), key=lambda label: (classes.digit(label) or _NO_DIGIT, label))
        for label in shown if classes.several else ():
            chip = ClassChip(classes.present[label], classes.digit(label), self)
            chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            chip.customContextMenuRequested.connect(partial(self._offer_changes, label))
            self._group.addButton(chip, label)
            self._layout.addWidget(chip)
        self._layout.removeWidget(self._more)
        self._layout.addWidget(self._more)
        self._more.setVisible(len(shown) < len(classes.present))
        self.setVisible(classes.several)
        self._check()

    def _labels_shown(self) -> set[int]:
        active = {self._editor.active_class} & self._editor.classes.present.keys()
        return {*self._editor.classes.digits.values(), *active}

    def _show_active(self, label: int) -> None:
        if {self._group.id(button) for button in self._group.buttons()} == self._labels_shown():
            self._check()
        else:
            self._renew()

    def _check(self) -> None:
        chip = self.chip(self._editor.active_class)
        if chip is not None:
            chip.setChecked(True)

    def changes_menu(self, label: int) -> QMenu:
        """Return the menu of one class."""
        item, menu = self._editor.classes.present[label], QMenu(self)
        hide = "Show" if item.hidden else "Hide"
        lock = "Unlock" if item.locked else "Lock"
        menu.addAction(icons.icon("eye" if item.hidden else "eye-off"), f"{hide} {item.name}").triggered.connect(
            lambda: self.changed.emit(label, {"hidden": not item.hidden})
        )
        menu.addAction(icons.icon("unlock" if item.locked else "lock"), f"{lock} {item.name}").triggered.connect(
            lambda: self.changed.emit(label, {"locked": not item.locked})
        )
        menu.addSeparator()
        menu.addAction(icons.icon("classes"), "Classes…").triggered.connect(self.edit_requested)
        return menu

    def _offer_changes(self, label: int, at: QPoint) -> None:
        chip, menu = self.chip(label), self.changes_menu(label)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup((chip or self).mapToGlobal(at))

    def all_menu(self) -> QMenu:
        """Return the menu of all classes."""
        menu = QMenu(self)
        for label, item in self._editor.classes.present.items():
            action: QAction = menu.addAction(item.name)
            action.setCheckable(True)
            action.setChecked(label == self._editor.active_class)
            action.triggered.connect(partial(self._choose, label))
        return menu

    def _choose(self, label: int, _: bool = False) -> None:
        self.chosen.emit(label)

    def _offer_all(self) -> None:
        menu = self.all_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(QPoint(self._more.width(), 0)))
