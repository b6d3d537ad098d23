"""The editor's state: ranges and signals."""

from __future__ import annotations

import pytest

from scratchgui.model.editor_state import EditorState
from scratchgui.model.tool_key import ToolKey


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("brush_size", 0, 1),
        ("brush_size", 9999, 500),
        ("active_class", 300, 255),
        ("threshold", 1.5, 1.0),
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
