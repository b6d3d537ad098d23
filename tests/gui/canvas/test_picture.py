"""What is on screen, compared with a reference in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from scratchgui.core.classes import class_color
from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.palette import SURROUND_DARK

from .conftest import act, check_that_nothing_was_missed, pixels


def rgb(color: str) -> np.ndarray:
    parsed = QColor(color)
    return np.array([parsed.red(), parsed.green(), parsed.blue()], float)


def reference(image: np.ndarray, mask: np.ndarray, place, size: tuple[int, int], opacity: float) -> np.ndarray:
    """Image and mask over each other at a zoom at which pixels are squares, float (H, W, 3)."""
    picture = np.tile(rgb(SURROUND_DARK), (size[1], size[0], 1))
    columns = np.floor((np.arange(size[0]) + 0.5 - place.x) / place.zoom).astype(int)
    rows = np.floor((np.arange(size[1]) + 0.5 - place.y) / place.zoom).astype(int)
    x = np.flatnonzero((columns >= 0) & (columns < image.shape[1]))
    y = np.flatnonzero((rows >= 0) & (rows < image.shape[0]))
    part = np.ix_(rows[y], columns[x])
    values, labels = image[part].astype(float), mask[part]
    if values.ndim == 2:
        values = np.repeat(values[..., None], 3, axis=2)
    for label in np.unique(labels[labels > 0]):
        values[labels == label] = values[labels == label] * (1 - opacity) + rgb(class_color(label)) * opacity
    picture[np.ix_(y, x)] = values
    return picture


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("zoom", [1.0, 2.0, 3.7, 10.0])
def test_image_and_mask_equal_the_reference(canvas, surface, zoom, gray):
    image = surface[..., 0].copy() if gray else surface
    mask = np.random.default_rng(3).integers(0, 4, image.shape[:2], np.uint8)
    canvas.set_image(image)
    canvas.set_document(MaskDocument("a.png", mask))
    canvas.set_zoom(zoom)
    expected = reference(image, mask, canvas.viewport.placement, (400, 300), 0.45)
    np.testing.assert_allclose(pixels(canvas), expected, atol=2)


def test_zoomed_out_the_image_is_an_area_mean(canvas):
    image = np.random.default_rng(2).integers(0, 256, (800, 800), np.uint8)
    canvas.set_image(image)
    canvas.set_zoom(0.25)
    box = canvas.viewport.image_box
    mean = image.reshape(200, 4, 200, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(pixels(canvas)[box.slices][..., 0], mean, atol=2)


steps = st.one_of(
    st.tuples(st.just("pan"), st.integers(-90, 90), st.integers(-90, 90)),
    st.tuples(st.just("zoom"), st.floats(0.1, 20), st.floats(0, 400)),
    st.tuples(st.just("stroke"), st.integers(0, 160), st.integers(0, 120)),
    st.tuples(st.just("undo"), st.just(0), st.just(0)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=8))
def test_partial_repaints_equal_a_full_one(canvas, editor, surface, actions):
    document = MaskDocument("a.png", np.zeros(surface.shape[:2], np.uint8))
    canvas.set_image(surface)
    canvas.set_document(document)
    for action in actions:
        act(canvas, editor.view, document, *action)
    check_that_nothing_was_missed(canvas)


@pytest.mark.parametrize("outline", [False, True])
def test_a_one_pixel_scratch_stays_visible_when_a_large_image_is_fitted(canvas, editor, outline):
    editor.outline = outline
    image = np.full((8000, 9001), 90, np.uint8)
    mask = np.zeros(image.shape, np.uint8)
    mask[3001, 1000:8000] = 1
    canvas.set_image(image)
    canvas.set_document(MaskDocument("a.png", mask))
    while not canvas.build_slice(1):
        pass
    canvas.update_image(None)
    orange = pixels(canvas)[..., 0] > 110
    box = canvas.viewport.placement.device_box(Box(1000, 3001, 7000, 1))
    assert orange[box.y - 2 : box.y + 3, box.x + 1 : box.right - 1].any(axis=0).all()


def test_a_prediction_is_shown_until_there_is_a_mask_and_looks_different(canvas, surface):
    mask = np.zeros(surface.shape[:2], np.uint8)
    mask[40:80, 40:120] = 1
    document = MaskDocument.blank("a.png", 160, 120)
    canvas.set_image(surface)
    raw = pixels(canvas)
    canvas.set_document(document)
    np.testing.assert_array_equal(pixels(canvas), raw)
    canvas.set_prediction_mask(mask)
    predicted = pixels(canvas)
    assert (predicted != raw).any()
    document.replace(mask, "Accept prediction")
    accepted = pixels(canvas)
    assert (accepted != predicted).any()
    document.undo()
    np.testing.assert_array_equal(pixels(canvas), predicted)


def test_hiding_shows_the_raw_image(canvas, editor, surface):
    canvas.set_image(surface)
    raw = pixels(canvas)
    canvas.set_document(MaskDocument("a.png", np.ones(surface.shape[:2], np.uint8)))
    shown = pixels(canvas)
    editor.raw_held = True
    np.testing.assert_array_equal(pixels(canvas)[40:], raw[40:])  # above it says "Raw"
    editor.raw_held = False
    np.testing.assert_array_equal(pixels(canvas), shown)
    editor.overlay_visible = False
    np.testing.assert_array_equal(pixels(canvas), raw)


def test_the_heat_map_is_clear_where_the_probability_is_zero(canvas, editor, surface):
    probability = np.zeros((1, *surface.shape[:2]), np.uint8)
    probability[0, :60] = 255
    canvas.set_image(surface)
    raw = pixels(canvas)
    canvas.set_probability(probability)
    np.testing.assert_array_equal(pixels(canvas), raw)
    editor.heat_map = True
    hot = pixels(canvas)
    middle = canvas.viewport.image_box.y + canvas.viewport.image_box.height // 2
    np.testing.assert_array_equal(hot[middle + 3 :], raw[middle + 3 :])
    assert (hot[:middle] != raw[:middle]).any()


def test_image_pixels_are_parted_by_lines_from_1600_percent_on(canvas):
    canvas.set_image(np.full((50, 50), 200, np.uint8))
    canvas.set_zoom(15.9)
    assert len(np.unique(pixels(canvas))) == 1
    canvas.set_zoom(16)
    lines = pixels(canvas)[..., 0] != 200
    assert np.count_nonzero(lines, axis=1).min() == 25
    assert np.count_nonzero(lines.all(axis=1)) in (18, 19)


def test_the_surround_is_neutral_and_can_be_light(canvas):
    canvas.set_message("Open a folder to begin.")
    dark = pixels(canvas)
    assert tuple(dark[0, 0]) == (0x20, 0x20, 0x20)
    assert (dark != 0x20).any()
    canvas.set_surround("#d0d0d0")
    assert tuple(pixels(canvas)[0, 0]) == (0xD0, 0xD0, 0xD0)
