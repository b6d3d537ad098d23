"""The brush's size: a slim upright slider with its number, bound to the editor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from scratchgui.model.editor_state import BRUSH_SIZES
from scratchgui.model.tool_key import ToolKey
from scratchgui.ui import tokens

if TYPE_CHECKING:
    from scratchgui.model.editor_state import EditorState

_STEPS: Final = 100
_HEIGHT: Final = 108
_RATIO: Final = BRUSH_SIZES[1] / BRUSH_SIZES[0]
_PAINTING: Final = (ToolKey.BRUSH, ToolKey.ERASER)


class BrushSize(QWidget):
    """Each step of the slider is the same factor, so that small brushes are set as finely as large ones."""

    def __init__(self, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setToolTip("Brush size in image pixels ([ and ], or Ctrl + wheel over the image)")
        self._number = QLabel(self)
        self._number.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        unit = QLabel("px", self)
        unit.setProperty("role", "caption")
        unit.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.slider = QSlider(Qt.Orientation.Vertical, self)
        self.slider.setRange(0, _STEPS)
        self.slider.setFixedHeight(_HEIGHT)
        self.slider.setAccessibleName("Brush size")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._number)
        layout.addWidget(unit)
        layout.addSpacing(tokens.GAP_XS)
        layout.addWidget(self.slider, 0, Qt.AlignmentFlag.AlignHCenter)
        self.slider.valueChanged.connect(self._moved)
        editor.brush_size_changed.connect(self._show)
        editor.tool_changed.connect(self._show_tool)
        self._show(editor.brush_size)
        self._show_tool(editor.tool)

    def _moved(self, step: int) -> None:
        self._editor.brush_size = round(BRUSH_SIZES[0] * math.pow(_RATIO, step / _STEPS))

    def _show(self, size: int) -> None:
        self._number.setText(str(size))
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round(math.log(size / BRUSH_SIZES[0], _RATIO) * _STEPS))
        self.slider.blockSignals(blocked)

    def _show_tool(self, tool: ToolKey) -> None:
        self.setEnabled(tool in _PAINTING)
