"""Smaller versions of images and masks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchgui.canvas.pyramid import MaxPyramid, MeanPyramid
from scratchgui.core.geometry import Box


def test_levels_of_an_image_are_area_means():
    base = np.random.default_rng(1).integers(0, 256, (256, 384, 3), np.uint8)
    pyramid = MeanPyramid(base)
    assert pyramid.advance(60)
    mean = base.reshape(64, 4, 96, 4, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(pyramid.levels[2], mean, atol=1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1), (333, 129)])
def test_a_single_pixel_survives_on_every_level(shape):
    base = np.zeros(shape, np.uint8)
    base[shape[0] * 2 // 3, shape[1] // 3] = 3
    pyramid = MaxPyramid(base)
    pyramid.advance(60)
    for level, labels in enumerate(pyramid.levels):
        assert labels[(shape[0] * 2 // 3) >> level, (shape[1] // 3) >> level] == 3
        assert np.count_nonzero(labels) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 299), st.integers(0, 200), st.integers(1, 90), st.integers(1, 90), st.integers(0, 3))
def test_an_update_equals_a_new_pyramid(x, y, width, height, label):
    base = np.random.default_rng(5).integers(0, 40, (201, 300), np.uint8) // 39
    pyramid = MaxPyramid(base)
    pyramid.advance(60)
    box = Box(x, y, width, height).clipped(300, 201)
    base[box.slices] = label
    pyramid.update(box)
    fresh = MaxPyramid(base)
    fresh.advance(60)
    for updated, built in zip(pyramid.levels, fresh.levels, strict=True):
        np.testing.assert_array_equal(updated, built)


def test_strokes_while_it_is_built_are_not_lost():
    base = np.zeros((3000, 2000), np.uint8)
    pyramid = MaxPyramid(base)
    while not pyramid.advance(0):
        base[1500, :] = 1
        pyramid.update(Box(0, 1500, 2000, 1))
    assert all(level.any(axis=0).all() for level in pyramid.levels)


def test_another_mask_shows_the_old_one_until_it_is_built():
    old, new = np.zeros((300, 300), np.uint8), np.zeros((300, 300), np.uint8)
    old[10, 10] = new[200, 200] = 1
    pyramid = MaxPyramid(old)
    pyramid.advance(60)
    pyramid.rebase(new)
    assert pyramid.levels[1][5, 5] == 1
    pyramid.advance(60)
    assert pyramid.levels[1][5, 5] == 0
    assert pyramid.levels[1][100, 100] == 1


def test_before_a_level_is_built_there_is_a_preview_of_its_size():
    base = np.full((3000, 2000, 3), 77, np.uint8)
    pyramid = MeanPyramid(base)
    preview = pyramid.best(3)
    assert preview.shape == pyramid.levels[3].shape
    assert (preview == 77).all()
