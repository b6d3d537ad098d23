"""Region picks: keep, select, delete, join and cut whole defects, by mouse and keys."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.core.regions import find_regions
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank, pixels, steps

SHIFT, ALT, CONTROL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def prediction() -> np.ndarray:
    """Three scratches: a at row 20, b at row 60 and c at row 100, all from column 30 to 109."""
    made = np.zeros((120, 160), np.uint8)
    made[20:23, 30:110] = made[60:64, 30:110] = made[100, 30:110] = 1
    return made


A, B, C, NOTHING = (60, 21), (60, 61), (60, 100), (140, 85)


@pytest.fixture
def document(canvas, editor, surface, prediction) -> MaskDocument:
    made = open_blank(canvas, surface)
    canvas.set_prediction_mask(prediction)
    canvas.about_to_edit.connect(lambda: made.replace(prediction, "Accept prediction"))
    editor.tool = ToolKey.PICK
    return made


@pytest.fixture
def marked(document, prediction) -> MaskDocument:
    """The mask is the inspector's and holds what was predicted."""
    document.replace(prediction, "Accept prediction")
    return document


def click(mouse, at: tuple[int, int], keys=Qt.KeyboardModifier.NoModifier) -> None:
    mouse.move(at[0] + 0.5, at[1] + 0.5)
    mouse.drag((at[0] + 0.5, at[1] + 0.5), keys=keys)


def test_the_first_click_keeps_only_what_is_clicked(canvas, mouse, document, prediction, qtbot):
    canvas.about_to_edit.connect(lambda: pytest.fail("the rest of the prediction was taken over"))
    with qtbot.waitSignals([canvas.about_to_pick, canvas.stroke_finished]):
        click(mouse, A)
    assert steps(document) == ["Accept defect"]
    assert np.array_equal(document.mask[:40], prediction[:40])
    assert not document.mask[40:].any()
    with qtbot.assertNotEmitted(canvas.about_to_pick):
        click(mouse, C)
    assert np.array_equal(document.mask[80:], prediction[80:])
    assert steps(document) == ["Accept defect", "Accept defect"]
    document.undo()
    document.undo()
    assert not document.has_own_mask
    assert canvas.shown_mask is prediction


def test_what_is_not_picked_yet_stays_to_be_seen_while_picking(canvas, mouse, document, editor):
    click(mouse, A)
    mouse.move(*NOTHING)
    bare = pixels_at(canvas, mouse, B)
    editor.tool = ToolKey.PAN
    assert not np.array_equal(pixels_at(canvas, mouse, B), bare)
    editor.tool = ToolKey.PICK
    assert np.array_equal(pixels_at(canvas, mouse, B), bare)
    click(mouse, B)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.move(*NOTHING)
    with_candidates = pixels(canvas)
    editor.tool = ToolKey.PAN
    y = round(mouse.point(0, B[1] + 8).y())
    assert np.array_equal(with_candidates[:y], pixels(canvas)[:y]), "what is in the mask has no second outline"


def pixels_at(canvas, mouse, at: tuple[int, int]) -> np.ndarray:
    """What is on screen around an image point."""
    x, y = round(mouse.point(*at).x()), round(mouse.point(*at).y())
    return pixels(canvas)[y - 10 : y + 10, x - 10 : x + 10]


def test_the_mouse_outlines_what_is_in_neither_or_both_once(canvas, mouse, document):
    mouse.move(*NOTHING)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    plain = pixels(canvas)
    mouse.move(*A)
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert not np.array_equal(pixels(canvas), plain)
    mouse.move(*NOTHING)
    assert np.array_equal(pixels(canvas), plain)
    assert not document.has_own_mask


def test_a_scratch_of_one_pixel_is_hit_when_the_image_is_small_on_screen(canvas, mouse, document, prediction):
    canvas.set_zoom(0.5)
    click(mouse, (70, 104))
    assert np.array_equal(document.mask[80:], prediction[80:])
    click(mouse, (70, 113))
    assert steps(document) == ["Accept defect"]


def test_a_click_selects_a_marked_defect_and_escape_lets_it_go(canvas, mouse, marked, qtbot):
    with qtbot.waitSignal(canvas.region_clicked) as told:
        click(mouse, B)
    assert told.args == list(B)
    assert steps(marked) == ["Accept prediction"]
    with qtbot.waitSignal(canvas.region_clicked) as told:
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert told.args == [-1, -1]


def test_delete_takes_the_one_under_the_mouse_before_the_selected_one(canvas, mouse, marked):
    click(mouse, A)
    mouse.move(*B)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert not marked.mask[50:70].any()
    assert marked.mask[:40].any()
    mouse.move(*NOTHING)
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert not marked.mask[:40].any()
    assert steps(marked) == ["Accept prediction", "Delete defect", "Delete defect"]
    assert marked.mask[100, 30:110].all()


def test_deleting_a_predicted_defect_keeps_the_others(canvas, mouse, document, prediction):
    mouse.move(*B)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert steps(document) == ["Accept prediction", "Delete defect"]
    expected = prediction.copy()
    expected[60:64] = 0
    assert np.array_equal(document.mask, expected)


def test_a_drag_keeps_everything_it_touches_in_one_step(canvas, mouse, document, prediction):
    mouse.drag((50, 5), (50, 40), (52, 80))
    assert steps(document) == ["Accept 2 defects"]
    assert np.array_equal(document.mask[:90], prediction[:90])
    assert not document.mask[90:].any()
    document.undo()
    assert not document.mask.any()


def test_a_drag_with_alt_deletes_everything_it_touches_in_one_step(canvas, mouse, marked, prediction):
    mouse.drag((50, 5), (50, 118), keys=ALT)
    assert steps(marked) == ["Accept prediction", "Delete 3 defects"]
    assert not marked.mask.any()
    marked.undo()
    assert np.array_equal(marked.mask, prediction)


def test_escape_takes_a_sweep_back(canvas, mouse, document):
    mouse.press(50, 5)
    mouse.move(50, 80)
    assert document.mask.any()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.release(50, 80)
    assert not document.mask.any()
    assert not document.has_own_mask


def test_a_candidate_does_not_overwrite_other_classes(canvas, mouse, document, prediction):
    document.write(find_box(prediction, 21), np.full((3, 40), 2, np.uint8), "dent")
    click(mouse, (100, 21))
    assert (document.mask[20:23, 30:70] == 2).all()
    assert (document.mask[20:23, 70:110] == 1).all()


def find_box(prediction, row):
    from scratchgui.core.geometry import Box

    return Box(30, row - 1, 40, 3)


def test_control_joins_two_by_a_bridge_of_the_thinner_ones_width(canvas, mouse, marked):
    click(mouse, B)
    click(mouse, C, CONTROL)
    assert steps(marked)[-1] == "Join defects"
    assert len(find_regions(marked.mask)) == 2
    between = np.count_nonzero(marked.mask[64:100], axis=1)
    assert (between == 1).all()
    marked.undo()
    assert len(find_regions(marked.mask)) == 3


def test_joining_gives_the_first_ones_class_and_takes_a_predicted_one_in(canvas, mouse, document):
    click(mouse, A)
    document.fill(*region_box(document, A), 3, "Change class")
    click(mouse, B, CONTROL)
    assert (document.mask[60:64, 30:110] == 3).all()
    assert len(find_regions(document.mask)) == 1
    assert steps(document)[-1] == "Join defects"


def region_box(document, at):
    from scratchgui.core.regions import region_at

    return region_at(document.mask, *at)


def test_joining_a_defect_with_itself_does_nothing(canvas, mouse, marked):
    click(mouse, A)
    click(mouse, (90, 21), CONTROL)
    assert steps(marked) == ["Accept prediction"]


@pytest.mark.parametrize("line", [((70, 50), (70, 75)), ((40, 40), (95, 85)), ((70, -30), (70, 75))])
def test_a_line_with_shift_cuts_a_defect_in_two(canvas, mouse, marked, line):
    before = np.count_nonzero(marked.mask[50:70])
    mouse.drag(*line, keys=SHIFT)
    assert steps(marked)[-1] == "Cut defect"
    parts = find_regions(marked.mask[50:70])
    assert len(parts) == 2
    assert 4 <= before - sum(part.area for part in parts) <= 10
    marked.undo()
    assert np.count_nonzero(marked.mask[50:70]) == before


def test_a_line_that_divides_nothing_erases_nothing(canvas, mouse, marked, prediction):
    mouse.drag((70, 50), (70, 61), keys=SHIFT)
    mouse.drag((10, 61), (60, 61), keys=SHIFT)
    mouse.drag((-30, -20), (-10, -20), keys=SHIFT)
    assert np.array_equal(marked.mask, prediction)
    assert steps(marked) == ["Accept prediction"]


def test_with_a_selected_defect_only_that_one_is_cut(canvas, mouse, marked):
    click(mouse, B)
    mouse.drag((70, 5), (70, 118), keys=SHIFT)
    assert [len(find_regions(marked.mask[rows])) for rows in (slice(40), slice(40, 80), slice(80, None))] == [1, 2, 1]


def test_locked_defects_are_neither_deleted_nor_joined(canvas, mouse, marked, prediction):
    marked.locked = frozenset({1})
    mouse.drag((50, 5), (50, 118), keys=ALT)
    click(mouse, A)
    click(mouse, B, CONTROL)
    mouse.drag((70, 5), (70, 118), keys=SHIFT)
    assert np.array_equal(marked.mask, prediction)
    assert steps(marked) == ["Accept prediction"]


def test_nothing_is_picked_where_nothing_may_be_edited(canvas, mouse, document):
    canvas.editable = False
    click(mouse, A)
    mouse.drag((50, 5), (50, 118), keys=ALT)
    mouse.drag((70, 5), (70, 118), keys=SHIFT)
    assert not document.has_own_mask


def test_undo_brings_back_what_a_selected_defect_was(canvas, mouse, marked):
    click(mouse, A)
    mouse.move(*NOTHING)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    marked.undo()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert steps(marked) == ["Accept prediction"], "what was deleted is selected no more"


def test_hovering_is_quick_over_a_hundred_megapixels(canvas, mouse, editor):
    side = 10_000
    mask = np.zeros((side, side), np.uint8)
    import cv2

    cv2.line(mask, (3000, 3000), (5000, 4500), 1, 3)
    canvas.set_image(np.zeros((side, side), np.uint8))
    canvas.set_document(MaskDocument("a.png", mask))
    canvas.set_zoom(1)
    editor.tool = ToolKey.PICK
    times = []
    for _ in range(9):
        for at in ((4000, 3750), (4000, 3900)):
            begun = time.perf_counter()
            mouse.move(*at)
            times.append(time.perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.02


def test_delete_does_nothing_once_the_mouse_has_left_or_the_prediction_has_changed(canvas, mouse, document, prediction):
    for forget in (
        lambda: QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave)),
        lambda: canvas.set_prediction_mask(np.zeros_like(prediction)),
    ):
        mouse.move(A[0] + 0.5, A[1] + 0.5)
        assert canvas._router.tool.takes_key(Qt.Key.Key_Delete)
        forget()
        assert not canvas._router.tool.takes_key(Qt.Key.Key_Delete)
