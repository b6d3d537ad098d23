from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scratchgui.core.gray_levels import window_of, window_table
from scratchgui.core.tone import Tone, with_local_contrast
from scratchgui.model.mask_document import MaskDocument

from .conftest import pixels


def refined(canvas) -> np.ndarray:
    while not canvas.build_slice(1):
        pass
    canvas.view_moved()
    return pixels(canvas)


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("zoom", [0.5, 1.0, 1.5, 3.0])
def test_the_screen_shows_the_image_in_its_tone(canvas, editor, surface, zoom, gray):
    image = surface[..., 0].copy() if gray else surface
    tone = Tone(12, 30, 1.6)
    canvas.set_image(image)
    canvas.set_zoom(zoom)
    plain = refined(canvas)
    editor.view.tone = tone
    inside = canvas.viewport.image_box.clipped(400, 300).slices
    shown = pixels(canvas)
    np.testing.assert_allclose(shown[inside].astype(int), tone.table()[plain[inside]].astype(int), atol=3)
    outside = np.ones(shown.shape[:2], bool)
    outside[inside] = False
    np.testing.assert_array_equal(shown[outside], plain[outside])
    editor.view.reset_tone()
    np.testing.assert_array_equal(pixels(canvas), plain)


def test_the_tools_and_the_model_see_the_original(canvas, editor, surface):
    before = surface.copy()
    canvas.set_image(surface)
    editor.view.tone = Tone(40, 0, 1.0)
    canvas.shown.show_as(with_local_contrast(surface))
    pixels(canvas)
    assert canvas.shown.original is surface
    np.testing.assert_array_equal(surface, before)


def test_another_picture_keeps_the_view_and_the_mask(canvas, surface):
    document = MaskDocument("a.png", np.pad(np.ones((20, 20), np.uint8), 50)[:120, :120].repeat(2, 1)[:, :160].copy())
    canvas.set_image(surface)
    canvas.set_document(document)
    canvas.set_zoom(3)
    canvas.pan(7, -5)
    place, layers = canvas.viewport.placement, list(canvas.compositor.layers)
    picture = with_local_contrast(surface)
    canvas.shown.show_as(picture)
    assert canvas.viewport.placement == place
    assert list(canvas.compositor.layers) == layers
    swapped = pixels(canvas)
    canvas.shown.show_as(None)
    back = pixels(canvas)
    assert (swapped != back).any()
    with pytest.raises(ValueError, match="does not show"):
        canvas.shown.show_as(picture[:50])


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.0])
def test_sixteen_bits_are_shown_through_their_window(canvas, editor, zoom, color):
    shape = (120, 160, 3) if color else (120, 160)
    raw = np.random.default_rng(8).integers(3000, 9000, shape).astype(np.uint16)
    image = window_table(*window_of(raw))[raw]
    canvas.set_image(image)
    canvas.set_zoom(zoom)
    as_model = refined(canvas)
    canvas.shown.show_as(raw)
    # Without a window it is what the model gets; smaller versions are means of finer values.
    np.testing.assert_allclose(refined(canvas).astype(int), as_model.astype(int), atol=3)
    editor.view.window = (4000, 5000)
    inside = canvas.viewport.image_box.clipped(400, 300).slices
    if zoom >= 1:
        step = int(zoom)
        expected = window_table(4000, 5000)[raw].repeat(step, 0).repeat(step, 1)
        expected = expected if color else np.repeat(expected[..., None], 3, 2)
        np.testing.assert_array_equal(pixels(canvas)[inside], expected)
    editor.view.window = None
    np.testing.assert_allclose(pixels(canvas).astype(int), as_model.astype(int), atol=3)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-100, 100), st.integers(-60, 60)), min_size=1, max_size=4))
def test_a_tone_changed_while_panning_leaves_nothing_behind(canvas, editor, surface, steps):
    canvas.set_image(surface)
    for brightness, dx in steps:
        editor.view.set_tone(brightness=brightness)
        pixels(canvas)
        canvas.pan(dx, dx // 2)
    partial = pixels(canvas)
    canvas.view_moved()
    np.testing.assert_allclose(partial.astype(int), pixels(canvas).astype(int), atol=6)
    editor.view.reset_tone()
