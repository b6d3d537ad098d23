"""Pieces of scratches that belong together, and such that do not."""

from __future__ import annotations

from math import cos, radians, sin

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scratchgui.core.joining import join_pieces
from scratchgui.core.regions import find_regions

SIDE = 400


def line(mask: np.ndarray, x0: float, y0: float, x1: float, y1: float, width: int = 3, label: int = 1) -> None:
    points = np.array([[[x0, y0]], [[x1, y1]]]).round().astype(int)
    cv2.polylines(mask, [points], False, label, width)


def canvas() -> np.ndarray:
    return np.zeros((SIDE, SIDE), np.uint8)


def pieces(mask: np.ndarray) -> int:
    return len(find_regions(mask))


@settings(deadline=None)
@given(st.floats(0, 180), st.integers(1, 9), st.integers(3, 25), st.floats(-0.5, 0.5))
def test_a_scratch_with_a_gap_becomes_one_in_any_direction(angle: float, width: int, gap: int, shift: float) -> None:
    mask, (dx, dy) = canvas(), (cos(radians(angle)), sin(radians(angle)))
    middle = SIDE / 2 + shift
    for sign in (-1, 1):
        near, far = sign * (gap + width) / 2, sign * 120
        line(mask, middle + dx * near, middle + dy * near, middle + dx * far, middle + dy * far, width)
    before = mask.copy()
    assume(pieces(mask) == 2)  # rounded to pixels, the two may touch across a gap of three
    join_pieces(mask, 1, gap + 3)
    assert pieces(mask) == 1
    assert (mask >= before).all()
    added = (mask != before).sum()
    # About as wide as the scratch and as long as the gap.
    assert added <= (width + 2) * (gap + 5)


def test_a_gap_that_is_too_long_stays() -> None:
    mask = canvas()
    mask[100:103, 50:150] = mask[100:103, 160:260] = 1
    for longest, left in ((9, 2), (10, 1)):
        found = mask.copy()
        join_pieces(found, 1, longest)
        assert pieces(found) == left
    assert np.array_equal(np.flatnonzero((found != mask).any(axis=0)), np.arange(150, 160))
    assert np.array_equal(np.flatnonzero((found != mask).any(axis=1)), np.arange(100, 103))


@pytest.mark.parametrize("distance", [2, 4, 8, 20])
@pytest.mark.parametrize("shift", [0, 3, 40, 95])
def test_parallel_scratches_side_by_side_stay_apart(distance: int, shift: int) -> None:
    mask = canvas()
    mask[100, 50:150] = 1
    mask[100 + distance, 50 + shift : 150 + shift] = 1
    before = mask.copy()
    join_pieces(mask, 1, 30)
    assert np.array_equal(mask, before)


@pytest.mark.parametrize("angle", [40, 60, 90])
def test_scratches_that_meet_at_an_angle_stay_apart(angle: int) -> None:
    mask = canvas()
    line(mask, 80, 200, 190, 200)
    line(mask, 205, 200, 205 + 110 * cos(radians(angle)), 200 + 110 * sin(radians(angle)))
    before = mask.copy()
    join_pieces(mask, 1, 30)
    assert np.array_equal(mask, before)


def test_a_curved_scratch_is_joined_along_its_curve() -> None:
    mask = canvas()
    for first, last in ((0, 40), (48, 100), (108, 160)):
        cv2.ellipse(mask, (200, 200), (120, 120), 0, first, last, 1, 3)
    assert pieces(mask) == 3
    join_pieces(mask, 1, 20)
    assert pieces(mask) == 1
    rows, columns = np.nonzero(mask)
    assert np.abs(np.hypot(rows - 200, columns - 200) - 120).max() < 4


def test_a_dashed_scratch_becomes_one_and_dots_do_not() -> None:
    dashed, dotted = canvas(), canvas()
    for column in range(40, 340, 16):
        dashed[100:102, column : column + 10] = 1
        cv2.circle(dotted, (column, 100), 3, 1, -1)
    join_pieces(dashed, 1, 6)
    assert pieces(dashed) == 1
    before = dotted.copy()
    join_pieces(dotted, 1, 30)
    assert np.array_equal(dotted, before)


def test_each_end_is_joined_with_the_nearest_alone() -> None:
    mask = canvas()
    mask[100, 50:150] = mask[100, 156:200] = 1
    mask[104, 162:260] = 1
    join_pieces(mask, 1, 30)
    assert pieces(mask) == 2
    assert mask[100, 50:200].all()


def test_other_classes_are_neither_joined_nor_painted_over() -> None:
    mask = canvas()
    mask[100:103, 50:150] = 1
    mask[100:103, 160:260] = 2
    before = mask.copy()
    join_pieces(mask, 1, 30)
    assert np.array_equal(mask, before)
    mask[100:103, 160:260] = 1
    mask[90:110, 154] = 2
    join_pieces(mask, 1, 30)
    assert (mask[90:110, 154] == 2).all()
    assert (mask[101, 150:154] == 1).all()


def test_ends_at_the_edge_of_the_image() -> None:
    mask = canvas()
    mask[0:2, 0:40] = mask[0:2, 50:90] = 1
    mask[SIDE - 1, SIDE - 40 :] = mask[SIDE - 1, SIDE - 100 : SIDE - 50] = 1
    join_pieces(mask, 1, 12)
    assert pieces(mask) == 2


def test_nothing_to_join() -> None:
    for mask in (canvas(), np.ones((3, 3), np.uint8), np.zeros((1, 1), np.uint8)):
        before = mask.copy()
        join_pieces(mask, 1, 50)
        assert np.array_equal(mask, before)
