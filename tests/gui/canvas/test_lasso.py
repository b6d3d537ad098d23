"""The lasso: free-hand, corner by corner, and both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.canvas.tools.outline import coverage
from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank, pixels, takes_enter

SHIFT, ALT, NO_KEY = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)
SQUARE = ((20, 30), (60, 30), (60, 70), (20, 70))


@pytest.fixture
def document(canvas, editor) -> MaskDocument:
    made = open_blank(canvas, np.full((120, 160), 128, np.uint8))
    editor.tool = ToolKey.LASSO
    return made


def is_square(document: MaskDocument, label: int = 1) -> bool:
    expected = np.zeros((120, 160), np.uint8)
    expected[30:70, 20:60] = label
    return np.array_equal(document.mask, expected)


CLOSINGS = {
    "enter": lambda canvas, mouse: QTest.keyClick(canvas, Qt.Key.Key_Return),
    "keypad": lambda canvas, mouse: QTest.keyClick(canvas, Qt.Key.Key_Enter),
    "right": lambda canvas, mouse: mouse.drag((20, 70), button=Qt.MouseButton.RightButton),
    "first": lambda canvas, mouse: mouse.click(21, 32),
}


@pytest.mark.parametrize("way", CLOSINGS)
def test_corners_close_to_exactly_the_pixels_within(canvas, mouse, document, way, qtbot):
    mouse.clicks(*SQUARE)
    assert not document.mask.any()
    with qtbot.waitSignal(canvas.stroke_finished):
        CLOSINGS[way](canvas, mouse)
    assert is_square(document)
    assert len(document.history) == 1
    document.undo()
    assert not document.mask.any()


def test_a_double_click_is_the_last_corner_and_closes(canvas, mouse, document):
    mouse.clicks(*SQUARE[:-1])
    mouse.double_click(*SQUARE[-1])
    assert is_square(document)
    assert len(document.history) == 1


def test_a_drag_around_an_area_closes_itself(canvas, mouse, document):
    mouse.drag(*SQUARE)
    assert is_square(document)
    assert len(document.history) == 1


def test_drags_and_clicks_can_be_mixed(canvas, mouse, document):
    mouse.click(*SQUARE[0])
    mouse.drag(*SQUARE[1:3])
    assert not document.mask.any()
    mouse.click(*SQUARE[3])
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_square(document)


def test_shift_keeps_the_first_drag_open(canvas, mouse, document):
    mouse.drag(*SQUARE[:3], keys=SHIFT)
    assert not document.mask.any()
    mouse.click(*SQUARE[3])
    mouse.drag(SQUARE[3], (30, 60), SQUARE[0])
    assert document.mask[40, 30] == 1


def test_alt_and_the_option_erase_inside(canvas, mouse, document, editor):
    everything = np.ones((120, 160), np.uint8)
    document.replace(everything, "all")
    mouse.drag(*SQUARE, keys=ALT)
    assert not document.mask[30:70, 20:60].any()
    assert np.count_nonzero(document.mask) == 120 * 160 - 1600
    assert document.history.last.text == "Erase inside outline"
    document.undo()
    editor.options.lasso_erase = True
    mouse.clicks(*SQUARE)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert np.count_nonzero(document.mask) == 120 * 160 - 1600


@pytest.mark.parametrize("back", ["Backspace", "Ctrl+Z"])
def test_backspace_and_undo_take_corner_by_corner_back(canvas, mouse, document, back):
    mouse.clicks(*SQUARE[:3])
    mouse.drag((100, 100), (120, 110), (130, 90))
    QTest.keySequence(canvas, back)
    mouse.click(*SQUARE[3])
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_square(document)
    mouse.clicks(*SQUARE[:2])
    for _ in range(2):
        QTest.keySequence(canvas, back)
    assert not canvas._router.tool.takes_key(Qt.Key.Key_Backspace)


def test_escape_forgets_the_outline(canvas, mouse, document):
    plain = pixels(canvas)
    mouse.clicks(*SQUARE)
    assert not np.array_equal(pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert np.array_equal(pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not document.mask.any()
    mouse.press(*SQUARE[0])
    mouse.move(*SQUARE[1])
    mouse.move(*SQUARE[2])
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.release(*SQUARE[3])
    assert not document.mask.any()


def test_enter_approves_only_when_no_outline_is_open(canvas, mouse, document):
    assert not takes_enter(canvas)
    mouse.clicks(*SQUARE)
    assert takes_enter(canvas)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not takes_enter(canvas)


@pytest.fixture
def hints(canvas) -> list[str]:
    """What the status bar was told to show."""
    told: list[str] = []
    canvas.hint_changed.connect(told.append)
    return told


@pytest.mark.parametrize("way", ["enter", "keypad", "right"])
@pytest.mark.parametrize("count", [1, 2])
def test_with_too_few_corners_the_outline_stays_open_and_says_why(canvas, mouse, document, hints, way, count):
    mouse.clicks(*SQUARE[:count])
    for _ in range(2):
        CLOSINGS[way](canvas, mouse)
    assert not document.has_own_mask
    assert len(hints) == 1
    assert hints[0].startswith("An outline needs three corners")
    mouse.clicks(*SQUARE[count:])
    assert hints[1:] == [canvas.hint]
    CLOSINGS[way](canvas, mouse)
    assert is_square(document)
    assert hints[2:] == []


def test_a_double_click_as_second_corner_keeps_the_outline_open(canvas, mouse, document, hints):
    mouse.click(*SQUARE[0])
    mouse.double_click(*SQUARE[1])
    assert len(hints) == 1
    mouse.clicks(*SQUARE[2:])
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_square(document)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Backspace])
def test_what_an_outline_needs_is_not_said_any_more_once_it_is_taken_back(canvas, mouse, document, hints, key):
    mouse.clicks(*SQUARE[:1])
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    QTest.keyClick(canvas, key)
    assert hints[1:] == [canvas.hint]
    assert not canvas._router.tool.is_busy


def test_a_right_click_without_an_outline_says_nothing(canvas, mouse, document, hints):
    mouse.drag((20, 70), button=Qt.MouseButton.RightButton)
    assert hints == []


def test_what_lies_outside_of_the_image_is_left_out(canvas, mouse, document):
    mouse.clicks((-30, -20), (10, -20), (10, 10), (-30, 10))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.mask[:10, :10].all()
    assert np.count_nonzero(document.mask) == 100
    mouse.clicks((-30, -20), (-10, -20), (-10, -10))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert len(document.history) == 1


def test_other_and_locked_classes_are_spared(canvas, mouse, document, editor):
    document.fill(Box(20, 30, 40, 10), np.ones((10, 40), bool), 2, "dent")
    document.locked = frozenset({2})
    mouse.drag(*SQUARE)
    assert (document.mask[30:40, 20:60] == 2).all()
    assert (document.mask[40:70, 20:60] == 1).all()
    document.locked = frozenset()
    editor.options.protect_others = True
    mouse.drag(*SQUARE, keys=ALT)
    assert np.count_nonzero(document.mask) == 400
    editor.options.protect_others = False
    mouse.drag(*SQUARE, keys=ALT)
    assert not document.mask.any()


def test_nothing_is_marked_where_nothing_may_be_edited(canvas, mouse, document):
    canvas.editable = False
    mouse.drag(*SQUARE)
    assert not document.has_own_mask


shapes = st.lists(st.tuples(st.integers(0, 640), st.integers(0, 480)), min_size=3, max_size=7)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes)
def test_what_is_previewed_is_what_is_marked(canvas, mouse, document, editor, points):
    canvas.set_zoom(1)
    made = MaskDocument.blank("a.png", 160, 120)
    canvas.set_document(made)
    points = [(x / 4, y / 4) for x, y in points]
    plain = pixels(canvas)
    tool = canvas._router.tool
    tool._outline.clear()
    for x, y in points:
        tool._outline.begin_part((x, y))
    tool._drawing.mouse = points[-1]
    tool._drawing.paint = lambda painter, place, exposed, ratio, color: tool._drawing._fill(
        painter, place, exposed, color
    )
    canvas.update()
    filled = (pixels(canvas) != plain).any(axis=2)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    place = canvas.viewport.placement
    assert np.array_equal(filled[place.y : place.y + 120, place.x : place.x + 160], made.mask > 0)


def test_the_preview_leaves_nothing_behind_where_the_mouse_was(canvas, mouse, document):
    mouse.clicks(*SQUARE[:2])
    for at in ((80, 90), (30, 50), (140, 20), (60.5, 70.5)):
        mouse.move(*at)
        QApplication.processEvents()
    shown = pixels(canvas)
    canvas.update()
    assert np.array_equal(shown, pixels(canvas))


@given(st.lists(st.tuples(st.floats(-20, 50), st.floats(-20, 50)), min_size=3, max_size=6))
def test_the_pixels_of_a_window_do_not_depend_on_the_window(points):
    whole = coverage(points, Box(0, 0, 40, 40))
    part = coverage(points, Box(7, 11, 20, 13))
    assert np.array_equal(part, whole[11:24, 7:27])


@pytest.mark.parametrize("shift", [0, 0.3, 0.7, 100_000])
def test_a_square_has_as_many_pixels_as_its_area(shift):
    left = int(shift)
    square = [(shift + x, shift + y) for x, y in ((5, 5), (15, 5), (15, 15), (5, 15))]
    assert np.count_nonzero(coverage(square, Box(left, left, 30, 30))) == 100


def test_crossing_itself_makes_no_hole():
    loops = [(5, 5), (25, 5), (25, 25), (5, 25), (5, 5), (25, 5), (25, 25), (5, 25)]
    assert coverage(loops, Box(0, 0, 30, 30))[15, 15]
