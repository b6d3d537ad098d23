"""Odd images, wrong sizes, boxes, and what Qt must not lose."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from scratchgui.canvas.region_outline import edges
from scratchgui.core.geometry import Box
from scratchgui.core.regions import find_regions
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import pixels


@pytest.mark.parametrize("shape", [(1, 1), (1, 100_000), (100_000, 1), (3, 2, 3), (1, 1, 3)])
@pytest.mark.parametrize("zoom", [None, 0.01, 0.4, 1.5, 64])
def test_odd_images_are_shown_and_painted(canvas, mouse, shape, zoom):
    canvas.set_image(np.full(shape, 200, np.uint8))
    document = MaskDocument.blank("a.png", shape[1], shape[0])
    canvas.set_document(document)
    if zoom:
        canvas.set_zoom(zoom)
    assert (pixels(canvas) != 0x20).any()
    place = canvas.viewport.placement
    middle = place.to_image(200, 150)
    mouse.drag(middle, (middle[0] + 1, middle[1]))
    assert document.mask.any()
    document.undo()
    assert not document.mask.any()


@pytest.mark.parametrize("size", [(119, 160), (120, 161), (160, 120)])
def test_what_does_not_fit_the_image_is_refused(canvas, surface, size):
    canvas.set_image(surface)
    wrong = np.zeros(size, np.uint8)
    with pytest.raises(ValueError, match="does not fit"):
        canvas.set_document(MaskDocument("a.png", wrong))
    with pytest.raises(ValueError, match="does not fit"):
        canvas.set_prediction_mask(wrong)
    with pytest.raises(ValueError, match="does not fit"):
        canvas.set_probability(wrong[None])


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4)), np.zeros((0, 4), np.uint8), np.zeros(4, np.uint8)]
)
def test_what_is_no_image_is_refused(canvas, image):
    with pytest.raises(ValueError, match="uint8"):
        canvas.set_image(image)


def test_another_image_forgets_everything_about_the_one_before(canvas, surface):
    canvas.set_image(surface)
    raw = pixels(canvas)
    document = MaskDocument("a.png", np.ones((120, 160), np.uint8))
    canvas.set_document(document)
    canvas.set_prediction_mask(np.ones((120, 160), np.uint8))
    canvas.set_boxes(find_regions(document.mask))
    canvas.set_image(surface)
    np.testing.assert_array_equal(pixels(canvas), raw)
    document.clear()
    np.testing.assert_array_equal(pixels(canvas), raw)
    canvas.set_image(None)
    assert (pixels(canvas) == 0x20).all()


def test_the_view_is_kept_for_an_image_of_the_same_size_only(canvas, surface):
    canvas.set_image(surface)
    canvas.zoom_to(Box(10, 10, 20, 20))
    place = canvas.viewport.placement
    canvas.set_image(surface[::-1].copy(), keep_view=True)
    assert canvas.viewport.placement == place
    canvas.set_image(surface[:50].copy(), keep_view=True)
    assert canvas.viewport.fitted


def test_boxes_lie_just_outside_of_their_regions(canvas, editor):
    mask = np.zeros((120, 160), np.uint8)
    mask[40:60, 50:90] = 1
    canvas.set_image(np.full((120, 160), 90, np.uint8))
    canvas.set_zoom(1)
    plain = pixels(canvas)
    canvas.set_boxes(find_regions(mask))
    changed = (pixels(canvas) != plain).any(axis=2)
    place = canvas.viewport.placement
    ys, xs = np.nonzero(changed)
    assert (xs.min() - place.x, xs.max() - place.x) == (48, 91)
    assert (ys.min() - place.y, ys.max() - place.y) == (38, 61)
    assert np.count_nonzero(changed) == 2 * (44 + 24) - 4
    editor.boxes_visible = False
    np.testing.assert_array_equal(pixels(canvas), plain)


def test_a_box_has_a_label_only_under_the_mouse_or_when_chosen(canvas, mouse, editor):
    mask = np.zeros((120, 160), np.uint8)
    mask[40:60, 50:90] = 1
    editor.tool = ToolKey.PAN
    canvas.set_image(np.full((120, 160), 90, np.uint8))
    canvas.set_document(MaskDocument("a.png", mask))
    canvas.set_boxes(find_regions(mask))
    plain = pixels(canvas)
    mouse.move(60, 50)
    hovered = pixels(canvas)
    assert (hovered != plain).any()
    mouse.move(5, 5)
    np.testing.assert_array_equal(pixels(canvas), plain)
    canvas.highlight_region(1)
    assert np.count_nonzero(pixels(canvas) != plain) > np.count_nonzero(hovered != plain)
    canvas.highlight_region(None)
    np.testing.assert_array_equal(pixels(canvas), plain)


def test_a_chosen_region_pulses_once(canvas, qtbot):
    mask = np.zeros((120, 160), np.uint8)
    mask[40:60, 50:90] = 1
    canvas.set_reduce_motion(False)
    canvas.set_image(np.full((120, 160), 90, np.uint8))
    canvas.set_document(MaskDocument("a.png", mask))
    canvas.set_boxes(find_regions(mask))
    with qtbot.waitSignal(canvas._highlight._pulse.finished, timeout=2000):
        canvas.highlight_region(1)
    assert canvas._highlight.outline.width == 1


def test_the_brush_is_outlined_at_its_true_size(canvas, mouse, editor):
    canvas.set_image(np.full((120, 160), 128, np.uint8))
    canvas.set_zoom(2)
    plain = pixels(canvas)
    editor.brush_size = 31
    mouse.move(80.5, 60.5)
    changed = (pixels(canvas) != plain).any(axis=2)
    place = canvas.viewport.placement
    row = np.flatnonzero(changed[round(place.y + 60.5 * 2)])
    left, right = place.x + (80.5 - 15.5) * 2, place.x + (80.5 + 15.5) * 2
    assert left - 3 <= row.min() <= left
    assert right - 1 <= row.max() <= right + 3
    assert not changed[round(place.y + 121), round(left) + 2 : round(right) - 2].any()


def test_edges_go_around_pixels():
    lines = edges(np.array([[True, True], [False, True]]))
    assert {tuple(line) for line in lines.tolist()} == {
        (0, 0, 2, 0),
        (0, 1, 1, 1),
        (1, 2, 2, 2),
        (0, 0, 0, 1),
        (1, 1, 1, 2),
        (2, 0, 2, 2),
    }


def test_two_thousand_paints_lose_no_reference_to_none(canvas, mouse, surface):
    """PySide6 6.12.0 on Python 3.11 lost several a paint and aborted after about 5,300."""
    document = MaskDocument.blank("a.png", 160, 120)
    canvas.set_image(surface)
    canvas.set_document(document)
    canvas.set_boxes(find_regions(np.pad(np.ones((20, 20), np.uint8), 20)))
    mouse.press(10, 60)
    canvas.repaint()
    before = sys.getrefcount(None)
    for step in range(2000):
        mouse.move(10 + step % 140, 60)
        canvas.repaint()
    mouse.release(10, 60)
    assert sys.getrefcount(None) > before - 500


RATIO_CHECK = """
import sys
import numpy as np
from PySide6.QtWidgets import QApplication, QWidget
from scratchgui.canvas.canvas_widget import CanvasWidget
from scratchgui.model.editor_state import EditorState

app = QApplication([])
window = QWidget()
window.resize(500, 400)
canvas = CanvasWidget(EditorState(), window)
canvas.setGeometry(37, 23, 301, 203)
window.show()
image = np.random.default_rng(1).integers(0, 256, (90, 120), np.uint8)
canvas.set_image(image)
canvas.set_zoom(1.0)
app.processEvents()
shot = window.grab().toImage().convertToFormat(window.grab().toImage().Format.Format_Grayscale8)
data = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.bytesPerLine())[:, : shot.width()]
found = np.argwhere((np.lib.stride_tricks.sliding_window_view(data, (1, 120))[:, :, 0] == image[0]).all(axis=2))
assert len(found) == 1, found
y, x = found[0]
assert (data[y : y + 90, x : x + 120] == image).all()
print("ratio", window.devicePixelRatioF())
"""


@pytest.mark.parametrize("ratio", ["1", "1.25", "2"])
def test_image_pixels_are_device_pixels_at_100_percent(ratio):
    environment = os.environ | {"QT_SCALE_FACTOR": ratio}
    done = subprocess.run([sys.executable, "-c", RATIO_CHECK], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"ratio {float(ratio)}" in done.stdout
