"""Strokes, undo and redo of masks, against plain copies of the label map."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument

coordinate = st.floats(-30, 330, allow_nan=False)
stroke = st.tuples(
    st.integers(0, 3), st.integers(1, 60), st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=4)
)
step = st.one_of(
    stroke,
    st.sampled_from(["undo", "redo", "clear", "cancelled"]),
    st.tuples(st.integers(0, 299), st.integers(0, 269)),
)


def paint(document: MaskDocument, label: int, diameter: int, points: list[tuple[float, float]]) -> None:
    document.begin_stroke(label)
    for start, end in zip(points, points[1:] or points, strict=False):
        document.extend_stroke(*start, *end, diameter)


def run(document: MaskDocument, action: object) -> None:
    if action == "undo":
        document.undo()
    elif action == "redo":
        document.redo()
    elif action == "clear":
        document.clear()
    elif action == "cancelled":
        paint(document, 2, 30, [(0, 0), (200, 100)])
        document.cancel_stroke()
    elif len(action) == 2:
        document.delete_region(*action)
    else:
        paint(document, *action)
        document.end_stroke("Brush stroke")


@settings(max_examples=60, deadline=None)
@given(st.lists(step, max_size=12), st.integers(0, 2**32 - 1))
def test_undo_and_redo_restore_every_state_bit_for_bit(actions, seed):
    start = np.random.default_rng(seed).integers(0, 2, (270, 300), np.uint8) * np.uint8(2)
    document = MaskDocument("a.png", start.copy())
    states = [start]
    for action in actions:
        run(document, action)
        index = document.history.done
        del states[len(document.history) + 1 :]
        if index == len(states):
            states.append(document.mask.copy())
        elif action not in ("undo", "redo") and index == len(document.history):
            states[index] = document.mask.copy()
        np.testing.assert_array_equal(document.mask, states[index])
        assert document.is_empty == (not states[index].any())
    while document.redo():
        pass
    for index in range(len(document.history), -1, -1):
        np.testing.assert_array_equal(document.mask, states[index])
        assert document.is_empty == (not states[index].any())
        assert document.undo() == (index > 0)
    while document.redo():
        pass
    np.testing.assert_array_equal(document.mask, states[-1])


def test_changed_boxes_cover_all_changes(qtbot):
    document = MaskDocument.blank("a.png", 1000, 800)
    shown = document.mask.copy()

    def copy(box: Box) -> None:
        shown[box.slices] = document.mask[box.slices]

    document.changed.connect(copy)
    paint(document, 1, 21, [(10, 10), (990, 700), (-50, 300)])
    np.testing.assert_array_equal(shown, document.mask)
    document.end_stroke("Brush stroke")
    document.undo()
    assert not shown.any()
    document.redo()
    document.delete_region(10, 10)
    np.testing.assert_array_equal(shown, document.mask)


def test_undo_touches_only_the_stroke():
    document = MaskDocument.blank("a.png", 4000, 4000)
    paint(document, 1, 20, [(700, 700), (730, 710)])
    document.end_stroke("Brush stroke")
    boxes: list[Box] = []
    document.changed.connect(boxes.append)
    document.undo()
    assert sum(box.area for box in boxes) <= 60 * 40


def test_a_gesture_is_one_step_with_its_name_and_an_idle_one_is_none():
    document = MaskDocument.blank("a.png", 50, 50)
    paint(document, 0, 5, [(1, 1), (9, 9)])
    assert not document.end_stroke("Erase")
    assert len(document.history) == 0
    paint(document, 1, 5, [(1, 1), (9, 9), (3, 20)])
    assert document.end_stroke("Brush stroke")
    assert document.history.last.text == "Brush stroke"
    assert len(document.history) == 1


def test_own_mask_begins_with_the_first_step_and_ends_with_its_undo(qtbot):
    document = MaskDocument.blank("a.png", 50, 50)
    told: list[bool] = []
    document.own_mask_changed.connect(told.append)
    assert not document.has_own_mask
    assert not document.replace(np.zeros((50, 50), np.uint8), "Accept prediction")
    assert document.has_own_mask
    document.mark_saved(document.revision)
    document.undo()
    assert told == [True, False]
    document.begin_stroke(1)
    document.cancel_stroke()
    assert told == [True, False, True, False]


def test_dirty_until_the_last_revision_is_saved(qtbot):
    document = MaskDocument.blank("a.png", 50, 50)
    told: list[bool] = []
    document.dirty_changed.connect(told.append)
    paint(document, 1, 5, [(5, 5)])
    document.end_stroke("Brush stroke")
    early = document.revision
    document.clear()
    document.mark_saved(early)
    assert document.dirty
    document.mark_saved(document.revision)
    assert told == [True, False]
    assert document.has_own_mask


def test_a_running_stroke_and_locked_classes_count_as_marks():
    document = MaskDocument.blank("a.png", 600, 600)
    assert document.is_empty
    paint(document, 2, 9, [(20, 550)])
    assert not document.is_empty
    document.cancel_stroke()
    assert document.is_empty
    paint(document, 2, 9, [(20, 550)])
    document.end_stroke("Brush stroke")
    document.locked = frozenset({2})
    document.clear()
    assert not document.is_empty
    document.locked = frozenset()
    document.clear("Mark as clean")
    assert document.is_empty
    assert not document.clear()
    assert len(document.history) == 2


def test_undo_during_a_stroke_takes_the_stroke_back_first():
    document = MaskDocument.blank("a.png", 100, 100)
    paint(document, 1, 9, [(20, 20)])
    document.end_stroke("Brush stroke")
    paint(document, 2, 9, [(22, 22)])
    document.undo()
    assert not document.mask.any()


@pytest.mark.parametrize("mask", [np.zeros((4, 4), np.int32), np.zeros((4, 4, 3), np.uint8)])
def test_wrong_masks_are_refused(mask):
    with pytest.raises(ValueError, match="uint8"):
        MaskDocument("a.png", mask)


def test_a_mask_of_another_size_cannot_be_taken_over():
    with pytest.raises(ValueError, match="cannot replace"):
        MaskDocument.blank("a.png", 4, 4).replace(np.zeros((4, 5), np.uint8), "Accept prediction")


def test_a_thousand_strokes_need_little_memory():
    document = MaskDocument.blank("a.png", 6000, 6000)
    random = np.random.default_rng(1)
    for x, y in random.uniform(0, 6000, (200, 2)):
        way = np.cumsum(random.uniform(-80, 80, (20, 2)), axis=0) + np.array([x, y])
        paint(document, 1, 40, way.tolist())
        document.end_stroke("Brush stroke")
    steps = list(document.history)
    assert sum(patch.size for step in steps for patch in step.patches) / len(steps) < 20_000


def test_the_mask_of_an_image_that_was_left_is_freed_at_once():
    document = MaskDocument.blank("a.png", 100, 100)
    paint(document, 1, 9, [(10, 10), (60, 60)])
    document.end_stroke("Brush stroke")
    document.undo()
    mask = weakref.ref(document.mask)
    assert not gc.isenabled()  # a mask may have 100 MB: nobody should have to wait for the collector
    del document
    assert mask() is None


def test_what_a_stroke_was_limited_by_is_not_kept():
    class Limit:
        def __call__(self, box):
            return np.ones((box.height, box.width), bool)

    document = MaskDocument.blank("a.png", 50, 50)
    for end in (lambda: document.end_stroke("Brush stroke"), document.cancel_stroke):
        limit = Limit()
        document.begin_stroke(1, only=limit)
        document.extend_stroke(5, 5, 20, 20, 5)
        end()
        kept = weakref.ref(limit)
        del limit
        gc.collect()
        assert kept() is None
