"""The options of the tool in use, floating at the canvas's top edge."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.tool_rows import OPTIONS, PROTECT, Choice, Number, Option, Toggle
from scratchgui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.tool_key import ToolKey
    from scratchgui.model.tool_options import ToolOptions

_UNLIMITED: Final = 16_777_215
_BORDER: Final = 1
ROW_HEIGHT: Final = tokens.CONTROL_HEIGHT + 12
"""The same for all tools, so that nothing moves when another one is chosen (px)."""


class OptionsBar(QFrame):
    """Made anew for each tool from its rows, in lines as long as there is room; hidden for tools without options."""

    def __init__(self, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "floating")
        self._editor = editor
        self._several_classes = False
        self._shown = False
        self._holder: QWidget | None = None
        self._room = _UNLIMITED
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(tokens.GAP_M, 0, tokens.GAP_M, 0)
        editor.tool_changed.connect(self._show_tool)
        self._show_tool(editor.tool)

    def set_several_classes(self, several: bool) -> None:
        """Offer what only makes sense with more than one class, or not."""
        if several == self._several_classes:
            return
        self._several_classes = several
        self._show_tool(self._editor.tool)

    def set_shown(self, shown: bool) -> None:
        """Show the bar where the tool has options, or hide it (no image, no bar)."""
        self._shown = shown
        self.setVisible(shown and self._holder is not None)

    def set_room(self, width: int) -> None:
        """Be no wider than this (px)."""
        if width != self._room:
            self._room = width
            self._show_tool(self._editor.tool)

    def _show_tool(self, tool: ToolKey) -> None:
        if self._holder is not None:
            self._layout.removeWidget(self._holder)
            self._holder.hide()  # it lives on until the event loop comes around
            self._holder.deleteLater()
            self._holder = None
        rows = [row for row in OPTIONS.get(tool, ()) if row is not PROTECT or self._several_classes]
        if rows:
            self._holder = QWidget(self)
            controls = [_control(row, self._editor.options, self._holder) for row in rows]
            lines = _lay_out(self._holder, controls, self._room - 2 * (tokens.GAP_M + _BORDER))
            self._layout.addWidget(self._holder)
            self.setFixedHeight(ROW_HEIGHT + (lines - 1) * (tokens.CONTROL_HEIGHT + tokens.GAP_XS))
        self.set_shown(self._shown)
        self.updateGeometry()


def _lay_out(holder: QWidget, controls: Iterable[QWidget], room: int) -> int:
    """Put controls side by side, the next ones below where the room (px) is full; return the number of lines."""
    below = QVBoxLayout(holder)
    below.setContentsMargins(0, 0, 0, 0)
    below.setSpacing(tokens.GAP_XS)
    lines = [QHBoxLayout()]
    for control in controls:
        line = lines[-1]
        if line.count() and line.sizeHint().width() + tokens.GAP_M + control.sizeHint().width() > room:
            line = QHBoxLayout()
            lines.append(line)
        line.setSpacing(tokens.GAP_M)
        line.addWidget(control)
    if len(lines) > 1:
        lines[-1].addStretch()  # the lines begin below each other
    for line in lines:
        line.addStrut(tokens.CONTROL_HEIGHT)  # all of one height, whatever is in them
        below.addLayout(line, 1)
    return len(lines)


def _control(row: Option, options: ToolOptions, parent: QWidget) -> QWidget:
    match row:
        case Toggle():
            return _toggle(row, options, parent)
        case Number():
            return _number(row, options, parent)
        case Choice():
            return _choice(row, options, parent)


def _toggle(row: Toggle, options: ToolOptions, parent: QWidget) -> QWidget:
    box = QCheckBox(row.text, parent)
    box.setToolTip(row.tooltip)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.setChecked(getattr(options, row.name))
    box.toggled.connect(partial(setattr, options, row.name))
    getattr(options, f"{row.name}_changed").connect(box.setChecked)
    return box


def _number(row: Number, options: ToolOptions, parent: QWidget) -> QWidget:
    field = QSpinBox(parent)
    field.setRange(row.low, row.high)
    field.setSuffix(row.unit)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setAccessibleName(row.text)
    field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    field.setValue(getattr(options, row.name))
    field.valueChanged.connect(partial(setattr, options, row.name))
    getattr(options, f"{row.name}_changed").connect(field.setValue)
    holder = _labeled(row.text, row.tooltip, parent)
    layout = holder.layout()
    assert layout is not None
    layout.addWidget(field)
    if row.only_with:
        holder.setEnabled(getattr(options, row.only_with))
        getattr(options, f"{row.only_with}_changed").connect(holder.setEnabled)
    if row.only_without:
        holder.setDisabled(getattr(options, row.only_without))
        getattr(options, f"{row.only_without}_changed").connect(holder.setDisabled)
    return holder


def _choice(row: Choice, options: ToolOptions, parent: QWidget) -> QWidget:
    holder = _labeled(row.text, row.tooltip, parent)
    layout = holder.layout()
    assert layout is not None
    segments = Segments(row.values, row.text or row.tooltip, holder)
    segments.set_value(getattr(options, row.name))
    segments.chosen.connect(partial(setattr, options, row.name))
    getattr(options, f"{row.name}_changed").connect(segments.set_value)
    layout.addWidget(segments)
    return holder


def _labeled(text: str, tooltip: str, parent: QWidget) -> QWidget:
    holder = QWidget(parent)
    holder.setToolTip(tooltip)
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(tokens.GAP_S)
    if text:
        layout.addWidget(QLabel(text, holder))
    return holder
