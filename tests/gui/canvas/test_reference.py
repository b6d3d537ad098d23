"""What is on screen equals a slow compositing in plain numpy, at any zoom and position, also after it was rough."""

from __future__ import annotations

from math import ceil, floor, log2

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from scratchgui.canvas import rough
from scratchgui.core.classes import class_color
from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.palette import SURROUND_DARK

from .conftest import pixels

VIEW = (400, 300)
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rgb(color: str) -> np.ndarray:
    parsed = QColor(color)
    return np.array([parsed.red(), parsed.green(), parsed.blue()], float)


def soft_image(height: int = 330, width: int = 451) -> np.ndarray:
    """An RGB image without hard steps: interpolation in 32 steps a pixel, as OpenCV's, is right within rounding."""
    y, x = np.mgrid[:height, :width]
    waves = [128 + 100 * np.sin(x / a + y / b) * np.cos(y / a) for a, b in ((17, 31), (23, 41), (37, 13))]
    return np.stack(waves, axis=2).astype(np.uint8)


def lined_mask(height: int = 330, width: int = 451) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    mask[40, 20:400] = 1
    mask[60:200, 77] = 2
    mask[220:300, 300:420] = 3
    np.fill_diagonal(mask[10:, 100:], 1)
    return mask


def pooled(values: np.ndarray, level: int, how) -> np.ndarray:
    """Each cell of 2^level pixels as one; edges are repeated."""
    for _ in range(level):
        rows, columns = values.shape[0] % 2, values.shape[1] % 2
        values = np.pad(values, ((0, rows), (0, columns), *[(0, 0)] * (values.ndim - 2)), mode="edge")
        parts = values[0::2, 0::2], values[0::2, 1::2], values[1::2, 0::2], values[1::2, 1::2]
        values = how(np.stack(parts), axis=0)
    return values


def positions(origin: int, count: int, zoom: float) -> np.ndarray:
    """Image coordinates of the middles of device pixels from -1 to count."""
    return (np.arange(-1, count + 1) + 0.5 - origin) / zoom


def expected_image(image: np.ndarray, x: np.ndarray, y: np.ndarray, zoom: float) -> np.ndarray:
    if zoom >= 2 or zoom == 1:
        column, row = (
            np.clip(np.floor(at).astype(int), 0, n - 1) for at, n in ((x, image.shape[1]), (y, image.shape[0]))
        )
        return image[np.ix_(row, column)].astype(float)
    level = max(0, floor(log2(1 / zoom) + 1e-9))
    small = pooled(image.astype(float), level, np.mean)
    found = []
    for at, size in ((y, small.shape[0]), (x, small.shape[1])):
        middle = np.clip(at / 2**level - 0.5, 0, size - 1)
        low = np.minimum(np.floor(middle).astype(int), size - 1)
        found.append((low, np.minimum(low + 1, size - 1), middle - low))
    (y0, y1, v), (x0, x1, u) = found
    u, v = u[None, :, None], v[:, None, None]
    top = small[np.ix_(y0, x0)] * (1 - u) + small[np.ix_(y0, x1)] * u
    bottom = small[np.ix_(y1, x0)] * (1 - u) + small[np.ix_(y1, x1)] * u
    return top * (1 - v) + bottom * v


def expected_labels(mask: np.ndarray, x: np.ndarray, y: np.ndarray, zoom: float) -> np.ndarray:
    level = max(0, ceil(log2(1 / zoom) - 1e-9))
    small = pooled(mask, level, np.max)
    column, row = (np.floor(at / 2**level).astype(int) for at in (x, y))
    return small[np.ix_(np.clip(row, 0, small.shape[0] - 1), np.clip(column, 0, small.shape[1] - 1))]


def at_edge(labels: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Pixels with another label among their eight neighbors that are inside the image, where theirs is the higher."""
    around = np.pad(np.where(inside, labels, 255), 1, constant_values=255)
    height, width = labels.shape
    lowest = np.min([around[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)], axis=0)
    return labels != lowest


def over(picture: np.ndarray, color: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    return picture * (1 - opacity[..., None]) + color * opacity[..., None]


def reference(canvas, image, mask, heat=None, *, outline=False, opacity=0.45) -> np.ndarray:
    """The whole view, float (H, W, 3)."""
    place, zoom = canvas.viewport.placement, canvas.viewport.zoom
    x, y = positions(place.x, VIEW[0], zoom), positions(place.y, VIEW[1], zoom)
    sizes = [floor(side * zoom + 0.5) for side in (image.shape[1], image.shape[0])]
    columns, rows = np.arange(-1, VIEW[0] + 1) - place.x, np.arange(-1, VIEW[1] + 1) - place.y
    inside = np.logical_and.outer((rows >= 0) & (rows < sizes[1]), (columns >= 0) & (columns < sizes[0]))
    picture = expected_image(image, x, y, zoom)
    if heat is not None:
        value = expected_labels(heat, x, y, zoom)
        table = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_INFERNO)[:, 0, ::-1]
        picture = over(picture, table[value].astype(float), 0.8 * np.minimum(1, value / 128))
    labels = expected_labels(mask, x, y, zoom)
    colors = np.array([[0, 0, 0]] + [rgb(class_color(label)) for label in range(1, 256)])
    drawn = at_edge(labels, inside) if outline else labels > 0
    picture = over(picture, colors[labels], np.where(drawn & (labels > 0), 1.0 if outline else opacity, 0.0))
    return np.where(inside[..., None], picture, rgb(SURROUND_DARK))[1:-1, 1:-1]


def assert_shown(canvas, expected: np.ndarray) -> None:
    """A pixel in a thousand may take another sample where a middle lies on the border of two."""
    off = np.abs(pixels(canvas).astype(float) - expected).max(axis=2) > 4
    assert np.count_nonzero(off) <= off.size // 1000


zooms = st.one_of(st.floats(0.05, 15.9), st.sampled_from([0.125, 0.25, 0.5, 1.0, 2.0, 4.0]))


@pytest.mark.parametrize("look", ["fill", "outline", "heat"])
@QUICK
@given(zoom=zooms, x=st.integers(-300, 300), y=st.integers(-300, 300))
def test_the_view_equals_the_reference(canvas, editor, look, zoom, x, y):
    image, mask = soft_image(), lined_mask()
    heat = np.tile(np.arange(451) % 256, (330, 1)).astype(np.uint8) if look == "heat" else None
    canvas.set_image(image)
    canvas.set_document(MaskDocument("a.png", mask))
    editor.outline, editor.heat_map = look == "outline", look == "heat"
    canvas.set_probability(heat)
    canvas.set_zoom(zoom)
    canvas.pan(x, y)
    assert_shown(canvas, reference(canvas, image, mask, heat, outline=look != "fill"))


@QUICK
@given(zoom=zooms, x=st.integers(-300, 300), y=st.integers(-300, 300), step=st.integers(-60, 60))
def test_what_was_rough_equals_the_reference_once_it_is_sharp(canvas, zoom, x, y, step):
    image, mask = soft_image(), lined_mask()
    document = MaskDocument("a.png", mask)
    canvas.set_image(image)
    canvas.set_document(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rough, "_AT_ONCE", 2000)
        canvas.set_zoom(zoom)
        canvas.pan(x, y)
        pixels(canvas)
        assert not canvas.compositor.is_sharp
        canvas.compositor.sharpen(0.0001)
        patch.setattr(rough, "_AT_ONCE", 10**9)
        # The picture is moved and painted on while half of it is rough.
        canvas.pan(step, -step)
        document.begin_stroke(2)
        document.extend_stroke(100, 100, 200, 130, 7)
        document.end_stroke("Brush stroke")
        pixels(canvas)
        while not canvas.compositor.is_sharp:
            canvas.compositor.sharpen(1)
        assert_shown(canvas, reference(canvas, image, document.mask))


def test_a_rough_picture_sharpens_by_itself_and_lies_where_the_sharp_one_does(canvas, qtbot, monkeypatch):
    image, mask = soft_image(), lined_mask()
    canvas.set_image(image)
    canvas.set_document(MaskDocument("a.png", mask))
    monkeypatch.setattr(rough, "_AT_ONCE", 2000)
    for zoom in (0.43, 0.77, 1.0, 3.3):
        canvas.set_zoom(zoom)
        first = pixels(canvas).astype(float)
        expected = reference(canvas, image, np.zeros_like(mask))
        plain = np.abs(reference(canvas, image, mask) - expected).max(axis=2) == 0
        plain &= cv2.erode(plain.astype(np.uint8), np.ones((9, 9))) > 0
        assert np.abs(first - expected).mean(axis=2)[plain].mean() < 6
        qtbot.waitUntil(lambda: canvas.compositor.is_sharp, timeout=5000)
        assert_shown(canvas, reference(canvas, image, mask))


@pytest.mark.parametrize("large", [0, 10**9], ids=["rough", "sharp"])
def test_a_one_pixel_scratch_of_400_megapixels_is_seen_when_fitted(canvas, monkeypatch, large):
    image = np.zeros((20_000, 20_000), np.uint8)
    prediction, mask = np.zeros_like(image), np.zeros_like(image)
    prediction[7001, 3000:17_000] = 1
    mask[3000:17_000, 12_345] = 1
    document = MaskDocument.blank("a.png", 20_000, 20_000)
    canvas.set_image(image)
    canvas.set_document(document)
    canvas.set_prediction_mask(prediction)
    monkeypatch.setattr(rough, "_AT_ONCE", large)
    for labels, box in ((prediction, Box(3000, 7001, 14_000, 1)), (mask, Box(12_345, 3000, 1, 14_000))):
        if labels is mask:
            document.replace(mask, "Accept prediction")
        while not canvas.build_slice(1):
            pass
        canvas.update_image(None)
        seen = canvas.viewport.placement.device_box(box).expanded(2)
        shown = (pixels(canvas)[seen.slices][..., 0] > 20).any(axis=0 if box.height == 1 else 1)
        assert shown[4:-4].all()


def test_clearing_and_its_undo_are_shown_on_all_levels_of_a_large_mask(canvas, qtbot):
    image, mask = np.zeros((3000, 3000), np.uint8), np.zeros((3000, 3000), np.uint8)
    mask[::2] = 1
    document = MaskDocument("a.png", mask)
    canvas.set_image(image)
    canvas.set_document(document)
    canvas.set_zoom(0.1)
    middle = np.s_[120:180, 170:230]
    qtbot.waitUntil(lambda: bool((pixels(canvas)[middle][..., 0] > 50).all()))
    document.clear()
    qtbot.waitUntil(lambda: not pixels(canvas)[middle].any())
    document.undo()
    qtbot.waitUntil(lambda: bool((pixels(canvas)[middle][..., 0] > 50).all()))


@pytest.mark.parametrize("shape", [(1, 1), (1, 100_000), (100_000, 1), (3, 2)])
@pytest.mark.parametrize("large", [0, 10**9], ids=["rough", "sharp"])
def test_odd_sizes_are_shown_with_their_mask(canvas, monkeypatch, shape, large):
    monkeypatch.setattr(rough, "_AT_ONCE", large)
    canvas.set_image(np.zeros(shape, np.uint8))
    canvas.set_document(MaskDocument("a.png", np.ones(shape, np.uint8)))
    for zoom in (canvas.zoom, 0.3, 1.0, 1.5, 40.0):
        canvas.set_zoom(zoom)
        pixels(canvas)
        while not canvas.compositor.is_sharp:
            canvas.compositor.sharpen(1)
        seen = canvas.viewport.image_box.clipped(*VIEW)
        assert (pixels(canvas)[seen.slices][..., 0] > 50).any()
