"""The editor's state: ranges and signals."""

from __future__ import annotations

import pytest

from scratchgui.core.cutting import Cutting
from scratchgui.model.editor_state import EditorState
from scratchgui.model.tool_key import ToolKey


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("brush_size", 0, 1),
        ("brush_size", 9999, 500),
        ("active_class", 300, 255),
        ("cutting", Cutting(1.5, min_area=4), Cutting(1.0, min_area=4)),
        ("overlay_opacity", -1, 0.0),
        ("tool", "eraser", ToolKey.ERASER),
        ("heat_map", True, True),
    ],
)
def test_values_are_brought_into_range_and_told_once(qtbot, name, value, kept):
    editor = EditorState()
    told = []
    getattr(editor, f"{name}_changed").connect(told.append)
    setattr(editor, name, value)
    setattr(editor, name, value)
    assert getattr(editor, name) == kept
    assert told == [kept]


def test_the_threshold_is_a_part_of_the_cutting(qtbot):
    editor = EditorState()
    editor.cutting = Cutting(0.5, min_area=4, longest_gap=9)
    with qtbot.waitSignal(editor.cutting_changed):
        editor.threshold = 0.7
    assert editor.threshold == 0.7
    assert editor.cutting == Cutting(0.7, min_area=4, longest_gap=9)
    with qtbot.assertNotEmitted(editor.cutting_changed):
        editor.threshold = 0.7


def test_editors_do_not_share_values():
    one, other = EditorState(), EditorState()
    one.brush_size = 77
    assert other.brush_size == 20


def test_brush_steps_are_about_a_tenth():
    editor = EditorState()
    editor.step_brush_size(1)
    assert editor.brush_size == 22
    editor.step_brush_size(-30)
    assert editor.brush_size == 1
