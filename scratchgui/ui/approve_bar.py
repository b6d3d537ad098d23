"""The decision on the image in view: approve it, or say that it is clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from scratchgui.ui import theme, tokens
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.widgets.basics import restyle

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from scratchgui.ui.actions import ActionSet

_SIGNS: Final = {"Return": "⏎", "Enter": "⏎"}
_HINT_OPACITY: Final = 0.65


class ApproveBar(QFrame):
    """[Approve & next ⏎] [Clean C], floating over the canvas."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "floating")
        self.approve_button = KeyButton(actions.action(ActionKey.APPROVE_NEXT), "Approve && next", self)
        self.clean_button = KeyButton(actions.action(ActionKey.CLEAN_NEXT), "Clean", self)
        self.clean_button.setProperty("role", "ghost")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(5, 5, 5, 5)
        layout.setSpacing(tokens.GAP_XS)
        layout.addWidget(self.approve_button)
        layout.addWidget(self.clean_button)
        self.set_primary(True)

    def set_primary(self, primary: bool) -> None:
        """Make Approve the one button in the accent color, or a plain one."""
        restyle(self.approve_button, role="primary" if primary else "")


class KeyButton(QPushButton):
    """A button for an action that shows its key, fainter, behind its word."""

    def __init__(self, action: QAction, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._action = action
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.updateGeometry()
        self.update()

    def _key(self) -> str:
        key = self._action.shortcut().toString()
        return _SIGNS.get(key, key)

    def sizeHint(self) -> QSize:
        """Return room for the word and the key."""
        size = super().sizeHint()
        metrics = self.fontMetrics()
        return QSize(size.width() + metrics.horizontalAdvance(self._key()) + tokens.GAP_S, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, its word and its key."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setPen(self._ink())
        word, key = self.text().replace("&&", "&"), self._key()
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(word) + tokens.GAP_S + metrics.horizontalAdvance(key)
        place = QRect((self.width() - width) // 2, 0, width + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
        painter.setOpacity(_HINT_OPACITY)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, key)

    def _ink(self) -> QColor:
        colors = theme.current()
        if not self.isEnabled():
            return QColor(colors.disabled)
        return QColor(colors.accent_text if self.property("role") == "primary" else colors.text)
