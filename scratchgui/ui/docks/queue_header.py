"""Search, filter chips and sorting above the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scratchgui.model.image_list_model import FilterKey, ImageListModel, SortKey
from scratchgui.ui import icons, tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_FILTERS: Final = {
    FilterKey.ALL: ("All", "Every image"),
    FilterKey.TO_REVIEW: ("To review", "Images that are not approved"),
    FilterKey.NG: ("NG", "Images judged NG"),
    FilterKey.OK: ("OK", "Images judged OK"),
    FilterKey.FAILED: ("Failed", "Images that cannot be read"),
}
_FIRST_LINE: Final = (FilterKey.ALL, FilterKey.TO_REVIEW)
_SORTS: Final = {
    SortKey.NEEDS_A_LOOK: "Needs a look",
    SortKey.NAME: "Name",
    SortKey.SCORE: "Score",
    SortKey.DATE: "Date",
    SortKey.VERDICT: "Verdict",
}
# Predictions come many a second; the numbers on the chips need not.
_COUNT_DELAY_MS: Final = 100
_SEARCH_DELAY_MS: Final = 60


class QueueHeader(QWidget):
    """The controls of the queue, bound to its model."""

    def __init__(self, model: ImageListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = SearchField("Search images", self)
        self.sort_button = QToolButton(self)
        self.chips: dict[FilterKey, QPushButton] = {}
        self._count_timer = _timer(self, _COUNT_DELAY_MS)
        self._search_timer = _timer(self, _SEARCH_DELAY_MS)
        self._build_chips()
        self._build_sort()
        self._build()
        self._count_timer.timeout.connect(self.show_counts)
        self._search_timer.timeout.connect(lambda: model.set_search(self.search.text()))
        self.search.textChanged.connect(lambda: self._search_timer.start())
        model.counts_changed.connect(self._counts_changed)
        model.order_changed.connect(self._order_changed)
        self.show_counts()
        self._order_changed(False)

    def _build_chips(self) -> None:
        group = QButtonGroup(self)
        for key, (word, tooltip) in _FILTERS.items():
            chip = QPushButton(word, self)
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setToolTip(tooltip)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(lambda _=False, key=key: self._model.set_filter(key))
            group.addButton(chip)
            self.chips[key] = chip
        self.chips[FilterKey.ALL].setChecked(True)

    def _build_sort(self) -> None:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for key, text in _SORTS.items():
            action = QAction(text, menu, checkable=True)
            action.setChecked(key is self._model.order.sort)
            action.triggered.connect(lambda _=False, key=key: self._sort_by(key))
            group.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        self.resort_action = menu.addAction("Sort again")
        self.resort_action.triggered.connect(self._model.resort)
        self.sort_button.setMenu(menu)
        self.sort_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.sort_button.setIcon(icons.icon("sort"))
        self.sort_button.setIconSize(QSize(tokens.ICON_SIZE, tokens.ICON_SIZE))
        self.sort_button.setFixedSize(tokens.CONTROL_HEIGHT, tokens.CONTROL_HEIGHT)
        self._show_sort(self._model.order.sort)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(tokens.GAP_XS)
        top.addWidget(self.search, 1)
        top.addWidget(self.sort_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_S, tokens.GAP_S, tokens.GAP_S, tokens.GAP_S)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(top)
        for first in (True, False):
            line = QHBoxLayout()
            line.setSpacing(tokens.GAP_XS)
            for key, chip in self.chips.items():
                if (key in _FIRST_LINE) is first:
                    line.addWidget(chip)
            line.addStretch()
            layout.addLayout(line)

    def show_counts(self) -> None:
        """Write how many images each chip shows."""
        counts = self._model.counts()
        for key, chip in self.chips.items():
            chip.setText(f"{_FILTERS[key][0]}  {counts[key]:,}" if counts[FilterKey.ALL] else _FILTERS[key][0])
        self.chips[FilterKey.FAILED].setVisible(counts[FilterKey.FAILED] > 0)

    def clear(self) -> None:
        """Show all images again."""
        self.search.clear()
        self.chips[FilterKey.ALL].click()

    def _counts_changed(self) -> None:
        if not self._count_timer.isActive():
            self._count_timer.start()

    def _order_changed(self, stale: bool) -> None:
        self.resort_action.setEnabled(stale)

    def _sort_by(self, key: SortKey) -> None:
        self._model.set_sort(key)
        self._show_sort(key)

    def _show_sort(self, key: SortKey) -> None:
        self.sort_button.setToolTip(f"Sorted by {_SORTS[key][0].lower()}{_SORTS[key][1:]}")


class SearchField(QLineEdit):
    """A field with a magnifier; Escape empties it.

    Signals:
        left(): Escape, Return or Down: the keyboard goes on to the list.
    """

    left = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape clear, Return and Down go on to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
            return
        super().keyPressEvent(event)


def _timer(parent: QWidget, milliseconds: int) -> QTimer:
    timer = QTimer(parent, singleShot=True)
    timer.setInterval(milliseconds)
    return timer
