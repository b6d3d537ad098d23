from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.brush import disc, stroke_coverage

points = st.tuples(st.floats(-50, 50), st.floats(-50, 50))
whole_points = st.tuples(st.integers(-40, 40), st.integers(-40, 40))
diameters = st.integers(1, 40)


def pixels(x0: float, y0: float, x1: float, y1: float, diameter: int) -> set[tuple[int, int]]:
    covered, left, top = stroke_coverage(x0, y0, x1, y1, diameter)
    rows, columns = np.nonzero(covered)
    return set(zip((columns + left).tolist(), (rows + top).tolist(), strict=True))


@given(points, points, diameters)
def test_a_stroke_is_the_same_both_ways(start: tuple[float, float], end: tuple[float, float], diameter: int) -> None:
    assert pixels(*start, *end, diameter) == pixels(*end, *start, diameter)


@given(whole_points, st.tuples(st.integers(-8, 8), st.integers(-8, 8)), st.integers(1, 4), st.integers(1, 4), diameters)
def test_a_stroke_is_the_union_of_its_parts(
    start: tuple[int, int], step: tuple[int, int], first: int, second: int, diameter: int
) -> None:
    middle = (start[0] + first * step[0], start[1] + first * step[1])
    end = (middle[0] + second * step[0], middle[1] + second * step[1])
    parts = pixels(*start, *middle, diameter) | pixels(*middle, *end, diameter)
    assert pixels(*start, *end, diameter) == parts


@given(points, points, diameters)
def test_the_box_is_tight_and_the_line_has_no_gap(
    start: tuple[float, float], end: tuple[float, float], diameter: int
) -> None:
    covered, _, _ = stroke_coverage(*start, *end, diameter)
    assert covered[0].any() and covered[-1].any() and covered[:, 0].any() and covered[:, -1].any()
    import cv2

    assert cv2.connectedComponents(covered.astype(np.uint8), connectivity=8)[0] == 2


@given(points, points, diameters, st.integers(-5, 5), st.integers(-5, 5))
def test_moving_the_stroke_moves_its_pixels(
    start: tuple[float, float], end: tuple[float, float], diameter: int, right: int, down: int
) -> None:
    start, end = (round(start[0]), round(start[1])), (round(end[0]), round(end[1]))
    moved = pixels(start[0] + right, start[1] + down, end[0] + right, end[1] + down, diameter)
    assert moved == {(x + right, y + down) for x, y in pixels(*start, *end, diameter)}


@given(diameters)
def test_the_stamp_is_round_and_symmetric(diameter: int) -> None:
    stamp = disc(diameter)
    assert stamp.shape == (diameter, diameter)
    assert np.array_equal(stamp, stamp.T)
    assert np.array_equal(stamp, stamp[::-1])
    assert stamp.sum() == pytest.approx(np.pi * diameter**2 / 4, rel=0.28)


@pytest.mark.parametrize(("point", "expected"), [((7.0, 7.0), (7, 7)), ((7.9, 7.1), (7, 7)), ((-0.1, 0.5), (-1, 0))])
def test_a_brush_of_one_pixel_covers_the_pixel_under_the_cursor(
    point: tuple[float, float], expected: tuple[int, int]
) -> None:
    assert pixels(*point, *point, 1) == {expected}


def test_a_horizontal_stroke_has_straight_edges() -> None:
    covered, _, _ = stroke_coverage(0.5, 0.5, 30.5, 0.5, 5)
    assert covered[:, 2:-2].all()


def test_a_brush_of_one_pixel_draws_one_pixel_wide() -> None:
    assert pixels(0, 0, 20, 20, 1) == {(step, step) for step in range(21)}
    assert len(pixels(0, 0, 20, 8, 1)) == 21


@given(points, points, diameters, diameters)
def test_a_tapered_stroke_is_the_same_both_ways_and_holds_both_ends(
    start: tuple[float, float], end: tuple[float, float], first: int, last: int
) -> None:
    forth = tapered(start, end, first, last)
    assert forth == tapered(end, start, last, first)
    assert pixels(*start, *start, first) | pixels(*end, *end, last) <= forth
    # Centers of odd and even stamps are half a pixel apart: two more are enough for the thickest one.
    assert forth <= pixels(*start, *end, max(first, last) + 2)


def tapered(start: tuple[float, float], end: tuple[float, float], first: int, last: int) -> set[tuple[int, int]]:
    covered, left, top = stroke_coverage(*start, *end, first, last)
    rows, columns = np.nonzero(covered)
    return set(zip((columns + left).tolist(), (rows + top).tolist(), strict=True))


def test_a_stroke_gets_thicker_evenly() -> None:
    covered, left, top = stroke_coverage(0.5, 20.5, 100.5, 20.5, 1, 21)
    assert (left, top) == (0, 10)
    heights = covered.sum(axis=0)[:100]
    assert heights[0] == 1
    assert heights[-1] == 21
    assert (np.diff(heights) >= 0).all()
    assert np.diff(heights).max() <= 2
    assert np.array_equal(covered, covered[::-1])


def test_a_thick_stamp_hides_a_thin_one_within() -> None:
    assert tapered((10, 10), (12, 11), 20, 3) == pixels(10, 10, 10, 10, 20)
    assert tapered((10, 10), (10, 10), 1, 7) == pixels(10, 10, 10, 10, 7)
