"""The queue: all images of the project at the window's left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from scratchgui.ui import theme, tokens
from scratchgui.ui.docks.queue_delegate import ROW_HEIGHT, QueueDelegate
from scratchgui.ui.docks.queue_header import QueueHeader
from scratchgui.ui.widgets.basics import horizontal_line, label

if TYPE_CHECKING:
    from scratchgui.model.image_list_model import ImageListModel


class QueuePanel(QFrame):
    """Search, filters and a virtualised list of images.

    Signals:
        activated(rel): The user went to another image, by mouse or keyboard.
    """

    activated = Signal(str)

    def __init__(self, model: ImageListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._model = model
        self._current = ""
        self.header = QueueHeader(model, self)
        self.view = QueueView(model, self)
        self._nothing = _Nothing(self)
        line = horizontal_line(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget, stretch in ((self.header, 0), (line, 0), (self.view, 1), (self._nothing, 1)):
            layout.addWidget(widget, stretch)
        layout.insertSpacing(2, tokens.GAP_XS)
        self.setFocusProxy(self.view)
        self._connect()
        self._arranged()

    def _connect(self) -> None:
        self.view.selectionModel().currentChanged.connect(self._went)
        self.header.search.left.connect(self.view.setFocus)
        self._nothing.button.clicked.connect(self.header.clear)
        self._model.modelReset.connect(self._arranged)

    def set_current(self, rel: str) -> None:
        """Select an image without telling that the user went there; an empty name selects none."""
        self._current = rel
        row = self._model.row_of(rel)
        selection = self.view.selectionModel()
        if row < 0:
            selection.clear()
        elif row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self._model.index(row))
        if row >= 0:
            self.view.scrollTo(self._model.index(row))

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search.selectAll()

    def _went(self, index: QModelIndex) -> None:
        if index.isValid() and self._model.record(index.row()).rel != self._current:
            self._current = self._model.record(index.row()).rel
            self.activated.emit(self._current)

    def _arranged(self) -> None:
        """Keep the current image selected when the rows were arranged anew, or say why there are none."""
        empty = self._model.rowCount() == 0
        self.view.setVisible(not empty)
        self._nothing.setVisible(empty)
        self._nothing.show_reason(any_image=bool(self._model.records))
        if not empty:
            self.set_current(self._current)


class QueueView(QTableView):
    """The list: rows of one height, asked for only when they come into view.

    A table of one column, because a QListView lays out every row, in Python: with 10,000 images each step to the next
    one takes it 27 ms.
    """

    def __init__(self, model: ImageListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(QueueDelegate(self))
        self.setProperty("role", "bare")
        self._make_rows()
        self.setModel(model)
        self.setProperty("role", "bare")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Images")
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        # What is scrolled is moved on the screen instead of painted anew only if nothing shines through.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows on the panel's color."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.current().color("panel"))
        painter.end()
        super().paintEvent(event)

    def _make_rows(self) -> None:
        for header in (self.verticalHeader(), self.horizontalHeader()):
            header.hide()
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def moveCursor(self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Let Home and End go to the first and last image; a table means columns by them."""
        if action in (QTableView.CursorAction.MoveHome, QTableView.CursorAction.MoveEnd):
            last = self.model().rowCount() - 1
            return self.model().index(0 if action is QTableView.CursorAction.MoveHome else last, 0)
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the actions: B is the brush, not the next name with b."""


class _Nothing(QWidget):
    """Why the list is empty, and the one thing to do about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = label("", "muted", wrap=True, parent=self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton("Show all images", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_L, tokens.GAP_L, tokens.GAP_L, tokens.GAP_L)
        layout.setSpacing(tokens.GAP_M)
        layout.addStretch(2)
        layout.addWidget(self._text)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_reason(self, *, any_image: bool) -> None:
        """Say that nothing matches, or that there is no image at all."""
        self._text.setText("No image matches." if any_image else "There are no images in this folder.")
        self.button.setVisible(any_image)
