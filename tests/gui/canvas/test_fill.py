"""Flood fill of the mask."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from scratchgui.core.project import DefectClass
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def ring() -> np.ndarray:
    """A circle, one pixel wide, and a bar of class 2."""
    made = np.zeros((120, 160), np.uint8)
    cv2.circle(made, (50, 50), 30, 1, 1)
    made[100:104, 20:120] = 2
    return made


@pytest.fixture
def document(canvas, editor, ring) -> MaskDocument:
    canvas.set_image(np.full((120, 160), 128, np.uint8))
    made = MaskDocument("a.png", ring.copy())
    canvas.set_document(made)
    canvas.set_zoom(2)
    editor.tool = ToolKey.FILL
    return made


def test_what_an_outline_encloses_is_filled_in_one_step(canvas, mouse, document, ring, qtbot):
    with qtbot.waitSignal(canvas.stroke_finished):
        mouse.drag((50, 50))
    expected = cv2.circle(ring.copy(), (50, 50), 30, 1, -1)
    assert np.array_equal(document.mask, expected)
    assert document.history.last.text == "Fill"
    document.undo()
    assert np.array_equal(document.mask, ring)


def test_the_whole_background_is_not_filled_and_that_is_said(canvas, mouse, document, ring, qtbot):
    with qtbot.waitSignal(canvas.told) as told:
        mouse.drag((150, 10))
    assert "encloses" in told.args[0]
    assert np.array_equal(document.mask, ring)
    assert len(document.history) == 0


def test_a_small_piece_at_the_border_is_filled(canvas, mouse, document):
    document.write(whole_image(), cv2.line(document.mask.copy(), (140, 0), (140, 119), 1, 1), "line")
    mouse.drag((150, 60))
    assert document.mask[:, 141:].all()


def test_a_large_area_that_is_enclosed_is_filled(canvas, mouse, document):
    frame = np.zeros((120, 160), np.uint8)
    cv2.rectangle(frame, (2, 2), (157, 117), 1, 1)
    document.replace(frame, "frame")
    mouse.drag((80, 60))
    assert np.count_nonzero(document.mask) == 156 * 116


def whole_image():
    from scratchgui.core.geometry import Box

    return Box(0, 0, 160, 120)


def test_an_empty_mask_is_not_filled(canvas, mouse, editor, qtbot):
    canvas.set_image(np.zeros((120, 160), np.uint8))
    made = MaskDocument.blank("b.png", 160, 120)
    canvas.set_document(made)
    editor.tool = ToolKey.FILL
    with qtbot.waitSignal(canvas.told):
        mouse.drag((50, 50))
    assert not made.has_own_mask


def test_a_click_on_a_defect_gives_it_the_active_class_and_alt_erases_it(canvas, mouse, document, editor):
    editor.active_class = 3
    mouse.drag((60, 102))
    assert (document.mask[100:104, 20:120] == 3).all()
    mouse.drag((60, 102), keys=ALT)
    assert not document.mask[100:104].any()
    assert document.mask[20:81].any()
    mouse.drag((60, 102), keys=ALT)
    assert len(document.history) == 2


def test_a_hidden_defect_is_left_as_it_is_and_that_is_said(canvas, mouse, document, editor, ring, qtbot):
    editor.classes.set_classes(
        [DefectClass(name="a", color="#ff5a1f"), DefectClass(name="b", color="#56b4e9", hidden=True)]
    )
    for keys in (ALT, Qt.KeyboardModifier.NoModifier):
        with qtbot.waitSignal(canvas.told) as told:
            mouse.drag((60, 102), keys=keys)
        assert "hidden" in told.args[0]
    assert np.array_equal(document.mask, ring)


def test_other_and_locked_classes_are_spared(canvas, mouse, document, editor, ring):
    editor.options.protect_others = True
    mouse.drag((60, 102))
    assert np.array_equal(document.mask, ring)
    editor.options.protect_others = False
    document.locked = frozenset({2})
    mouse.drag((60, 102))
    mouse.drag((60, 102), keys=ALT)
    assert np.array_equal(document.mask, ring)
    assert len(document.history) == 0


def test_the_prediction_is_taken_over_before_it_is_filled(canvas, mouse, ring, editor, qtbot):
    canvas.set_image(np.zeros((120, 160), np.uint8))
    made = MaskDocument.blank("b.png", 160, 120)
    canvas.set_document(made)
    canvas.set_prediction_mask(ring)
    canvas.about_to_edit.connect(lambda: made.replace(ring, "Accept prediction"))
    editor.tool = ToolKey.FILL
    mouse.drag((150, 10))
    assert not made.has_own_mask, "a click that does nothing takes nothing over"
    mouse.drag((50, 50))
    assert [step.text for step in made.history] == ["Accept prediction", "Fill"]
    assert made.mask[50, 50] == 1
    assert made.mask[102, 60] == 2


def test_outside_and_where_nothing_may_be_edited_nothing_happens(canvas, mouse, document, ring):
    mouse.drag((-10, 50))
    mouse.drag((50, 125))
    canvas.editable = False
    mouse.drag((50, 50))
    assert np.array_equal(document.mask, ring)


def test_its_hint_speaks_of_classes_where_there_are_several(canvas, document, editor):
    assert "class" not in canvas.hint
    editor.classes.set_classes(
        [DefectClass(name="scratch", color="#ff0000"), DefectClass(name="dent", color="#00ff00")]
    )
    assert "class" in canvas.hint
