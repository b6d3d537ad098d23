"""Looking at raw image, mask and prediction by turns, and beside each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt

from scratchgui.canvas.split import parts
from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.view_state import Side

from .conftest import LEFT, NO_KEY, act, check_that_nothing_was_missed, pixels


@pytest.fixture
def view(editor):
    return editor.view


@pytest.fixture
def document(canvas, editor, surface) -> MaskDocument:
    """Mask in the upper half, prediction in the lower one, both over the whole width."""
    mask, prediction, previous = (np.zeros(surface.shape[:2], np.uint8) for _ in range(3))
    mask[10:40], prediction[70:100], previous[45:60] = 1, 1, 1
    document = MaskDocument("a.png", mask)
    canvas.set_image(surface)
    canvas.set_document(document)
    canvas.set_prediction_mask(prediction)
    canvas.set_previous_mask(previous)
    canvas.set_zoom(2)
    return document


def plain(canvas, editor) -> np.ndarray:
    editor.overlay_visible = False
    raw = pixels(canvas)
    editor.overlay_visible = True
    return raw


def rows_that_differ(canvas, one, other, columns=slice(0, 400)) -> tuple[int, int]:
    """First and last image row in which two pictures differ."""
    rows = np.flatnonzero((one != other)[60:, columns].any(axis=(1, 2))) + 60
    place = canvas.viewport.placement
    return round((rows.min() - place.y) // place.zoom), round((rows.max() - place.y) // place.zoom)


def test_a_held_side_is_shown_alone_with_its_name(canvas, editor, view, document):
    raw, usual = plain(canvas, editor), pixels(canvas)
    for side, first, last in ((Side.MASK, 10, 39), (Side.PREDICTION, 70, 99)):
        view.held = side
        held = pixels(canvas)
        assert (held[12:30, 12:60] < 26).sum() > 500, "no badge"
        assert rows_that_differ(canvas, held, raw) == (max(first, 15), last)
    editor.overlay_visible = False
    view.held = Side.MASK
    assert rows_that_differ(canvas, pixels(canvas), raw)[1] == 39
    editor.overlay_visible = True
    view.held = None
    np.testing.assert_array_equal(pixels(canvas), usual)
    editor.raw_held = True
    np.testing.assert_array_equal(pixels(canvas)[60:], raw[60:])
    editor.raw_held = False
    np.testing.assert_array_equal(pixels(canvas), usual)


def test_the_badge_says_when_there_is_nothing_to_show(canvas, editor, view, surface):
    canvas.set_image(surface)
    canvas.set_document(MaskDocument.blank("a.png", 160, 120))
    view.held = Side.MASK
    assert canvas.aids.badge.text == "Mask: none"
    view.held = None
    assert canvas.aids.badge.text == ""


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_each_side_of_the_divider_shows_its_own(canvas, editor, view, document, quarters):
    shown = {}
    for side in (Side.RAW, Side.MASK, Side.PREDICTION, Side.PREVIOUS):
        view.turn, view.held = quarters, side
        shown[side] = pixels(canvas)
    view.held = None
    view.swipe = True
    for left, right in ((Side.RAW, Side.MASK), (Side.MASK, Side.PREDICTION), (Side.PREVIOUS, Side.RAW)):
        view.left, view.right, view.divider = left, right, 0.4
        seen = pixels(canvas)
        # Rows without badge, labels and knob; columns beside the divider's line.
        for rows in (slice(95, 130), slice(170, 300)):
            np.testing.assert_array_equal(seen[rows, :157], shown[left][rows, :157])
            np.testing.assert_array_equal(seen[rows, 163:], shown[right][rows, 163:])
    view.swipe = False
    editor.raw_held = False


def test_the_divider_is_dragged_and_tools_do_not_notice(canvas, mouse, view, document):
    view.swipe = True
    before = document.mask.copy()
    y = 150
    canvas.grab()
    drag(mouse, QPointF(203, 250), QPointF(120, 240))
    assert view.divider == pytest.approx(120 / 400)
    np.testing.assert_array_equal(document.mask, before)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        mouse.held = LEFT
        mouse.send(kind, QPointF(120, 240), LEFT, NO_KEY)
        mouse.held = Qt.MouseButton.NoButton
        mouse.send(QEvent.Type.MouseButtonRelease, QPointF(120, 240), LEFT, NO_KEY)
    np.testing.assert_array_equal(document.mask, before)
    drag(mouse, QPointF(130 + 40, y), QPointF(200, y))
    assert (document.mask != before).any(), "beside the divider the brush paints"
    view.divider = -3
    assert view.divider == 0
    view.swipe = False
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor


def drag(mouse, start: QPointF, end: QPointF) -> None:
    from PySide6.QtCore import QEvent

    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    mouse.send(QEvent.Type.MouseMove, start, none, keys)
    mouse.held = left
    mouse.send(QEvent.Type.MouseButtonPress, start, left, keys)
    mouse.send(QEvent.Type.MouseMove, end, none, keys)
    mouse.held = none
    mouse.send(QEvent.Type.MouseButtonRelease, end, left, keys)


def test_a_label_offers_what_its_side_can_show(canvas, view, document):
    swipe = canvas.aids.swipe
    menu = swipe.menu_of("left")
    assert [action.text() for action in menu.actions()] == ["Raw", "Prediction", "Mask"]
    view.previous_known = True
    menu = swipe.menu_of("right")
    texts = {action.text(): action for action in menu.actions()}
    assert texts["Prediction"].isChecked() and not texts["Raw"].isChecked()
    texts["Previous model"].trigger()
    assert view.right is Side.PREVIOUS


moves = st.one_of(
    st.tuples(st.just("divider"), st.floats(0, 1), st.just(0)),
    st.tuples(st.just("pan"), st.integers(-90, 90), st.integers(-90, 90)),
    st.tuples(st.just("turn"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("stroke"), st.integers(0, 160), st.integers(0, 120)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moves, min_size=1, max_size=7))
def test_partial_repaints_with_a_divider_equal_a_full_one(canvas, view, document, steps):
    view.swipe, view.left, view.right = True, Side.MASK, Side.PREDICTION
    for action in steps:
        act(canvas, view, document, *action)
    check_that_nothing_was_missed(canvas)


boxes = st.builds(Box, st.integers(0, 40), st.integers(0, 40), st.integers(1, 40), st.integers(1, 40))


@given(boxes, boxes)
def test_parts_cover_a_box_once(inside, second):
    class Part:
        box, layers = second, ("second",)

    count = np.zeros((90, 90), int)
    for part, layers in parts(inside, ("first",), Part()):
        count[part.slices] += 1
        assert (layers == ("second",)) == (not part.intersection(second).is_empty)
    expected = np.zeros((90, 90), int)
    expected[inside.slices] = 1
    np.testing.assert_array_equal(count, expected)
