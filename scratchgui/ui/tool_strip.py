"""The tools at the canvas's left edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.action_keys import TOOL_ACTIONS
from scratchgui.ui.brush_size import BrushSize
from scratchgui.ui.class_chooser import ClassChooser
from scratchgui.ui.widgets.basics import horizontal_line

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.tool_key import ToolKey
    from scratchgui.ui.actions import ActionSet

_MARGIN: Final = 6


class ToolStrip(QFrame):
    """One button a tool, the brush's size and, in projects with several classes, the class to paint."""

    def __init__(self, actions: ActionSet, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setFixedWidth(tokens.HIT_AREA + 2 * _MARGIN)
        self._tools = {tool: actions.action(key) for tool, key in TOOL_ACTIONS.items()}
        self._group = QActionGroup(self)
        self.brush_size = BrushSize(editor, self)
        self.classes = ClassChooser(editor, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, tokens.GAP_S, _MARGIN, tokens.GAP_S)
        layout.setSpacing(2)
        for action in self._tools.values():
            self._group.addAction(action)
            layout.addWidget(action_button(action, self))
        layout.addSpacing(tokens.GAP_S)
        layout.addWidget(horizontal_line(self))
        layout.addSpacing(tokens.GAP_S)
        layout.addWidget(self.brush_size)
        layout.addSpacing(tokens.GAP_M)
        layout.addWidget(self.classes, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        editor.tool_changed.connect(self._show_tool)
        self._show_tool(editor.tool)

    def _show_tool(self, tool: ToolKey) -> None:
        self._tools[tool].setChecked(True)


def action_button(action: QAction, parent: QWidget) -> QToolButton:
    """Return an icon button for an action, with its tooltip, state and a hit area of 32 px."""
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setIconSize(QSize(tokens.ICON_SIZE, tokens.ICON_SIZE))
    button.setFixedSize(tokens.HIT_AREA, tokens.HIT_AREA)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button
