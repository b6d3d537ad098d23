"""What is seen first: open a folder, the sample, or a recent project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import icons, tokens
from scratchgui.ui.folder_drop import FolderDrop
from scratchgui.ui.recent_card import WIDTH as CARD_WIDTH
from scratchgui.ui.recent_card import Recent, RecentCard
from scratchgui.ui.widgets.basics import label, restyle
from scratchgui.ui.widgets.icon_label import IconLabel
from scratchgui.ui.widgets.logo import Logo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QImage

_LEFT_WIDTH: Final = 272
_COLUMNS: Final = 3
_MOST_CARDS: Final = 6
_BETWEEN: Final = 56
_RIGHT_WIDTH: Final = _COLUMNS * CARD_WIDTH + (_COLUMNS - 1) * tokens.GAP_M
_STEPS: Final = (
    ("folder-open", "Open a folder", "The model looks at every image and marks what it takes for a scratch."),
    ("brush", "Correct and approve", "Paint or erase where it is wrong. Enter approves and goes on."),
    ("retrain", "Retrain and report", "The model learns from your corrections. Export the report when you are done."),
)


class StartPage(QWidget):
    """Two buttons, recent projects, a place to drop a folder, and how it works.

    Signals:
        open_folder_requested(): Open folder… was clicked.
        open_sample_requested(): Open sample project was clicked.
        recent_chosen(path): A recent project was clicked.
        folder_dropped(path): A folder was dropped on the page.
    """

    open_folder_requested = Signal()
    open_sample_requested = Signal()
    recent_chosen = Signal(str)
    folder_dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open_button = _big_button("Open folder…", "folder-open", "accent_text", primary=True)
        self.sample_button = _big_button("Open sample project", "sample", "text")
        self.drop_zone = _DropZone(self)
        self.cards: list[RecentCard] = []
        self._busy = label("", "muted", wrap=True)
        self._recent_head = label("Recent projects", "head")
        self._grid = QGridLayout()
        self._build()
        self.open_button.clicked.connect(self.open_folder_requested)
        self.sample_button.clicked.connect(self.open_sample_requested)
        drop = FolderDrop(self)
        drop.hovering.connect(self.drop_zone.set_active)
        drop.dropped.connect(self.folder_dropped)
        self.set_recent([])
        self.set_busy("")

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(_BETWEEN)
        columns.addStretch(1)
        columns.addWidget(self._left_column(), 0, Qt.AlignmentFlag.AlignTop)
        columns.addWidget(self._right_column(), 0, Qt.AlignmentFlag.AlignTop)
        columns.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_L, tokens.GAP_L, tokens.GAP_L, tokens.GAP_L)
        layout.addStretch(2)
        layout.addLayout(columns)
        layout.addStretch(3)

    def _left_column(self) -> QWidget:
        column = QWidget(self)
        column.setFixedWidth(_LEFT_WIDTH)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(_name_line(column))
        layout.addSpacing(tokens.GAP_L)
        layout.addWidget(self.open_button)
        layout.addWidget(self.sample_button)
        layout.addWidget(self._busy)
        layout.addSpacing(tokens.GAP_L)
        for step in _STEPS:
            layout.addLayout(_step_line(*step, parent=column))
        return column

    def _right_column(self) -> QWidget:
        column = QWidget(self)
        column.setFixedWidth(_RIGHT_WIDTH)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_M)
        self._grid.setSpacing(tokens.GAP_M)
        layout.addWidget(self._recent_head)
        layout.addLayout(self._grid)
        layout.addWidget(self.drop_zone)
        return column

    def set_recent(self, recent: Iterable[tuple[str, str, QImage | None, str]]) -> None:
        """Show recent projects as (name, path, picture or None, text), the latest first."""
        for card in self.cards:
            card.deleteLater()
        self.cards = [RecentCard(Recent(*item), self) for item in list(recent)[:_MOST_CARDS]]
        for place, card in enumerate(self.cards):
            card.clicked.connect(lambda _=False, path=card.recent.path: self.recent_chosen.emit(path))
            self._grid.addWidget(card, *divmod(place, _COLUMNS), Qt.AlignmentFlag.AlignLeft)
        self._grid.setColumnStretch(_COLUMNS - 1, 1)
        self._recent_head.setVisible(bool(self.cards))
        self.drop_zone.set_large(not self.cards)

    def set_busy(self, text: str) -> None:
        """Say what is being opened ("Opening castings…") and take no clicks meanwhile; empty when it is over."""
        self._busy.setText(text)
        self._busy.setVisible(bool(text))
        for widget in (self.open_button, self.sample_button, *self.cards):
            widget.setEnabled(not text)


class _DropZone(QFrame):
    """Says that a folder can be dropped, and lights up while one is held over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "drop")
        self._icon = IconLabel(22, self)
        self._icon.set_icon("upload", "muted")
        self._text = label("Drop a folder of images here", parent=self)
        self._formats = label("JPEG, PNG, BMP or TIFF, 8 to 32 bit. Your images are only read.", "caption", parent=self)
        layout = QVBoxLayout(self)
        layout.setSpacing(tokens.GAP_XS)
        layout.addStretch()
        for widget in (self._icon, self._text, self._formats):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()

    def set_large(self, large: bool) -> None:
        """Fill the room of the recent projects as long as there are none."""
        self.setFixedHeight(360 if large else 108)

    def set_active(self, active: bool) -> None:
        """Light up."""
        self._icon.set_icon("upload", "accent" if active else "muted")
        self._text.setText("Let go to open this folder" if active else "Drop a folder of images here")
        restyle(self, active=active)


def _big_button(text: str, icon: str, token: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(f" {text}")
    button.setProperty("role", "big-primary" if primary else "big")
    button.setIcon(icons.icon(icon, token))
    button.setIconSize(QSize(20, 20))
    return button


def _name_line(parent: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(tokens.GAP_M)
    line.addWidget(Logo(36, parent))
    line.addWidget(label("ScratchGUI", "title", parent=parent))
    line.addStretch()
    return line


def _step_line(icon: str, head: str, text: str, *, parent: QWidget) -> QHBoxLayout:
    picture = IconLabel(parent=parent)
    picture.set_icon(icon, "muted")
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(label(head, "head", parent=parent))
    words.addWidget(label(text, "muted", wrap=True, parent=parent))
    line = QHBoxLayout()
    line.setSpacing(tokens.GAP_M)
    line.setContentsMargins(0, tokens.GAP_S, 0, 0)
    line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    return line
