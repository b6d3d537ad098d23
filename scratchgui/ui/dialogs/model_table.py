"""The list of models: names that can be changed, dates, scores, what they learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from scratchgui.ui import icons, theme

if TYPE_CHECKING:
    from scratchgui.core.model_shelf import ShelvedModel

_COLUMNS: Final = ("Name", "Trained", "Dice", "False alarms", "Corrections", "")
_NUMBERS: Final = (2, 3, 4)
_SCORES: Final = (2, 3)
_UNDEFINED: Final = "–"
_ROW: Final = 32
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ModelTable(QTableWidget):
    """One row a model, the newest first.

    Signals:
        renamed(str, str): The user gave the model of an id another name.
        selected(): Another row is chosen.
    """

    renamed = Signal(str, str)
    selected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self._models: list[ShelvedModel] = []
        self.setAccessibleName("Models")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(len(_COLUMNS)):
            head = QTableWidgetItem(_COLUMNS[column])
            head.setTextAlignment(_RIGHT if column in _NUMBERS else _LEFT)
            self.setHorizontalHeaderItem(column, head)
        self.itemChanged.connect(self._on_changed)
        self.itemSelectionChanged.connect(self.selected)

    @property
    def chosen(self) -> ShelvedModel | None:
        """The model of the chosen row."""
        row = self.currentRow()
        return self._models[row] if 0 <= row < len(self._models) else None

    def show_models(self, models: list[ShelvedModel], active: str) -> None:
        """Show models, the oldest first in the list; the chosen one stays chosen."""
        before = self.chosen.card.id if self.chosen else active
        blocker = QSignalBlocker(self)
        self._models = list(reversed(models))
        self.setRowCount(len(models))
        for row, model in enumerate(self._models):
            self._fill(row, model, in_use=model.card.id == active)
        ids = [model.card.id for model in self._models]
        self.setCurrentCell(ids.index(before) if before in ids else 0, 0)
        blocker.unblock()
        self.selected.emit()

    def _fill(self, row: int, model: ShelvedModel, *, in_use: bool) -> None:
        card = model.card
        dice, alarms = card.scores.get("dice"), card.scores.get("false_alarm_rate")
        texts = (
            card.name,
            "with the program" if model.is_starter else f"{card.created.astimezone():%b %d, %Y  %H:%M}",
            _UNDEFINED if dice is None else f"{dice:.2f}",
            _UNDEFINED if alarms is None else f"{alarms:.0%}",
            _UNDEFINED if model.is_starter else f"{model.corrections:,}",
            "In use" if in_use else "",
        )
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            can_edit = column == 0 and not model.is_starter
            item.setFlags(item.flags() if can_edit else item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if column in _NUMBERS:
                item.setTextAlignment(_RIGHT)
            item.setToolTip(_tip(model, column, text))
            if in_use and column == len(_COLUMNS) - 1:
                item.setIcon(icons.icon("check", "ok"))
                item.setForeground(theme.current().color("ok"))
            self.setItem(row, column, item)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        model = self._models[item.row()]
        name = item.text().strip()
        if item.column() != 0 or name == model.card.name:
            return
        if name:
            self.renamed.emit(model.card.id, name)
        else:
            item.setText(model.card.name)


def _tip(model: ShelvedModel, column: int, text: str) -> str:
    """Return what is to be known about one cell."""
    if column == 0:
        return "" if model.is_starter else "F2 or a double click changes the name"
    if column not in _SCORES:
        return ""
    if text == _UNDEFINED:
        return "Undefined on the images that it was checked on"
    return "On images of other surfaces" if model.is_starter else "On the validation images of its training"
