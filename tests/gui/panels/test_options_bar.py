"""The bar with the options of the tool in use."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox

from scratchgui.model.editor_state import EditorState, ToolKey
from scratchgui.model.tool_options import ToolOptions
from scratchgui.ui.options_bar import OptionsBar
from scratchgui.ui.tool_rows import OPTIONS, Choice, Number


def test_every_row_is_an_option_and_every_option_has_a_row():
    rows = [row for of_tool in OPTIONS.values() for row in of_tool]
    options = ToolOptions()
    for row in rows:
        value = getattr(options, row.name)
        assert hasattr(options, f"{row.name}_changed")
        if isinstance(row, Number):
            assert row.low <= value <= row.high
        if isinstance(row, Choice):
            assert value in row.values
        assert row.tooltip
    named = {name for name in vars(ToolOptions) if hasattr(ToolOptions, f"{name}_changed")}
    assert {row.name for row in rows} == named


def test_an_option_for_several_classes_is_there_with_several_classes(qtbot):
    editor = EditorState()
    bar = OptionsBar(editor)
    qtbot.addWidget(bar)
    texts = lambda: [box.text() for box in bar.findChildren(QCheckBox) if not box.isHidden()]  # noqa: E731
    assert "Keep other classes" not in texts()
    bar.set_several_classes(True)
    bar.set_shown(True)
    box = next(box for box in bar.findChildren(QCheckBox) if box.text() == "Keep other classes")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert editor.options.protect_others
    editor.tool = ToolKey.PAN
    assert not bar.isVisible()
    editor.tool = ToolKey.ERASER
    assert bar.isVisible()
