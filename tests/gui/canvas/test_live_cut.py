"""The prediction follows the threshold at once, before the whole image was cut again."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scratchgui.canvas import image_view, pyramid
from scratchgui.core.cutting import quantized_threshold, ranked
from scratchgui.model.mask_document import MaskDocument

from .conftest import pixels

HEIGHT, WIDTH = 700, 900


def cut(probability: np.ndarray, threshold: float) -> np.ndarray:
    return (probability >= quantized_threshold(threshold)).astype(np.uint8)


@pytest.fixture
def probability() -> np.ndarray:
    """Blurred scratches: another threshold makes them wider."""
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    for index in range(8):
        cv2.line(drawn, (20, 60 * index + 30), (WIDTH - 20, 90 * index + 10), 255, 1 + 2 * index)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 3), np.uint8)


@pytest.fixture
def shown(canvas, editor, probability):
    canvas.set_image(np.full((HEIGHT, WIDTH), 90, np.uint8))
    canvas.set_document(MaskDocument.blank("a.png", WIDTH, HEIGHT))
    editor.threshold = 0.5
    canvas.set_probability(probability[None])
    canvas.set_prediction_mask(cut(probability, 0.5))
    return canvas


def settled(canvas) -> np.ndarray:
    """Return the picture once all that was begun is done."""
    while not canvas.build_slice(1):
        pass
    picture = pixels(canvas)
    while not canvas.compositor.is_sharp:
        canvas.compositor.sharpen(1)
        canvas.update()
        picture = pixels(canvas)
    return picture


def by_whole_cut(canvas, probability, threshold: float) -> np.ndarray:
    canvas.set_prediction_mask(cut(probability, threshold))
    return settled(canvas)


@pytest.mark.parametrize("zoom", [0.2, 0.43, 1, 3.5])
@pytest.mark.parametrize("outline", [False, True])
def test_a_move_shows_what_the_whole_cut_will(shown, editor, probability, zoom, outline):
    editor.outline = outline
    shown.set_zoom(zoom)
    before = settled(shown)
    for threshold in (0.1, 0.8, 0.3):
        editor.threshold = threshold
        live = settled(shown)
        assert not np.array_equal(live, before)
        np.testing.assert_array_equal(live, by_whole_cut(shown, probability, threshold))
        before = live


def test_a_cut_that_came_too_late_is_not_shown(shown, editor, probability):
    before = settled(shown)
    editor.threshold = 0.2
    editor.threshold = 0.1
    live = settled(shown)
    shown.set_prediction_mask(cut(probability, 0.2), outdated=True)
    np.testing.assert_array_equal(settled(shown), live)
    shown.set_prediction_mask(cut(probability, 0.1))
    np.testing.assert_array_equal(settled(shown), live)
    assert not np.array_equal(live, before)


def test_going_back_shows_the_mask_that_was_there(shown, editor, probability):
    mask = cut(probability, 0.5)
    mask[300:] = 0  # something that no threshold does
    shown.set_prediction_mask(mask)
    before = settled(shown)
    editor.threshold = 0.3
    editor.threshold = 0.5
    assert not np.array_equal(settled(shown), before)
    shown.set_prediction_mask(mask)
    np.testing.assert_array_equal(settled(shown), before)


def test_never_is_an_old_cut_shown_while_the_new_one_is_prepared(shown, editor, probability, monkeypatch):
    monkeypatch.setattr(image_view, "_AT_ONCE", 0)
    monkeypatch.setattr(pyramid, "_PIXELS_A_SLICE", 50_000)
    shown.set_zoom(0.2)
    settled(shown)
    editor.threshold = 0.1
    live = settled(shown)
    shown.set_prediction_mask(cut(probability, 0.1))
    pictures = [pixels(shown)]
    while not shown.build_slice(0):
        pictures.append(pixels(shown))
    assert len(pictures) > 5
    for picture in [*pictures, settled(shown)]:
        np.testing.assert_array_equal(picture, live)


def test_what_no_threshold_changes_waits_for_the_whole_cut(shown, editor, probability):
    mask = cut(probability, 0.5)
    mask[300:] = 0
    shown.set_prediction_mask(mask)
    before = settled(shown)
    editor.cutting = replace(editor.cutting, min_area=50, longest_gap=9)
    np.testing.assert_array_equal(settled(shown), before)


@pytest.mark.parametrize("zoom", [0.2, 1, 3.5])
def test_several_classes_have_their_own_colors(shown, editor, probability, zoom):
    both = np.stack([probability, probability[::-1]])
    likeliest = both.argmax(axis=0).astype(np.uint8) + 1
    shown.set_probability(both)
    shown.set_zoom(zoom)
    before = settled(shown)
    editor.threshold = 0.1
    np.testing.assert_array_equal(settled(shown), before)  # until it is known what to cut from
    shown.set_ranked(ranked(both))
    settled(shown)
    for threshold in (0.3, 0.7):
        editor.threshold = threshold
        live = settled(shown)
        shown.set_prediction_mask(likeliest * cut(both.max(axis=0), threshold))
        whole = settled(shown)
        # Where classes meet, the smaller versions show the likelier one, or that of the higher number.
        assert (live != whole).any(axis=2).mean() < (0.01 if zoom < 1 else 1e-9)


def test_ranked_numbers_of_another_image_are_no_use(shown, editor, probability):
    shown.set_probability(np.stack([probability, probability[::-1]]))
    before = settled(shown)
    shown.set_ranked(np.zeros((3, 3), np.uint16))
    editor.threshold = 0.1
    np.testing.assert_array_equal(settled(shown), before)


def test_the_inspectors_mask_does_not_follow(shown, editor, probability):
    document = MaskDocument("a.png", cut(probability, 0.7))
    shown.set_document(document)
    before = settled(shown)
    editor.threshold = 0.1
    np.testing.assert_array_equal(settled(shown), before)
    assert np.array_equal(shown.shown_mask, document.mask)


def test_another_image_does_not_begin_with_the_cut_of_the_one_before(shown, editor, probability):
    editor.threshold = 0.1
    image = np.full((HEIGHT, WIDTH), 90, np.uint8)
    shown.set_image(image)
    assert np.unique(settled(shown)[200:210, 150:250]).size <= 2
