"""Finding one's way: loupe, mini-map, scale bar and rulers."""

from __future__ import annotations

from math import log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest

from scratchgui.canvas.room import EDGE, RULER, Room, round_length
from scratchgui.core.geometry import Box
from scratchgui.core.regions import Region
from scratchgui.model.mask_document import MaskDocument

from .conftest import pixels
from .test_turning import TurnedMouse


@pytest.fixture
def view(editor):
    return editor.view


@pytest.fixture
def large(canvas):
    """A picture with a bright spot in each quarter, (600, 800)."""
    image = np.full((600, 800), 60, np.uint8)
    for row, column, gray in ((100, 100, 250), (100, 700, 200), (500, 100, 150), (500, 700, 100)):
        image[row - 40 : row + 40, column - 40 : column + 40] = gray
    canvas.set_image(image)
    canvas.set_document(MaskDocument.blank("a.png", 800, 600))
    return image


@given(st.floats(1e-3, 1e6))
def test_a_round_length_is_one_two_or_five_and_as_long_as_can_be(longest):
    length = round_length(longest)
    assert length <= longest * (1 + 1e-8)
    assert longest < length * 2.5 * (1 + 1e-8)
    digit = length / 10.0 ** np.floor(log10(length) + 1e-9)
    assert min(abs(digit - step) for step in (1, 2, 5)) < 1e-6


def test_aids_stay_above_the_bars_only_where_these_are():
    room = Room()
    assert room.bottom(0, 100, 500) == 500 - EDGE
    room.bars = QRect(200, 440, 300, 48)
    assert room.bottom(20, 180, 500) == 500 - EDGE
    assert room.bottom(20, 220, 500) == room.bottom(480, 600, 500) == 440 - EDGE
    room.rulers = True
    assert room.start == EDGE + RULER


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_no_bar_and_no_ruler_covers_a_fitted_image(canvas, view, large, quarters):
    view.turn = quarters
    canvas.aids.set_bars(QRect(50, 240, 300, 48), 52)
    for rulers in (False, True):
        view.rulers = rulers
        canvas.fit()
        place = canvas.viewport.placement
        corners = [
            canvas.turn.to_screen(place.x + x * place.zoom, place.y + y * place.zoom)
            for x in (0, 800)
            for y in (0, 600)
        ]
        rows, columns = [y for _, y in corners], [x for x, _ in corners]
        covered = RULER if rulers else 0
        assert min(rows) >= covered + 52 and max(rows) <= 240
        assert min(columns) >= covered and max(columns) <= 400
        assert min(rows) < covered + 52 + EDGE + 2 or min(columns) < covered + EDGE + 2, "as large as can be"
    canvas.aids.set_bars(QRect())
    assert canvas.viewport.fitted
    assert canvas.viewport.image_box.area > 1.2 * (max(rows) - min(rows)) * (max(columns) - min(columns))


def test_rulers_cut_neither_a_number_nor_the_label_of_a_box(canvas, view, large):
    canvas.set_reduce_motion(True)
    canvas.set_boxes([Region(7, 1, Box(0, 100, 600, 300), 1000, 0.1, 0.9, 0.9, (300, 200))])
    view.rulers = True
    canvas.set_zoom(1)
    place = canvas.viewport.placement
    canvas.pan(8 - 100 - place.x, -place.y)  # the tick of 100 is at column 8, in the corner
    strip = pixels(canvas)[1:7, RULER : RULER + 14]
    assert (strip == strip[0, 0]).all(), "a part of a number"
    canvas.highlight_region(7)
    orange = (255, 90, 31)
    assert (pixels(canvas)[70:100, RULER] == orange).all(axis=1).sum() >= 10, "the label begins beside the ruler"
    canvas.aids.set_bars(QRect(), 60)
    canvas.pan(0, -40)
    assert (pixels(canvas)[60 + RULER : 60 + RULER + 18, RULER] == orange).all(), "under the options, not behind them"


def test_the_scale_bar_is_as_long_as_it_says(canvas, view, large):
    view.scale_bar = True
    for zoom in (0.1, 0.5, 1.0, 3.0, 40.0):
        canvas.set_zoom(zoom)
        long, text = canvas.aids.scale_bar.length(1.0)
        assert text.endswith(" px")
        assert long == pytest.approx(float(text[:-3].replace(",", "")) * zoom)
        assert long <= 121
    canvas.set_zoom(2.0)
    without = pixels(canvas)
    view.mm_per_px = 0.02
    long, text = canvas.aids.scale_bar.length(1.0)
    assert (long, text) == (pytest.approx(100), "1 mm")
    assert (pixels(canvas) != without).any()
    canvas.set_zoom(60)
    assert canvas.aids.scale_bar.length(1.0)[1] == "20 µm"
    view.scale_bar = False
    canvas.fit()
    image = canvas.viewport.image_box
    assert (pixels(canvas)[image.bottom + 1 :] == 32).all()


def test_the_mini_map_is_there_only_beyond_the_fitted_size(canvas, view, large):
    mini_map = canvas.aids.mini_map
    view.mini_map = True
    assert not mini_map.isVisible()
    canvas.set_zoom(2)
    assert mini_map.isVisible()
    assert mini_map.geometry().right() < 400 and mini_map.geometry().bottom() < 300
    canvas.aids.set_bars(QRect(100, 240, 250, 48))
    assert mini_map.geometry().bottom() < 240
    view.mini_map = False
    assert not mini_map.isVisible()
    view.mini_map = True
    canvas.set_image(None)
    assert not mini_map.isVisible()


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_click_on_the_mini_map_shows_that_place(canvas, view, large, quarters):
    view.turn, view.mini_map = quarters, True
    canvas.set_zoom(2)
    mini_map = canvas.aids.mini_map
    picture = mini_map.grab().toImage()
    width, height = mini_map.width(), mini_map.height()
    assert (width > height) == (quarters % 2 == 0)
    for x, y in ((width // 8, height // 6), (width * 7 // 8, height // 6), (width // 8, height * 5 // 6)):
        QTest.mouseClick(mini_map, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        column, row = canvas.viewport.placement.to_image(*canvas.device_point(QPointF(200, 150)))
        # What is in the middle now is what the map showed there, whatever is shaded.
        spot = large[int(row), int(column)]
        assert spot != 60
        shades = {value: (picture.pixelColor(x, y).value() / value) for value in (250, 200, 150, 100) if value == spot}
        assert 0.5 < shades[spot] < 1.05


def test_dragging_on_the_mini_map_takes_the_view_along(canvas, view, large):
    view.mini_map = True
    canvas.set_zoom(2)
    mini_map = canvas.aids.mini_map
    before = canvas.viewport.placement
    QTest.mousePress(mini_map, Qt.MouseButton.LeftButton, pos=QPoint(84, 63))
    QTest.mouseMove(mini_map, QPoint(100, 63))
    QTest.mouseRelease(mini_map, Qt.MouseButton.LeftButton, pos=QPoint(100, 63))
    assert canvas.viewport.placement.x < before.x
    assert canvas.viewport.placement.y == pytest.approx(before.y, abs=4)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_loupe_shows_the_pixel_under_the_mouse_larger(canvas, editor, view, large, quarters):
    large = large.copy()
    large[300:310, 400:410] = 222
    canvas.set_image(large)
    view.turn = quarters
    canvas.set_zoom(0.5)
    without = pixels(canvas)
    view.loupe = True
    mouse = TurnedMouse(canvas)
    mouse.move(405, 305)
    box = canvas.aids.loupe.extent().expanded(-3)
    seen = pixels(canvas)
    middle = seen[box.y + box.height // 2 - 4 : box.y + box.height // 2 + 5, box.x + box.width // 2 - 4 :][:, :9]
    # The 10 px of the image that are 5 on the screen are 20 here.
    assert (middle == 222).all()
    at = mouse.point(405, 305)
    assert not QRect(box.x, box.y, box.width, box.height).contains(at.toPoint())
    outside = np.ones(seen.shape[:2], bool)
    outside[box.expanded(3).clipped(400, 300).slices] = False
    cursor = slice(int(at.y()) - 30, int(at.y()) + 30), slice(int(at.x()) - 30, int(at.x()) + 30)
    outside[cursor] = False
    np.testing.assert_array_equal(seen[outside], without[outside])
    view.loupe = False
    np.testing.assert_array_equal(pixels(canvas)[~cursor_mask(cursor)], without[~cursor_mask(cursor)])


def cursor_mask(cursor) -> np.ndarray:
    mask = np.zeros((300, 400), bool)
    mask[cursor] = True
    return mask


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_rulers_have_their_long_ticks_at_round_numbers(canvas, view, large, quarters):
    view.turn, view.rulers = quarters, True
    canvas.set_zoom(2)
    seen = pixels(canvas)
    line = seen[2, RULER:, 0] == 90
    columns = np.flatnonzero(line) + RULER
    axis = quarters % 2
    values = [canvas.viewport.placement.to_image(*canvas.turn.to_picture(x, 0))[axis] for x in columns]
    assert len(values) >= 2
    np.testing.assert_allclose(values, np.round(np.array(values) / 50) * 50, atol=1)


def test_a_fitted_image_is_not_under_the_rulers(canvas, view, large):
    view.rulers = True
    box = canvas.viewport.image_box
    assert box.x >= RULER and box.y >= RULER
    canvas.resize(420, 310)
    assert canvas.viewport.image_box.x >= RULER
    view.rulers = False
    assert canvas.viewport.image_box.x < RULER or canvas.viewport.image_box.y < RULER
