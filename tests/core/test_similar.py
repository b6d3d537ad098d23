"""Areas of one brightness."""

from __future__ import annotations

import time

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from scratchgui.core import similar
from scratchgui.core.similar import similar_area


def whole(area: similar.Area, shape: tuple[int, int]) -> np.ndarray:
    found = np.zeros(shape, bool)
    found[area.box.slices] = area.pixels
    return found


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 60), st.integers(0, 40), st.booleans())
def test_it_is_the_component_of_all_that_fits(seed, height, width, tolerance, color):
    rng = np.random.default_rng(seed)
    image = rng.integers(90, 140, (height, width, 3) if color else (height, width), np.uint8)
    x, y = int(rng.integers(width)), int(rng.integers(height))
    area = similar_area(image, x, y, tolerance)
    near = image[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
    fits = np.abs(image - np.floor(np.median(near, axis=(0, 1)))) <= tolerance
    fits = fits.all(axis=2) if color else fits
    fits[y, x] = True
    parts, _ = ndimage.label(fits, np.ones((3, 3)))
    assert area.complete
    assert np.array_equal(whole(area, (height, width)), parts == parts[y, x])


def test_a_long_scratch_is_followed_through_larger_windows():
    image = np.full((4000, 4000), 180, np.uint8)
    cv2.line(image, (2000, 2000), (3900, 3000), 60, 3)
    expected = image == 60
    area = similar_area(image, 2010, 2005, 20)
    assert area.complete
    assert np.array_equal(whole(area, image.shape), expected)


def test_a_whole_surface_is_cut_off_and_says_so():
    area = similar_area(np.full((4000, 6000), 180, np.uint8), 3000, 2000, 5)
    assert not area.complete
    assert area.box.width < 3000


def test_what_ends_at_the_image_is_complete():
    area = similar_area(np.full((100, 200), 180, np.uint8), 199, 0, 5)
    assert area.complete
    assert area.pixels.all()
    assert area.pixels.size == 20_000


def test_an_image_that_must_not_be_written_can_be_looked_at():
    image = np.full((50, 50), 9, np.uint8)
    image.setflags(write=False)
    assert similar_area(image, 5, 5, 1).pixels.all()


def test_a_defect_in_a_large_image_is_quick():
    rng = np.random.default_rng(1)
    image = rng.integers(150, 170, (4000, 6000, 3), np.uint8)
    image[1900:2100, 2800:3200] = 60
    times = []
    for tolerance in range(20):
        begun = time.perf_counter()
        assert similar_area(image, 3000, 2000, tolerance).pixels.sum() == 200 * 400
        times.append(time.perf_counter() - begun)
    assert sorted(times)[10] < 0.016
