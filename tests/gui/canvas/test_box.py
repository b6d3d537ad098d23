"""The box: keep the prediction inside, or delete what is inside."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.core.project import DefectClass
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank, pixels, steps

ALT = Qt.KeyboardModifier.AltModifier
UPPER = ((20.5, 10.5), (99.5, 39.5))


@pytest.fixture
def prediction() -> np.ndarray:
    """Two scratches of class 1 and a dent of class 2."""
    made = np.zeros((120, 160), np.uint8)
    made[20:23, 30:110] = made[60:64, 30:110] = 1
    made[30:36, 40:60] = 2
    return made


@pytest.fixture
def document(canvas, editor, prediction) -> MaskDocument:
    made = open_blank(canvas, np.full((120, 160), 128, np.uint8))
    canvas.set_prediction_mask(prediction)
    canvas.about_to_edit.connect(lambda: made.replace(prediction, "Accept prediction"))
    editor.tool = ToolKey.BOX
    return made


def upper(prediction: np.ndarray) -> np.ndarray:
    expected = np.zeros_like(prediction)
    expected[10:40, 20:100] = prediction[10:40, 20:100]
    return expected


def test_the_first_box_keeps_only_what_is_inside(canvas, mouse, document, prediction, qtbot):
    with qtbot.waitSignals([canvas.about_to_pick, canvas.stroke_finished]):
        mouse.drag(*UPPER)
    assert np.array_equal(document.mask, upper(prediction)), "pixels that the box touches, with their classes"
    assert steps(document) == ["Keep prediction in box"]
    document.undo()
    assert not document.has_own_mask


@pytest.mark.parametrize("corners", [((99.5, 39.5), (20.5, 10.5)), ((20.5, 39.5), (99.5, 10.5))])
def test_the_box_can_be_drawn_from_every_corner(canvas, mouse, document, prediction, corners):
    mouse.drag(*corners)
    assert np.array_equal(document.mask, upper(prediction))


def test_further_boxes_add_and_overwrite_nothing(canvas, mouse, document, prediction):
    mouse.drag(*UPPER)
    box = box_of(30, 20, 20, 3)
    document.write(box, np.full((3, 20), 3, np.uint8), "stain")
    mouse.drag((-10, -10), (170, 130))
    expected = prediction.copy()
    expected[20:23, 30:50] = 3
    assert np.array_equal(document.mask, expected)


def box_of(*sides: int):
    from scratchgui.core.geometry import Box

    return Box(*sides)


def test_a_box_without_anything_to_keep_says_so(canvas, mouse, document, qtbot):
    with qtbot.waitSignal(canvas.told):
        mouse.drag((120, 80), (150, 110))
    assert not document.has_own_mask
    mouse.drag(*UPPER)
    with qtbot.waitSignal(canvas.told):
        mouse.drag(*UPPER)
    assert len(steps(document)) == 1


@pytest.mark.parametrize("way", ["alt", "option"])
def test_deleting_takes_the_prediction_over_first(canvas, mouse, document, editor, prediction, way):
    if way == "option":
        editor.options.box_action = "delete"
    mouse.drag(*UPPER, keys=ALT if way == "alt" else Qt.KeyboardModifier.NoModifier)
    assert np.array_equal(document.mask, prediction - upper(prediction))
    assert steps(document) == ["Accept prediction", "Delete in box"]
    document.undo()
    assert np.array_equal(document.mask, prediction)


def test_alt_keeps_where_the_option_deletes(canvas, mouse, document, editor, prediction):
    editor.options.box_action = "delete"
    mouse.drag(*UPPER, keys=ALT)
    assert np.array_equal(document.mask, upper(prediction))


def test_deleting_nothing_takes_nothing_over(canvas, mouse, document, qtbot):
    with qtbot.waitSignal(canvas.told):
        mouse.drag((120, 80), (150, 110), keys=ALT)
    assert not document.has_own_mask


def test_other_and_locked_classes_are_spared(canvas, mouse, document, editor, prediction):
    document.replace(prediction, "all")
    document.locked = frozenset({2})
    mouse.drag((0, 0), (160, 120), keys=ALT)
    assert np.array_equal(document.mask, np.where(prediction == 2, 2, 0))
    document.locked = frozenset()
    editor.options.protect_others = True
    mouse.drag((0, 0), (160, 120), keys=ALT)
    assert (document.mask == 2).any()


def test_hidden_classes_are_neither_kept_nor_deleted(canvas, mouse, document, editor, prediction):
    colors = ["#ff5a1f", "#56b4e9"]
    editor.classes.set_classes(
        [DefectClass(name=color, color=color, hidden=label == 2) for label, color in enumerate(colors, 1)]
    )
    mouse.drag((0, 0), (160, 120))
    assert np.array_equal(document.mask, np.where(prediction == 1, 1, 0))
    document.replace(prediction, "all")
    plain = pixels(canvas)
    mouse.press(30.5, 26.5, ALT)
    mouse.move(90.5, 39.5, ALT)
    place = canvas.viewport.placement
    inside = np.s_[place.y + 2 * 31 : place.y + 2 * 35, place.x + 2 * 42 : place.x + 2 * 58]
    assert np.array_equal(pixels(canvas)[inside], plain[inside])
    mouse.release(90.5, 39.5, ALT)
    mouse.drag((0, 0), (160, 120), keys=ALT)
    assert np.array_equal(document.mask, np.where(prediction == 2, 2, 0))


def test_escape_and_a_click_do_nothing(canvas, mouse, document):
    plain = pixels(canvas)
    mouse.press(*UPPER[0])
    mouse.move(*UPPER[1])
    assert not np.array_equal(pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert np.array_equal(pixels(canvas), plain)
    mouse.release(*UPPER[1])
    mouse.drag((50, 21))
    mouse.drag((50, 21), (50.5, 21.5))
    assert not document.has_own_mask


def test_what_would_change_is_outlined_inside_the_box_only(canvas, mouse, document):
    plain = pixels(canvas)
    mouse.press(*UPPER[0])
    mouse.move(*UPPER[1])
    place = canvas.viewport.placement
    changed = (pixels(canvas) != plain).any(axis=2)
    part = changed[place.y : place.y + 240, place.x : place.x + 320]
    assert part[2 * 20 + 1, 2 * 35 : 2 * 95].all()
    assert not part[2 * 20 + 1, 2 * 103 :].any()
    assert not part[2 * 50 :].any()
    mouse.move(40.5, 39.5)
    changed = (pixels(canvas) != plain).any(axis=2)
    part = changed[place.y : place.y + 240, place.x : place.x + 320]
    assert not part[:, 2 * 45 :].any(), "what the larger box showed is gone"


def test_what_can_still_be_kept_is_outlined(canvas, mouse, document, editor):
    mouse.drag(*UPPER)
    with_candidates = pixels(canvas)
    editor.tool = ToolKey.PAN
    assert not np.array_equal(pixels(canvas), with_candidates)


def test_nothing_changes_where_nothing_may_be_edited(canvas, mouse, document):
    canvas.editable = False
    mouse.drag(*UPPER)
    mouse.drag(*UPPER, keys=ALT)
    assert not document.has_own_mask


def test_without_an_image_nothing_happens(canvas, mouse, editor):
    editor.tool = ToolKey.BOX
    mouse.drag((1, 1), (50, 50))
    mouse.drag((1, 1), (50, 50), keys=ALT)


def test_a_move_is_quick_over_24_megapixels(canvas, mouse, editor):
    rng = np.random.default_rng(4)
    prediction = (rng.random((4000, 6000)) > 0.9999).astype(np.uint8)
    canvas.set_image(np.zeros((4000, 6000), np.uint8))
    canvas.set_document(MaskDocument.blank("a.png", 6000, 4000))
    canvas.set_prediction_mask(prediction)
    canvas.fit()
    editor.tool = ToolKey.BOX
    mouse.press(10, 10)
    times = []
    for step in range(15):
        begun = time.perf_counter()
        mouse.move(3000 + 150 * step, 2000 + 100 * step)
        QApplication.processEvents()
        times.append(time.perf_counter() - begun)
    assert sorted(times)[7] < 0.016
