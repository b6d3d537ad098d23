"""The pixels of a line with a width."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scratchgui.core.band import band

SIDE = 80


def drawn(points, width: float, side: int = SIDE) -> np.ndarray:
    pixels = np.zeros((side, side), bool)
    for box, covered in band(np.array(points, np.float64), width):
        assert covered.shape == (box.height, box.width)
        inner = box.clipped(side, side)
        if not inner.is_empty:
            pixels[inner.slices] |= covered[inner.relative_to(box).slices]
    return pixels


def distances(points) -> np.ndarray:
    """Distance of each pixel's center from the line."""
    y, x = np.indices((SIDE, SIDE)) + 0.5
    best = np.full((SIDE, SIDE), np.inf)
    for (x0, y0), (x1, y1) in zip([points[0], *points[:-1]], points, strict=True):
        square = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (square or 1), 0, 1)
        best = np.minimum(best, np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
    return best


places = st.tuples(st.floats(-10, 90), st.floats(-10, 90))


@given(st.lists(places, min_size=1, max_size=6), st.floats(1, 60))
@example([(19.0, 1.0), (6.0, 0.0), (0.0, 0.0)], 2.0)  # a slight turn between long steps
def test_pixels_within_half_the_width_are_covered(points, width):
    away, pixels = distances(points), drawn(points, width)
    assert pixels[away < width / 2 - 0.2].all()
    assert not pixels[away > width / 2 + 0.2].any()


@pytest.mark.parametrize("width", range(1, 12))
@pytest.mark.parametrize("middle", [20.0, 20.5, 20.3])
def test_an_upright_line_is_as_many_pixels_wide_as_it_says(width, middle):
    across = drawn([(middle, 5), (middle, 75)], width)[40]
    assert np.count_nonzero(across) == width


@pytest.mark.parametrize("middle", [20.0, 20.5, 20.7])
def test_the_thinnest_line_has_no_gap(middle):
    pixels = drawn([(middle, 3), (middle + 20, 70), (70, 75.5)], 0.2)
    rows = np.flatnonzero(pixels.any(axis=1))
    assert np.array_equal(rows, np.arange(rows[0], rows[-1] + 1))


def test_a_long_line_needs_no_box_of_its_size():
    pieces = band(np.array([(0.0, 0.0), (20_000.0, 15_000.0)]), 8)
    assert sum(box.area for box, _ in pieces) < 20_000_000


@pytest.mark.parametrize("shift", [(100_000, 0), (0, 100_000), (30_000, 19_000)])
def test_far_from_the_corner_the_pixels_are_the_same(shift):
    points = np.array([(10.25, 12.5), (30.75, 50.5), (70.5, 40.25)])
    moved = {(box.x - shift[0], box.y - shift[1]): covered for box, covered in band(points + shift, 5)}
    for box, covered in band(points, 5):
        assert np.array_equal(moved[box.x, box.y], covered)
