"""The page of the settings that changes keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.actions import ACTIONS, MENUS
from scratchgui.ui.dialogs.class_keys import ClassKeys
from scratchgui.ui.dialogs.shortcut_row import ShortcutRow
from scratchgui.ui.key_choices import FIXED, KeyChoices, native_texts
from scratchgui.ui.widgets.basics import label

if TYPE_CHECKING:
    from scratchgui.model.palette import ClassPalette
    from scratchgui.settings import Settings
    from scratchgui.ui.action_keys import ActionKey

_HEAD_MARGIN: Final = 14
_CLASSES_IN: Final = "Edit"


class ShortcutsPage(QWidget):
    """Every action with its keys, by menu.

    Signals:
        changed(dict): The option "shortcuts" as it is now.
        classes_requested(): The classes, and with them their digit keys, are to be edited.
    """

    changed = Signal(dict)
    classes_requested = Signal()

    def __init__(self, classes: ClassPalette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.class_keys = ClassKeys(classes, self)
        self.choices = KeyChoices({})
        self.search = QLineEdit(self)
        self.reset_all_button = QPushButton("Reset all", self)
        self.rows: dict[ActionKey, ShortcutRow] = {}
        self._heads: dict[str, QLabel] = {}
        self._nothing = label("No command has this name or key.", "muted", parent=self)
        self._build()
        self.search.textChanged.connect(self._filter)
        self.reset_all_button.clicked.connect(self._reset_all)
        self.class_keys.edit_requested.connect(self.classes_requested)
        classes.changed.connect(self._refresh)
        self._refresh()

    def _build(self) -> None:
        self.search.setPlaceholderText("Search commands or keys")
        self.search.setClearButtonEnabled(True)
        self.reset_all_button.setAutoDefault(False)
        top = QHBoxLayout()
        top.setSpacing(tokens.GAP_S)
        top.addWidget(self.search, 1)
        top.addWidget(self.reset_all_button)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._list())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(top)
        layout.addWidget(area, 1)

    def _list(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, tokens.GAP_M, 0)
        layout.setSpacing(0)
        for menu, keys in MENUS.items():
            head = self._heads[menu] = label(menu, "head", parent=page)
            head.setContentsMargins(0, _HEAD_MARGIN, 0, tokens.GAP_XS)
            layout.addWidget(head)
            for key in keys:
                if key is not None and not ACTIONS[key].named_later:
                    layout.addWidget(self._row(key, page))
            if menu == _CLASSES_IN:
                layout.addWidget(self.class_keys)
        layout.addWidget(self._nothing)
        layout.addStretch()
        return page

    def _row(self, key: ActionKey, parent: QWidget) -> ShortcutRow:
        row = self.rows[key] = ShortcutRow(ACTIONS[key], parent)
        row.recorded.connect(lambda shortcut: self._record(key, shortcut))
        row.replaced.connect(lambda shortcut: self._assign(key, shortcut))
        row.reset.connect(lambda: self._reset(key))
        return row

    def show_settings(self, settings: Settings) -> None:
        """Show what is set."""
        self.choices = KeyChoices(settings.shortcuts)
        self._refresh()

    def _record(self, key: ActionKey, shortcut: str) -> None:
        """Take a new key over, unless it has one meaning everywhere or belongs to another action."""
        other = self.choices.taken_by(shortcut, key) if shortcut else None
        name = "".join(native_texts(shortcut))
        self._refresh()
        if shortcut in FIXED:
            self.rows[key].refuse(f"{name} always stands for {FIXED[shortcut]}.")
        elif other is not None:
            self.rows[key].ask(f"{name} is the key of “{ACTIONS[other].text.rstrip('…')}”.", shortcut)
        else:
            self._assign(key, shortcut)

    def _assign(self, key: ActionKey, shortcut: str) -> None:
        self.choices.assign(key, shortcut)
        self._tell()

    def _reset(self, key: ActionKey) -> None:
        self.choices.reset(key)
        self._tell()

    def _reset_all(self) -> None:
        self.choices.reset_all()
        self._tell()

    def _tell(self) -> None:
        self._refresh()
        self.changed.emit({"shortcuts": self.choices.changes})

    def _refresh(self) -> None:
        for key, row in self.rows.items():
            row.show_keys(native_texts(self.choices.text(key)), changed=self.choices.is_changed(key))
        self.reset_all_button.setEnabled(bool(self.choices.changes))
        self.class_keys.refresh()
        self._filter()

    def _filter(self) -> None:
        wanted = self.search.text().strip().casefold()
        found = {key for key, row in self.rows.items() if wanted in row.words}
        for key, row in self.rows.items():
            row.setVisible(key in found)
        classes = bool(self.class_keys.words) and wanted in self.class_keys.words
        self.class_keys.setVisible(classes)
        for menu, head in self._heads.items():
            head.setVisible(any(key in found for key in MENUS[menu]) or (classes and menu == _CLASSES_IN))
        self._nothing.setVisible(not found and not classes)
