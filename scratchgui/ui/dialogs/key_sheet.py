"""All keys on one sheet, over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.actions import ACTIONS, MENUS
from scratchgui.ui.widgets.basics import horizontal_line, icon_button, label
from scratchgui.ui.widgets.key_caps import KeyCaps
from scratchgui.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent

    from scratchgui.ui.actions import ActionKey, ActionSet

Line = tuple[str, list[str]]

_WIDTH: Final = 1000
_DIM: Final = 90
_HEAD_HEIGHT: Final = 52
_FRAME: Final = 8
_COLUMNS: Final = (("Review", "Model", "Help"), ("Edit", "File"), ("View", "Mouse"))
_MOUSE: Final[list[Line]] = [
    ("Zoom", ["Wheel"]),
    ("Move the view", ["Space+Drag", "Middle"]),
    ("Brush size", ["Ctrl+Wheel"]),
    ("Straight line", ["Shift+Drag"]),
    ("On from the last stroke", ["Shift+Click"]),
    ("Brush erases, eraser paints", ["Alt+Drag"]),
    ("Take the stroke back", ["Esc"]),
]
# The same key twice on the keyboard: once is enough to read.
_TWINS: Final = ("Enter", "Ctrl++")


class KeySheet(Overlay):
    """The keys by menu in columns, and what the mouse does on the image. Esc or a click beside it closes it."""

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent, dim=_DIM)
        self._actions = actions
        self._body = QScrollArea(self.panel)
        self._page = QWidget()
        self._build()
        self._fill()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fill)
        actions.keys_changed.connect(self._soon.start)  # several keys may change at once

    def _build(self) -> None:
        close = icon_button("close", "Close", parent=self.panel)
        close.clicked.connect(self.dismiss)
        head = QWidget(self.panel)
        head.setFixedHeight(_HEAD_HEIGHT)
        top = QHBoxLayout(head)
        top.setContentsMargins(24, 0, tokens.GAP_M, 0)
        top.addWidget(label("Keyboard and mouse", "title", parent=self.panel))
        top.addStretch()
        top.addWidget(label("Keys can be changed in the settings", "muted", parent=self.panel))
        top.addSpacing(tokens.GAP_S)
        top.addWidget(close)
        self._body.setWidgetResizable(True)
        self._body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(horizontal_line(self.panel))
        layout.addWidget(self._body)

    def _fill(self) -> None:
        page = self._page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(24, tokens.GAP_L, 24, 20)
        columns.setSpacing(40)
        for titles in _COLUMNS:
            holder = QWidget(page)
            holder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(20)
            for title in titles:
                column.addLayout(_group(title, self._lines(title)))
            column.addStretch()
            columns.addWidget(holder, 1)
        self._body.setWidget(page)
        page.setAutoFillBackground(False)

    def _lines(self, title: str) -> list[Line]:
        if title not in MENUS:
            return _MOUSE
        keys = [key for key in MENUS[title] if key is not None and self._actions.action(key).isVisible()]
        return [(self._text(key), self._texts(key)) for key in keys if self._actions.keys(key)]

    def _text(self, key: ActionKey) -> str:
        spec = ACTIONS[key]
        return self._actions.action(key).text() if spec.named_later else spec.text.rstrip("…")

    def _texts(self, key: str) -> list[str]:
        keys = [sequence for sequence in self._actions.keys(key) if sequence.toString() not in _TWINS]
        return [sequence.toString(sequence.SequenceFormat.NativeText) for sequence in keys or self._actions.keys(key)]

    def place_panel(self) -> None:
        """Take as much height as all keys need, if there is so much."""
        width = min(_WIDTH, self.width() - 2 * tokens.GAP_L)
        height = self._page.sizeHint().height() + _HEAD_HEIGHT + _FRAME
        self.panel.resize(width, min(height, self.height() - 2 * tokens.GAP_L))
        self.panel.move((self.width() - self.panel.width()) // 2, (self.height() - self.panel.height()) // 2)
        self.update()

    def open(self) -> None:
        """Show it; open, it closes."""
        if self.isVisible():
            self.dismiss()
        else:
            super().open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll with the arrow keys where not all keys have room."""
        bar = self._body.verticalScrollBar()
        steps = {Qt.Key.Key_Down: bar.singleStep(), Qt.Key.Key_Up: -bar.singleStep()}
        bar.setValue(bar.value() + steps.get(Qt.Key(event.key()), 0))
        super().keyPressEvent(event)


def _group(title: str, lines: Iterable[Line]) -> QVBoxLayout:
    group = QVBoxLayout()
    group.setSpacing(5)
    group.addWidget(label(title, "head"))
    for text, keys in lines:
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP_S)
        row.addWidget(label(text, "muted"), 1)
        row.addWidget(KeyCaps(*keys))
        group.addLayout(row)
    return group
