"""The settings: each change takes effect at once, so there is nothing to confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout

from scratchgui.ui import icons, tokens
from scratchgui.ui.dialogs.option_pages import GeneralPage, ModelPage
from scratchgui.ui.dialogs.shortcuts_page import ShortcutsPage
from scratchgui.ui.dialogs.variation_page import VariationPage
from scratchgui.ui.widgets.basics import label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from scratchgui.model.palette import ClassPalette
    from scratchgui.settings import Settings

_SIZE: Final = QSize(820, 560)
_SIDE: Final = 176
_PAGES: Final = (("General", "settings"), ("Model", "model"), ("Training images", "image"), ("Keys", "keyboard"))


class SettingsDialog(QDialog):
    """Not modal: what changes can be seen in the window beside it.

    Signals:
        changed(dict): Options the user changed, by their names in `scratchgui.settings.Settings`.
        classes_requested(): The classes of the project are to be edited.
    """

    changed = Signal(dict)
    classes_requested = Signal()

    def __init__(self, settings: Settings, classes: ClassPalette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.resize(_SIZE)
        self.setMinimumSize(640, 400)
        self.general = GeneralPage(self)
        self.model = ModelPage(self)
        self.variation = VariationPage(self)
        self.keys = ShortcutsPage(classes, self)
        self._all = (self.general, self.model, self.variation, self.keys)
        self.list = QListWidget(self)
        self._pages = QStackedWidget(self)
        self._head = label("", "title", parent=self)
        self._showing = False
        self._build()
        for page in self._all:
            page.changed.connect(self._tell)
        self.keys.classes_requested.connect(self.classes_requested)
        self.list.currentRowChanged.connect(self.show_page)
        self.list.setCurrentRow(0)
        self.show_settings(settings)

    def _build(self) -> None:
        for (name, icon), page in zip(_PAGES, self._all, strict=True):
            item = QListWidgetItem(icons.icon(icon, "muted"), name)
            item.setSizeHint(QSize(0, tokens.HIT_AREA))
            self.list.addItem(item)
            self._pages.addWidget(page)
        self.list.setIconSize(QSize(16, 16))
        self.list.setAccessibleName("Pages")
        side = QFrame(self)
        side.setProperty("role", "sidebar")
        side.setFixedWidth(_SIDE)
        inside = QVBoxLayout(side)
        inside.setContentsMargins(tokens.GAP_S, tokens.GAP_M, tokens.GAP_S + 1, tokens.GAP_M)
        inside.addWidget(self.list)
        body = QVBoxLayout()
        body.setContentsMargins(24, 20, 24, 20)
        body.setSpacing(tokens.GAP_M)
        body.addWidget(self._head)
        body.addWidget(self._pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addLayout(body, 1)

    def show_settings(self, settings: Settings) -> None:
        """Show what is set, without telling that it changed."""
        self._showing = True
        for page in self._all:
            page.show_settings(settings)
        self._showing = False

    def open_for(self, settings: Settings) -> None:
        """Show the dialog with what is set now."""
        self.show_settings(settings)
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_page(self, number: int) -> None:
        """Turn to a page: 0 General, 1 Model, 2 Training images, 3 Keys."""
        self.list.setCurrentRow(number)
        self._pages.setCurrentIndex(number)
        self._head.setText(_PAGES[number][0])

    def _tell(self, changes: dict[str, object]) -> None:
        if not self._showing:
            self.changed.emit(changes)
