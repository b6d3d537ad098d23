"""What brush and eraser can be told: pressure, gray level, size by dragging; and that no way leaves gaps."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest

from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank, pixels

NO_KEY = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SIZING = ALT | Qt.KeyboardModifier.ControlModifier
NO_BUTTON, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


@pytest.fixture
def document(canvas, editor, surface) -> MaskDocument:
    made = open_blank(canvas, surface)
    editor.brush_size = 15
    return made


def heights(document: MaskDocument) -> np.ndarray:
    return np.count_nonzero(document.mask, axis=0)


def test_a_pen_paints_as_wide_as_it_is_pressed(canvas, pen, document):
    pen.draw((20.5, 60.5, 0.2), (80.5, 60.5, 1.0), (140.5, 60.5, 0.0))
    across = heights(document)
    assert across[20] == 3
    assert across[80] == 15
    assert across[139] <= 2
    assert document.mask[60, 20:141].all()
    assert (np.diff(across[20:81]) >= 0).all()
    assert np.abs(np.diff(across[20:140])).max() <= 2, "the width changes in steps of a pixel at each edge"
    assert len(document.history) == 1


def test_without_the_option_a_pen_paints_full_width(canvas, pen, document, editor):
    editor.options.pen_pressure = False
    pen.draw((20.5, 60.5, 0.1), (80.5, 60.5, 0.3))
    assert heights(document)[20:81].tolist() == [15] * 61


def test_a_mouse_paints_full_width(canvas, mouse, document, editor):
    assert editor.options.pen_pressure
    mouse.drag((20.5, 60.5), (80.5, 60.5))
    assert heights(document)[20:81].tolist() == [15] * 61


def test_a_pen_that_only_hovers_paints_nothing_and_shows_the_brush(canvas, mouse, pen, document, qtbot):
    with qtbot.waitSignal(canvas.cursor_moved) as told:
        assert pen.send(QEvent.Type.TabletMove, 30.5, 40.5, 0.0)
    assert told.args == [30, 40]
    assert not document.mask.any()


def test_a_pen_gives_the_canvas_the_keys(canvas, pen, document):
    canvas.clearFocus()
    pen.send(QEvent.Type.TabletPress, 30, 30, 0.5, LEFT)
    assert canvas.hasFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    pen.send(QEvent.Type.TabletRelease, 60, 60, 0.0, LEFT)
    assert not document.mask.any()


@pytest.fixture(params=["gray", "rgb"])
def striped(request, canvas, document):
    """A dark scratch, 4 px wide in rows 50 … 53, on a bright surface with some noise."""
    image = np.random.default_rng(3).integers(175, 186, (120, 160), np.uint8)
    image[50:54] = 60
    canvas.set_image(image if request.param == "gray" else cv2.cvtColor(image, cv2.COLOR_GRAY2RGB))
    canvas.set_document(document)
    canvas.set_zoom(2)
    return document


def test_only_what_has_the_gray_level_under_the_press_is_painted(canvas, mouse, striped, editor):
    editor.options.gray_only = True
    mouse.drag((20.5, 52), (140.5, 56))
    assert not striped.mask[:50].any()
    assert not striped.mask[54:].any()
    assert striped.mask[50:54, 20:141].all()
    mouse.drag((20.5, 20.5), (60.5, 52))
    assert striped.mask[20, 20] == 1
    assert heights(striped)[56] > 4


def test_the_tolerance_decides_how_much_fits(canvas, mouse, striped, editor):
    editor.options.gray_only = True
    editor.options.gray_tolerance = 1
    mouse.drag((80.5, 20.5))
    few = np.count_nonzero(striped.mask)
    editor.options.gray_tolerance = 12
    mouse.drag((80.5, 20.5))
    assert 0 < few < np.count_nonzero(striped.mask)
    mouse.drag((80.5, 48.5))
    assert not striped.mask[50:54].any()
    editor.options.gray_tolerance = 255
    mouse.drag((80.5, 48.5))
    assert striped.mask[50:54, 80].all()


def test_the_eraser_keeps_what_does_not_fit_too(canvas, mouse, striped, editor):
    mouse.drag((20.5, 52), (140.5, 52))
    editor.options.gray_only = True
    editor.tool = ToolKey.ERASER
    mouse.drag((20.5, 46.5), (140.5, 46.5))
    mouse.drag((20.5, 58.5), (140.5, 58.5))
    rows = np.flatnonzero(striped.mask[:, 80])
    assert rows.tolist() == [50, 51, 52, 53]


def test_the_size_follows_a_drag_and_the_circle_stays(canvas, mouse, document, editor):
    mouse.press(80.5, 60.5, SIZING)
    mouse.move(90.5, 60.5, SIZING)
    assert editor.brush_size == 35
    assert canvas.cursor().shape() == Qt.CursorShape.SizeHorCursor
    larger = pixels(canvas)
    y, left, right = (
        round(value) for value in (mouse.point(0, 60.5).y(), mouse.point(63, 0).x(), mouse.point(98, 0).x())
    )
    quiet = (slice(y - 2, y + 3), slice(left - 3, left + 1)), (slice(y - 2, y + 3), slice(right, right + 4))
    mouse.move(88.5, 60.5, SIZING)
    smaller = pixels(canvas)
    for part in quiet:
        assert not np.array_equal(larger[part], smaller[part]), "both edges of the circle follow"
    mouse.move(0.5, 60.5, SIZING)
    assert editor.brush_size == 1
    mouse.release(0.5, 60.5, keys=SIZING)
    assert not document.mask.any()
    assert len(document.history) == 0
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    mouse.drag((30.5, 30.5))
    assert np.count_nonzero(document.mask) == 1


def test_escape_gives_the_size_back(canvas, mouse, document, editor):
    mouse.press(80.5, 60.5, SIZING)
    mouse.move(120.5, 60.5, SIZING)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.release(120.5, 60.5, keys=SIZING)
    assert editor.brush_size == 15


places = st.lists(st.tuples(st.floats(-30, 190), st.floats(-30, 150)), min_size=2, max_size=5)
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def painted(canvas, mouse, way) -> np.ndarray:
    document = MaskDocument.blank("a.png", 160, 120)
    canvas.set_document(document)
    mouse.drag(*way)
    return document.mask.copy()


@several
@given(places, st.integers(1, 40))
def test_a_way_gives_the_same_pixels_backwards_and_has_no_gap(canvas, mouse, document, editor, way, size):
    editor.brush_size = size
    forth = painted(canvas, mouse, way)
    assert np.array_equal(forth, painted(canvas, mouse, way[::-1]))
    inside = [0 <= x < 160 and 0 <= y < 120 for x, y in way]
    if all(inside):
        assert cv2.connectedComponents(forth, connectivity=8)[0] == 2


def test_far_apart_events_leave_no_gap_over_a_huge_image(canvas, mouse, editor):
    canvas.set_image(np.zeros((3000, 4000), np.uint8))
    editor.brush_size = 3
    mask = []
    for way in ([(10.5, 20.5), (3990.5, 2950.5)], [(3990.5, 2950.5), (10.5, 20.5)]):
        document = MaskDocument.blank("a.png", 4000, 3000)
        canvas.set_document(document)
        canvas.set_zoom(1)
        mouse.drag(*way)
        mask.append(document.mask)
    assert np.array_equal(*mask)
    assert cv2.connectedComponents(mask[0], connectivity=8)[0] == 2
    assert np.count_nonzero(mask[0], axis=0)[10:3991].min() >= 3


@pytest.mark.parametrize("size", [1, 500])
def test_the_smallest_and_the_largest_brush_are_round(canvas, mouse, document, editor, size):
    editor.brush_size = 600 if size == 500 else size
    canvas.set_image(np.zeros((600, 600), np.uint8))
    made = MaskDocument.blank("b.png", 600, 600)
    canvas.set_document(made)
    mouse.drag((300, 300))
    ys, xs = np.nonzero(made.mask)
    assert (np.ptp(xs) + 1, np.ptp(ys) + 1) == (size, size)
    assert xs.size == pytest.approx(np.pi * size**2 / 4, rel=0.28)


@pytest.mark.parametrize(("start", "end", "size"), [(176, 4891, 4), (202, 8528, 3), (158, 5440, 3)])
def test_where_a_long_way_is_cut_does_not_depend_on_its_direction(start, end, size):
    # Zoomed to 300%, the cuts lie exactly between two pixels: rounding must not choose another one on the way back.
    ends = (start / 3, 20.5), (end / 3, 620.5)
    masks = []
    for first, last in (ends, ends[::-1]):
        document = MaskDocument.blank("a.png", 3000, 640)
        document.begin_stroke(1)
        document.extend_stroke(*first, *last, size)
        masks.append(document.mask)
    assert np.array_equal(*masks)
