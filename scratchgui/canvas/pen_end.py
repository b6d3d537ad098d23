"""The eraser end of a pen: it erases whichever tool is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent

from scratchgui.model.tool_key import ToolKey

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import Tool
    from scratchgui.model.editor_state import EditorState

_BACK, _ENTER = Qt.Key.Key_Backspace, Qt.Key.Key_Return


class PenEnd:
    """Lends the eraser to the eraser end; when the tip or the mouse is there again, so is the tool of before.

    An open path must not get lost by that: the eraser end takes its last point back instead.
    """

    def __init__(self, editor: EditorState) -> None:
        self._editor = editor
        self._before: ToolKey | None = None

    def takes(self, event: QEvent, tool: Tool) -> bool:
        """Choose the tool for what comes over the view while no gesture runs.

        Args:
            event: A press or a move of mouse or pen.
            tool: The tool in use.

        Returns:
            Whether the event is used up.
        """
        if not (isinstance(event, QTabletEvent) and event.pointerType() == QPointingDevice.PointerType.Eraser):
            self._give_back()
        elif not (tool.takes_key(_BACK) and tool.takes_key(_ENTER)):
            self._lend()
        elif event.type() == QEvent.Type.TabletPress:
            tool.key(_BACK)
            return True
        return False

    def _lend(self) -> None:
        if self._editor.tool is not ToolKey.ERASER:
            self._before, self._editor.tool = self._editor.tool, ToolKey.ERASER

    def _give_back(self) -> None:
        before, self._before = self._before, None
        # Another tool may have been chosen since.
        if before is not None and self._editor.tool is ToolKey.ERASER:
            self._editor.tool = before
