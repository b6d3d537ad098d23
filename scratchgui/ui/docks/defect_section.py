"""The defects of the current image: hover shows, a click goes there, Delete removes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QStyleOptionViewItem, QVBoxLayout, QWidget

from scratchgui.ui import theme, tokens
from scratchgui.ui.docks.defect_delegate import AREA_RIGHT, NUMBER_LEFT, SIDE, SIZE_LEFT, DefectDelegate
from scratchgui.ui.docks.defect_model import DefectModel, RegionRole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scratchgui.core.regions import Region

_ROWS_SHOWN: Final = 10
_NOTHING: Final = "No defects found at this sensitivity."


class DefectSection(QWidget):
    """Table of defects with several selectable.

    Signals:
        hovered(number): The pointer is over a defect; -1 when it left.
        chosen(number): A defect was clicked or entered.
        delete_requested(numbers): These defects are to be removed, a list of int.
    """

    hovered = Signal(int)
    chosen = Signal(int)
    delete_requested = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = DefectModel(self)
        self._delegate = DefectDelegate(self)
        self._hovered = -1
        self.view = _make_view(self._model, self._delegate, self)
        self._captions = _Captions(self.view, self)
        self._empty = QLabel(_NOTHING, self)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._selected = QLabel(self)
        self._selected.setProperty("role", "caption")
        self.delete_button = QPushButton("Delete", self)
        self.delete_button.setProperty("role", "ghost")
        self.delete_button.setToolTip("Remove the selected defects from the mask (Del)")
        self._footer = QWidget(self)
        self._build()
        self._connect()
        self.set_regions([])

    def _build(self) -> None:
        footer = QHBoxLayout(self._footer)
        footer.setContentsMargins(tokens.GAP_M, tokens.GAP_XS, tokens.GAP_XS, 0)
        footer.addWidget(self._selected)
        footer.addStretch()
        footer.addWidget(self.delete_button)
        self._footer.setFixedHeight(tokens.CONTROL_HEIGHT + tokens.GAP_XS)
        self._empty.setContentsMargins(tokens.GAP_M, 0, tokens.GAP_M, tokens.GAP_XS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, tokens.GAP_S)
        layout.setSpacing(0)
        for widget in (self._empty, self._captions, self.view, self._footer):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.view.entered.connect(lambda index: self._hover(index.data(RegionRole).number))
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.view.viewport().installEventFilter(self)
        self.view.installEventFilter(self)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.delete_button.clicked.connect(self._delete)

    def set_regions(self, regions: Sequence[Region]) -> None:
        """Show the defects of the image; the selection is let go."""
        self._hover(-1)
        self._model.set_regions(regions)
        rows = len(regions)
        self._fit_height()
        self._empty.setVisible(rows == 0)
        self._captions.setVisible(rows > 0)
        self.view.setVisible(rows > 0)
        self._selection_changed()

    def set_classes(self, colors: Sequence[str], names: Mapping[int, str]) -> None:
        """Take the colors of the project's classes, in the order of their labels, and names to show, by label."""
        self._delegate.set_colors(colors)
        self._delegate.named = bool(names)
        self._model.set_class_names(names)
        self.view.scheduleDelayedItemsLayout()
        self._fit_height()
        self.view.viewport().update()

    def set_empty_text(self, text: str = _NOTHING) -> None:
        """Say why there is no defect to list (no model, not predicted yet …)."""
        self._empty.setText(text)

    def select(self, number: int) -> None:
        """Select one defect and bring it into view, or none (0), without telling that it was chosen."""
        row = self._model.row_of(number)
        if row >= 0:
            self.view.setCurrentIndex(self._model.index(row))
        elif number == 0:
            self.view.clearSelection()

    def selected(self) -> list[int]:
        """Return the selected defects' numbers, in the order shown."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [self._model.index(row).data(RegionRole).number for row in rows]

    def _fit_height(self) -> None:
        height = self._delegate.sizeHint(QStyleOptionViewItem(), QModelIndex()).height()
        self.view.setFixedHeight(min(self._model.rowCount(), _ROWS_SHOWN) * height)

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.hovered.emit(number)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(RegionRole).number)

    def _selection_changed(self) -> None:
        count = len(self.view.selectionModel().selectedIndexes())
        self._footer.setVisible(count > 0)
        self._selected.setText(f"{count:,} selected")

    def _delete(self) -> None:
        numbers = self.selected()
        if numbers:
            self.delete_requested.emit(numbers)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the Delete key, and notice the pointer leaving."""
        if watched is self.view.viewport() and event.type() == QEvent.Type.Leave:
            self._hover(-1)
        wanted = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if watched is self.view and isinstance(event, QKeyEvent) and event.key() in wanted:
            if event.type() == QEvent.Type.KeyPress:
                self._delete()
            event.accept()  # a shortcut of the window must not delete a second time
            return True
        return super().eventFilter(watched, event)


def _make_view(model: DefectModel, delegate: DefectDelegate, parent: QWidget) -> QListView:
    view = QListView(parent)
    view.setModel(model)
    view.setItemDelegate(delegate)
    view.setUniformItemSizes(True)
    view.setMouseTracking(True)
    view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setAccessibleName("Defects")
    return view


class _Captions(QWidget):
    """The table's head, on the delegate's own columns."""

    def __init__(self, view: QListView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.setFixedHeight(20)
        self.setToolTip("Width by height, area, and the highest probability in each defect")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words."""
        painter = QPainter(self)
        painter.setFont(theme.sized_font(tokens.CAPTION_SIZE))
        painter.setPen(theme.current().color("muted"))
        row = QRect(0, 0, self._view.viewport().width(), self.height())
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(row.adjusted(NUMBER_LEFT, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "No.")
        painter.drawText(row.adjusted(SIZE_LEFT, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "Size (px)")
        painter.drawText(row.adjusted(0, 0, -AREA_RIGHT, 0), right, "Area (px²)")
        painter.drawText(row.adjusted(0, 0, -SIDE, 0), right, "Max.")
