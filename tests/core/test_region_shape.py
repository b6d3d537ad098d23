from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.geometry import Box
from scratchgui.core.region_shape import closest_points, cut_line, mean_width
from scratchgui.core.regions import find_regions

places = st.tuples(st.integers(0, 30), st.integers(0, 30))


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
def test_the_width_of_a_straight_scratch(width: int) -> None:
    band = np.zeros((60, 200), bool)
    band[20 : 20 + width, 10:190] = True
    assert mean_width(band) == pytest.approx(width, abs=0.5)
    assert mean_width(band.T) == pytest.approx(width, abs=0.5)


def test_the_width_of_a_line_of_single_pixels_is_one() -> None:
    assert mean_width(np.eye(30, dtype=bool)) == 1
    assert mean_width(np.ones((1, 1), bool)) == 1


@given(st.sets(places, min_size=1, max_size=8), st.sets(places, min_size=1, max_size=8))
def test_the_closest_points_are_the_closest(first: set[tuple[int, int]], second: set[tuple[int, int]]) -> None:
    def as_region(points: set[tuple[int, int]]) -> tuple[Box, np.ndarray]:
        pixels = np.zeros((31, 31), bool)
        for x, y in points:
            pixels[y, x] = True
        return Box(100, 200, 31, 31), pixels

    (x0, y0), (x1, y1) = closest_points(as_region(first), as_region(second))
    assert (x0 - 100, y0 - 200) in first
    assert (x1 - 100, y1 - 200) in second
    best = min((a - c) ** 2 + (b - d) ** 2 for a, b in first for c, d in second)
    assert (x0 - x1) ** 2 + (y0 - y1) ** 2 == best


@given(st.integers(0, 40), st.integers(0, 40))
def test_nothing_is_connected_across_a_cut(top: int, bottom: int) -> None:
    mask = np.ones((41, 41), np.uint8)
    box, pixels = cut_line(top, 0, bottom, 40)
    mask[box.slices][pixels] = 0
    sides = find_regions(mask)
    assert len(sides) == 2 - (top == 0 == bottom or top == 40 == bottom)
    assert 41 <= np.count_nonzero(mask == 0) <= 81


def test_a_cut_of_one_pixel() -> None:
    box, pixels = cut_line(5, 6, 5, 6)
    assert box == Box(5, 6, 1, 1)
    assert pixels.all()
    assert cv2.countNonZero(pixels.astype(np.uint8)) == 1
