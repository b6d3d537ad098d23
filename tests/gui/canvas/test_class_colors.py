"""Classes on the canvas: their colors, hidden and locked ones, and the class of what is picked."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from scratchgui.canvas.layers import class_table
from scratchgui.core.project import DefectClass
from scratchgui.core.regions import find_regions
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import pixels

SCRATCH = DefectClass(name="scratch", color="#ff0000")
DENT = DefectClass(name="dent", color="#00ff00")


@pytest.fixture
def document(canvas, editor) -> MaskDocument:
    """A scratch over rows 20 … 39 and a dent over rows 60 … 79, fully covering."""
    mask = np.zeros((120, 160), np.uint8)
    mask[20:40, 30:110] = 1
    mask[60:80, 30:110] = 2
    canvas.set_image(np.zeros((120, 160, 3), np.uint8))
    made = MaskDocument("a.png", mask)
    canvas.set_document(made)
    canvas.set_boxes(find_regions(mask))
    canvas.set_zoom(2)
    editor.overlay_opacity = 1
    editor.classes.set_classes([SCRATCH, DENT])
    return made


def color_at(canvas, mouse, x: float, y: float) -> tuple[int, ...]:
    at = mouse.point(x, y)
    return tuple(pixels(canvas)[round(at.y()), round(at.x())].tolist())


def test_the_mask_has_the_projects_colors_and_follows_them(canvas, mouse, document, editor):
    assert color_at(canvas, mouse, 60, 30) == (255, 0, 0)
    assert color_at(canvas, mouse, 60, 70) == (0, 255, 0)
    editor.classes.set_classes([SCRATCH, DENT.model_copy(update={"color": "#0000ff"})])
    assert color_at(canvas, mouse, 60, 70) == (0, 0, 255)


def test_a_hidden_class_is_not_drawn_boxes_included(canvas, mouse, document, editor):
    shown = pixels(canvas)
    editor.classes.set_classes([SCRATCH, DENT.model_copy(update={"hidden": True})])
    half = round(mouse.point(0, 50).y())
    editor.tool = ToolKey.PAN
    now = pixels(canvas)
    assert np.array_equal(now[:half], shown[:half])
    mouse.move(60, 70)
    left, right = round(mouse.point(1, 0).x()), round(mouse.point(159, 0).x())
    lower = pixels(canvas)[half : round(mouse.point(0, 119).y()), left:right]
    assert not lower.any(), "neither mask nor box nor the label of the box"


def test_a_prediction_of_a_hidden_class_is_neither_drawn_nor_picked(canvas, mouse, document, editor, qtbot):
    canvas.set_document(None)
    empty = MaskDocument.blank("a.png", 160, 120)
    canvas.set_document(empty)
    canvas.set_boxes(None)
    canvas.set_prediction_mask(document.mask)
    editor.classes.set_classes([SCRATCH, DENT.model_copy(update={"hidden": True})])
    assert color_at(canvas, mouse, 60, 70) == (0, 0, 0)
    assert color_at(canvas, mouse, 60, 30) != (0, 0, 0)
    editor.tool = ToolKey.PICK
    mouse.drag((60, 10), (60, 100))
    assert set(np.unique(empty.mask)) == {0, 1}


def test_a_table_gives_hidden_classes_no_color_and_unknown_ones_their_own():
    table = class_table(1.0, ("", "#00ff00"))
    assert table[0] == table[1] == 0
    assert table[2] == 0xFF00FF00
    assert (table[3:] != 0).all()


def test_choosing_a_class_changes_the_selected_defect_in_one_step(canvas, mouse, document, editor):
    editor.tool = ToolKey.PICK
    mouse.drag((60, 30))
    editor.choose_class(2)
    assert (document.mask[20:40, 30:110] == 2).all()
    assert document.history.last.text == "Change class"
    editor.choose_class(2)
    assert len(document.history) == 1
    editor.choose_class(1)
    assert (document.mask[20:40, 30:110] == 1).all(), "it stays selected"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    editor.choose_class(2)
    assert len(document.history) == 2


def test_a_locked_defect_keeps_its_class_and_one_is_told(canvas, mouse, document, editor, qtbot):
    document.locked = frozenset({1})
    editor.tool = ToolKey.PICK
    mouse.drag((60, 30))
    with qtbot.waitSignal(canvas.told):
        editor.choose_class(2)
    assert (document.mask[20:40, 30:110] == 1).all()


def test_another_tool_changes_the_class_of_nothing(canvas, mouse, document, editor):
    editor.tool = ToolKey.PICK
    mouse.drag((60, 30))
    editor.tool = ToolKey.BRUSH
    editor.choose_class(2)
    assert len(document.history) == 0
