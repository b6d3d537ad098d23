"""The command palette: everything the program can do, found by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from scratchgui.ui import theme, tokens
from scratchgui.ui.palette_entries import PaletteEntries
from scratchgui.ui.palette_list import HEAD_HEIGHT, ROW_HEIGHT, PaletteDelegate, PaletteModel
from scratchgui.ui.palette_search import Entry
from scratchgui.ui.widgets.basics import horizontal_line, label
from scratchgui.ui.widgets.icon_label import IconLabel
from scratchgui.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.ui.actions import ActionSet

__all__ = ["CommandPalette", "Entry"]

_WIDTH: Final = 600
_TOP: Final = 48
_EDGES: Final = 5  # the line below the field, and the border and margin above and below
_FIELD_HEIGHT: Final = 48  # as the style sheet has it
_MARGIN: Final = 6
_NOTHING_HEIGHT: Final = 3 * ROW_HEIGHT
_LIST_HEIGHT: Final = 11 * ROW_HEIGHT + HEAD_HEIGHT
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class CommandPalette(Overlay):
    """A field and a list below the top edge of the window.

    Attributes:
        field: Where the user types.
        view: What was found.
        model: Its rows.
    """

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries = PaletteEntries(actions)
        self.field = QLineEdit(self.panel)
        self.view = QListView(self.panel)
        self.model = PaletteModel(self)
        self._nothing = label("", "muted", parent=self.panel)
        self._prepare()
        self._build()
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.view.clicked.connect(lambda index: self._run(index.row()))
        self.view.entered.connect(self._point_at)
        theme.state.changed.connect(self.view.viewport().update)

    def _prepare(self) -> None:
        self.field.setProperty("role", "bare")
        self.field.setPlaceholderText("Search commands, images and projects")
        self.field.setAccessibleName("Search commands, images and projects")
        self.view.setModel(self.model)
        self.view.setItemDelegate(PaletteDelegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(_NOTHING_HEIGHT)

    def _build(self) -> None:
        icon = IconLabel(parent=self.panel)
        icon.set_icon("search", "muted")
        top = QHBoxLayout()
        top.setContentsMargins(tokens.GAP_L, 0, tokens.GAP_L, 0)
        top.setSpacing(10)
        top.addWidget(icon)
        top.addWidget(self.field, 1)
        found = QVBoxLayout()
        found.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        found.addWidget(self.view)
        found.addWidget(self._nothing)
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(horizontal_line(self.panel))
        layout.addLayout(found)

    def set_sources(self, source: Callable[[str], list[Entry]]) -> None:
        """Say what can be found besides the actions: a function from what was typed to entries."""
        self._entries.source = source

    def open(self) -> None:
        """Show it with nothing typed; open, it closes."""
        if self.isVisible():
            self.dismiss()
            return
        self.field.clear()
        self._search("")
        super().open()

    def take_focus(self) -> None:
        """Let the user type at once."""
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def place_panel(self) -> None:
        """Keep to the middle, below the top bar."""
        width = min(_WIDTH, self.width() - 2 * tokens.GAP_L)
        rows = sum(HEAD_HEIGHT if isinstance(row, str) else ROW_HEIGHT for row in self.model.rows)
        around = _FIELD_HEIGHT + 2 * _MARGIN + _EDGES
        most = min(_LIST_HEIGHT, max(ROW_HEIGHT, self.height() - 2 * _TOP - around))
        height = min(rows, most) if rows else _NOTHING_HEIGHT
        self.panel.setGeometry((self.width() - width) // 2, _TOP, width, height + around)
        self.update()

    def _search(self, query: str) -> None:
        words = query.strip()
        matches = self._entries.find(words)
        self.model.set_matches(matches, grouped=not words)
        self._nothing.setText(f"Nothing is called “{words}”.")
        self._nothing.setVisible(not matches)
        self.view.setVisible(bool(matches))
        self._choose(next((row for row in range(2) if self.model.match_at(row)), -1))
        self.view.scrollToTop()
        self.place_panel()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that move in the list away from the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.view.currentIndex().row())
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        return True

    def _step(self, step: int) -> None:
        """Go up or down over the headings; a single step goes round at the ends."""
        rows = [row for row in range(self.model.rowCount()) if self.model.match_at(row)]
        if not rows:
            return
        now = self.view.currentIndex().row()
        at = rows.index(now) + step if now in rows else 0
        self._choose(rows[at % len(rows) if abs(step) == 1 else min(max(at, 0), len(rows) - 1)])

    def _choose(self, row: int) -> None:
        self.view.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())

    def _point_at(self, index: QModelIndex) -> None:
        if self.model.match_at(index.row()):
            self.view.setCurrentIndex(index)

    def _run(self, row: int) -> None:
        match = self.model.match_at(row)
        if match is None:
            return
        self._entries.remember(match.entry)
        self.dismiss()
        match.entry.run()
