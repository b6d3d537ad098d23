"""Which pixels have about the gray level of a place."""

from __future__ import annotations

import numpy as np
import pytest

from scratchgui.core.geometry import Box
from scratchgui.core.gray_match import GrayMatch


def test_pixels_within_the_tolerance_fit() -> None:
    image = np.full((20, 30), 100, np.uint8)
    image[:, 10:] = 130
    image[:, 20:] = 131
    match = GrayMatch(image, 3, 3, 30)
    assert match.level == 100
    assert match(Box(0, 0, 30, 20)).sum() == 20 * 20
    assert match(Box(8, 5, 4, 1)).tolist() == [[True] * 4]
    assert not GrayMatch(image, 3, 3, 29)(Box(10, 0, 5, 5)).any()


def test_one_odd_pixel_is_not_the_level() -> None:
    image = np.full((9, 9), 50, np.uint8)
    image[4, 4] = 255
    assert GrayMatch(image, 4, 4, 10).level == 50


@pytest.mark.parametrize(("level", "fitting"), [(3, [0, 13]), (250, [240, 255])])
def test_the_ends_of_the_scale_do_not_wrap(level: int, fitting: list[int]) -> None:
    ramp = np.arange(256, dtype=np.uint8)[None]
    fits = GrayMatch(np.full((3, 3), level, np.uint8), 1, 1, 10)
    fits._image = ramp
    found = np.flatnonzero(fits(Box(0, 0, 256, 1))[0])
    assert [found[0], found[-1]] == fitting


def test_color_counts_as_gray() -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    image[:, :4] = 200, 40, 40
    image[:, 4:] = 40, 200, 40
    match = GrayMatch(image, 1, 1, 5)
    assert match.level == round(0.299 * 200 + 0.701 * 40)
    assert match(Box(0, 0, 8, 8)).sum(axis=0).tolist() == [8] * 4 + [0] * 4


@pytest.mark.parametrize(("x", "y"), [(-5, 2), (99, -1), (2, 99)])
def test_outside_of_the_image_the_nearest_pixel_counts(x: int, y: int) -> None:
    image = np.arange(100, dtype=np.uint8).reshape(10, 10)
    inside = min(max(x, 0), 9), min(max(y, 0), 9)
    assert GrayMatch(image, x, y, 3).level == GrayMatch(image, *inside, 3).level


def test_one_pixel_is_enough() -> None:
    assert GrayMatch(np.full((1, 1), 7, np.uint8), 0, 0, 1)(Box(0, 0, 1, 1)).all()
