"""Small pictures with outlines."""

from __future__ import annotations

import numpy as np
import pytest

from scratchgui.core.geometry import Box
from scratchgui.core.outlining import box_of_change, outlined

ORANGE = (255, 90, 31)


@pytest.mark.parametrize("width", [40, 3000])
def test_a_line_of_one_pixel_gets_its_outline_at_any_size(width: int):
    image = np.full((width, width), 128, np.uint8)
    line, nothing = np.zeros_like(image), np.zeros_like(image)
    line[width // 3] = 1
    picture = outlined(image, [(line, ORANGE, 2)], 384)
    assert picture.shape == (384, 384, 3)
    assert (picture == ORANGE).all(axis=2).sum() > 384
    assert np.ptp(outlined(image, [(nothing, ORANGE, 2)], 384)) == 0


def test_the_longer_side_is_the_one_given():
    assert outlined(np.zeros((50, 200, 3), np.uint8), [], 100).shape == (25, 100, 3)


def test_the_change_is_in_the_middle_as_far_as_the_image_reaches():
    before, after = np.zeros((300, 500), np.uint8), np.zeros((300, 500), np.uint8)
    assert box_of_change(before, after, 100) == Box(0, 0, 500, 300)
    after[150, 240:260] = 1
    assert box_of_change(before, after, 100) == Box(200, 100, 100, 100)
    after[0, 0] = 1
    assert box_of_change(before, after, 100) == Box(0, 0, 338, 300)
    before[:] = after
    before[299, 499] = 2
    assert box_of_change(before, after, 100) == Box(400, 200, 100, 100)
