"""The command palette: type a few letters, press Return."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.palette_delegate import ROW_HEIGHT, PaletteDelegate
from scratchgui.ui.palette_model import ENTRY_ROLE, Entry, PaletteModel, best, command_entries
from scratchgui.ui.widgets.basics import horizontal_line, label
from scratchgui.ui.widgets.icon_label import IconLabel
from scratchgui.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scratchgui.ui.actions import ActionSet

_WIDTH: Final = 600
_TOP: Final = 56
_MOST_ROWS: Final = 11
_MOST_IMAGES: Final = 6
_HEAD_HEIGHT: Final = 48
_MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class CommandPalette(Overlay):
    """Lists every command; finds images by name, too, where it was told how.

    Signals:
        image_chosen(rel): The user chose an image.
    """

    image_chosen = Signal(str)

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._find_images: Callable[[str, int], Sequence[str]] | None = None
        self._commands: list[Entry] = []
        self.field = QLineEdit(self.card)
        self.view = QListView(self.card)
        self.model = PaletteModel(self)
        self._none = label("No command and no image fits.", "muted", parent=self.card)
        self._build()
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.view.clicked.connect(self._run)

    def _build(self) -> None:
        self.field.setProperty("role", "bare")
        self.field.setPlaceholderText("Search commands and images")
        self.field.setAccessibleName("Search commands and images")
        self.view.setModel(self.model)
        self.view.setItemDelegate(PaletteDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.entered.connect(self._select)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setContentsMargins(tokens.GAP_L, 0, tokens.GAP_L, 0)
        head.setSpacing(tokens.GAP_M)
        icon = IconLabel(parent=self.card)
        icon.set_icon("search", "muted")
        head.addWidget(icon)
        head.addWidget(self.field, 1)
        self.field.setMinimumHeight(_HEAD_HEIGHT - 2)
        layout = QVBoxLayout(self.card)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(horizontal_line(self.card))
        layout.addWidget(self.view, 1)
        layout.addWidget(self._none, 1)
        self.view.setContentsMargins(0, 0, 0, 0)
        self.view.setViewportMargins(tokens.GAP_XS + 2, tokens.GAP_XS + 2, tokens.GAP_XS + 2, tokens.GAP_XS)

    def set_images_source(self, find: Callable[[str, int], Sequence[str]] | None) -> None:
        """Say how images are found: from typed letters and the most to return, to relative names."""
        self._find_images = find

    def open(self) -> None:
        """Show the palette with nothing typed."""
        self._commands = command_entries(self._actions)
        self.field.clear()
        self._search("")
        super().open()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def card_place(self, room: QRect) -> QRect:
        """Lie under the search field; as high as the lines need."""
        rows = min(max(self.model.rowCount(), 2), _MOST_ROWS)
        height = _HEAD_HEIGHT + 1 + rows * ROW_HEIGHT + 2 * tokens.GAP_S
        width = min(_WIDTH, room.width() - 2 * tokens.GAP_L)
        return QRect((room.width() - width) // 2, _TOP, width, min(height, room.height() - 2 * _TOP))

    def _search(self, text: str) -> None:
        entries = [*best(self._commands, text), *self._images(text)]
        self.model.set_entries(entries)
        self.view.setVisible(bool(entries))
        self._none.setVisible(not entries)
        self._step(0)
        if self.isVisible():
            self._cover()

    def _images(self, text: str) -> list[Entry]:
        if self._find_images is None or not text.strip():
            return []
        found = self._find_images(text.strip(), _MOST_IMAGES)
        return [Entry(rel, "Image", "image", partial(self.image_chosen.emit, rel)) for rel in found]

    def _select(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.view.setCurrentIndex(index)

    def _step(self, rows: int) -> None:
        """Go up or down among the lines that can be chosen; from the last to the first and back."""
        usable = [row for row in range(self.model.rowCount()) if self.model.index(row).flags()]
        if not usable:
            self.view.setCurrentIndex(QModelIndex())
            return
        now = self.view.currentIndex().row()
        at = usable.index(now) if now in usable else 0
        to = at + rows if abs(rows) > 1 else (at + rows) % len(usable)
        self.view.setCurrentIndex(self.model.index(usable[min(max(to, 0), len(usable) - 1)]))

    def _run(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is not None and entry.enabled:
            self.dismiss()
            entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use arrows and Return of the field for the list."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(cast("QKeyEvent", event).key())
            if key in _MOVES:
                self._step(_MOVES[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.view.currentIndex())
                return True
        return super().eventFilter(watched, event)
