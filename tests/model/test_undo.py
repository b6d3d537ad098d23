"""History and snapshots of a mask: nothing is lost, whatever is done in between, and no copy holds the window up."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.snapshot import Snapshot
from scratchgui.model.undo import differences

WIDTH, HEIGHT = 1500, 300

point = st.tuples(st.integers(-20, WIDTH + 20), st.integers(-20, HEIGHT + 20))
deed = st.one_of(
    st.tuples(st.just("stroke"), st.integers(0, 3), st.integers(1, 80), point, point),
    st.tuples(st.just("fill"), st.integers(0, 3), st.integers(0, WIDTH - 60), st.integers(0, HEIGHT - 60)),
    st.tuples(st.just("lock"), st.sets(st.integers(0, 3))),
    st.tuples(st.sampled_from(["undo", "redo", "clear", "replace", "rewound", "cancelled"])),
)


def start_mask(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 3, (HEIGHT, WIDTH), np.uint8)


def do(document: MaskDocument, action: tuple) -> None:
    kind, *rest = action
    if kind == "stroke":
        label, size, begin, end = rest
        document.begin_stroke(label)
        document.extend_stroke(*begin, *end, size)
        document.end_stroke("Brush stroke")
    elif kind == "fill":
        label, x, y = rest
        document.fill(Box(x, y, 60, 60), np.eye(60, dtype=bool), label, "Fill")
    elif kind == "lock":
        document.locked = frozenset(rest[0])
    elif kind == "replace":
        document.replace(start_mask(9), "Accept prediction")
    elif kind in ("rewound", "cancelled"):
        document.begin_stroke(3)
        document.extend_stroke(0, 0, WIDTH, HEIGHT, 30)
        document.rewind_stroke()
        document.extend_stroke(WIDTH, 0, 0, HEIGHT, 30)
        document.end_stroke("Line") if kind == "rewound" else document.cancel_stroke()
    else:
        {"undo": document.undo, "redo": document.redo, "clear": document.clear}[kind]()


@settings(max_examples=40, deadline=None)
@given(st.lists(deed, max_size=10))
def test_strokes_fills_and_locks_are_undone_and_redone_bit_for_bit(actions):
    document = MaskDocument("a.png", start_mask())
    seen = {0: document.mask.copy()}
    for action in actions:
        pushed, locked, before = len(document.history), document.locked, document.mask.copy()
        do(document, action)
        if action[0] in ("undo", "redo"):
            np.testing.assert_array_equal(document.mask, seen[document.history.done])
        elif len(document.history) != pushed or not np.array_equal(before, document.mask):
            seen[document.history.done] = document.mask.copy()
        if locked and action[0] not in ("undo", "redo"):
            held = np.isin(before, list(locked))
            np.testing.assert_array_equal(document.mask[held], before[held])
    while document.redo():
        pass
    for index in range(len(document.history), -1, -1):
        np.testing.assert_array_equal(document.mask, seen[index])
        assert document.undo() == (index > 0)
    while document.redo():
        pass
    np.testing.assert_array_equal(document.mask, seen[len(document.history)])


class Between:
    """A lock that lets something happen each time the copying thread has let go of it."""

    def __init__(self, happen) -> None:
        self._happen = happen
        self._busy = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if not self._busy:
            self._busy = True
            self._happen()
            self._busy = False


@settings(max_examples=40, deadline=None)
@given(st.lists(deed, max_size=8), st.lists(deed, min_size=1, max_size=6))
def test_a_snapshot_is_the_mask_when_it_was_taken_whatever_is_done_between_its_bands(before, during):
    document = MaskDocument("a.png", start_mask())
    taken = document.snapshot()
    expected = document.mask.copy()
    for action in before:
        do(document, action)
    waiting = list(during)
    taken._lock = Between(lambda: do(document, waiting.pop(0)) if waiting else None)
    np.testing.assert_array_equal(taken.copy(), expected)
    assert taken.is_copied


def test_a_snapshot_taken_in_the_middle_of_a_stroke_outlives_that_it_is_taken_back():
    document = MaskDocument("a.png", start_mask())
    document.begin_stroke(3)
    document.extend_stroke(0, 0, WIDTH, HEIGHT, 30)
    taken, expected = document.snapshot(), document.mask.copy()
    document.cancel_stroke()
    np.testing.assert_array_equal(taken.copy(), expected)


def test_another_thread_copies_while_the_mask_is_painted():
    for seed in range(5):
        document = MaskDocument("a.png", np.random.default_rng(seed).integers(0, 2, (4000, 3000), np.uint8))
        expected, copies = document.mask.copy(), []
        taken = document.snapshot()
        thread = threading.Thread(target=lambda taken=taken, copies=copies: copies.append(taken.copy()))
        thread.start()
        document.begin_stroke(2)
        for y in range(0, 4000, 40):
            document.extend_stroke(0, 4000 - y, 3000, y, 40)
        document.end_stroke("Brush stroke")
        thread.join()
        np.testing.assert_array_equal(copies[0], expected)


def test_taking_a_snapshot_copies_nothing_and_costs_later_strokes_only_what_they_touch():
    document = MaskDocument("a.png", np.zeros((10_000, 10_000), np.uint8))
    began = time.perf_counter()
    snapshots = [document.snapshot() for _ in range(50)]
    assert time.perf_counter() - began < 0.05
    document.fill(Box(5000, 5000, 10, 10), np.ones((10, 10), bool), 1, "Fill")
    assert all(sum(len(row) for row in taken._kept.values()) == 1 for taken in snapshots)


def test_a_snapshot_that_is_copied_or_forgotten_keeps_nothing_any_more():
    document = MaskDocument("a.png", start_mask())
    done, forgotten = document.snapshot(), document.snapshot()
    done.copy()
    del forgotten
    do(document, ("stroke", 3, 20, (10, 10), (300, 200)))
    assert not done._kept
    assert not document._snapshots


@pytest.mark.parametrize("shape", [(1, 1), (1, 100_000), (65, 1025), (64, 1024), (100_000, 1)])
def test_snapshots_of_odd_sizes(shape):
    mask = np.random.default_rng(2).integers(0, 255, shape, np.uint8)
    expected = mask.copy()
    taken = Snapshot(mask)
    box = Box(shape[1] - 1, shape[0] - 1, 1, 1)
    taken.keep(box)
    mask[box.slices] ^= 1
    np.testing.assert_array_equal(taken.copy(), expected)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 1), st.data())
def test_masks_that_differ_in_one_pixel_have_one_difference(height, width, cut, data):
    base = np.random.default_rng(4).integers(0, 9, (height + cut, width + cut), np.uint8)
    first, second = base[cut:, cut:], base[cut:, cut:].copy()
    assert differences(first, second) == []
    row, column = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    second[row, column] += 1
    assert [patch.box for patch in differences(first, second)] == [Box(column, row, 1, 1)]
