"""The bar with the options of the tool in use."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox
from shiboken6 import isValid

from scratchgui.model.tool_key import ToolKey
from scratchgui.model.tool_options import ToolOptions
from scratchgui.ui.options_bar import ROW_HEIGHT, OptionsBar
from scratchgui.ui.tool_rows import OPTIONS, Choice, Number
from scratchgui.ui.widgets.segments import Segments


@pytest.fixture
def bar(qtbot, editor) -> OptionsBar:
    """The bar of the brush."""
    bar = OptionsBar(editor)
    qtbot.addWidget(bar)
    bar.set_shown(True)
    return bar


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


def test_an_option_for_several_classes_is_there_with_several_classes(qtbot, editor, bar):
    texts = lambda: [box.text() for box in bar.findChildren(QCheckBox) if not box.isHidden()]  # noqa: E731
    assert "Keep other classes" not in texts()
    bar.set_several_classes(True)
    box = next(box for box in bar.findChildren(QCheckBox) if box.text() == "Keep other classes")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert editor.options.protect_others
    editor.tool = ToolKey.PAN
    assert not bar.isVisible()
    editor.tool = ToolKey.ERASER
    assert bar.isVisible()


def test_a_choice_shows_what_is_chosen_and_follows_the_option(qtbot, editor, bar):
    editor.tool = ToolKey.WAND
    segments = bar.findChild(Segments)
    assert segments.value == "image"
    qtbot.mouseClick(segments.buttons["probability"], Qt.MouseButton.LeftButton)
    assert editor.options.wand_source == "probability"
    editor.options.wand_source = "image"
    assert segments.value == "image"


def test_the_bar_of_another_tool_is_gone_at_once_and_for_good(qtbot, editor, bar):
    editor.tool = ToolKey.WAND
    old = bar.findChild(Segments)
    editor.tool = ToolKey.LASSO
    assert not old.isVisible()
    qtbot.waitUntil(lambda: not isValid(old))
    editor.options.wand_source = "probability"
    editor.options.wand_tolerance += 1


def test_options_that_do_not_fit_in_one_line_stand_in_two(qtbot, editor, bar):
    of_brush = bar.findChild(QCheckBox)
    editor.tool = ToolKey.SCRATCH_PEN
    qtbot.waitUntil(lambda: not isValid(of_brush))
    one = bar.sizeHint().width()
    high = bar.height()
    bar.set_room(one - 1)
    qtbot.waitUntil(lambda: 200 < bar.sizeHint().width() < one)
    assert bar.height() > high
    bar.resize(bar.sizeHint().width(), bar.height())
    for button in bar.findChild(Segments).buttons.values():
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())
    bar.set_room(one)
    qtbot.waitUntil(lambda: bar.sizeHint().width() == one)
    assert bar.height() == high


def test_two_lines_are_equally_high_whatever_is_in_them(qtbot, editor, bar):
    bar.set_several_classes(True)
    editor.tool = ToolKey.WAND
    bar.set_room(bar.sizeHint().width() - 1)
    qtbot.waitUntil(lambda: bar.height() > ROW_HEIGHT)
    bar.resize(bar.sizeHint().width(), bar.height())
    bar.show()

    def middle(widget) -> int:
        return widget.mapTo(bar, widget.rect().center()).y()

    upper, lower = middle(bar.findChild(Segments)), middle(bar.findChild(QCheckBox))
    qtbot.waitUntil(lambda: abs(middle(bar.findChild(Segments)) + middle(bar.findChild(QCheckBox)) - bar.height()) <= 2)
    assert upper < lower
