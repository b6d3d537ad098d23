"""Patterns of classes: fixed in the image, of a fixed size on the screen, and never at the cost of a thin scratch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scratchgui.canvas import rough
from scratchgui.canvas.layers import mask_look, prediction_look
from scratchgui.core.classes import Pattern
from scratchgui.core.project import DefectClass
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import act, check_that_nothing_was_missed, pixels

LINED = [pattern for pattern in Pattern if pattern is not Pattern.PLAIN]
OPACITY = 0.45
BLACK = np.zeros((120, 160), np.uint8)


def classes(*patterns: str) -> list[DefectClass]:
    """White classes, so that on black the brightness is how much they cover."""
    return [DefectClass(name=f"{number}", color="#ffffff", pattern=name) for number, name in enumerate(patterns)]


def show(canvas, editor, mask: np.ndarray, *patterns: str, zoom: float = 2.0) -> MaskDocument:
    """Show a mask over black in classes with these patterns."""
    document = MaskDocument("a.png", mask)
    editor.overlay_opacity = OPACITY
    canvas.set_image(np.zeros_like(mask))
    canvas.set_document(document)
    editor.classes.set_classes(classes(*patterns))
    canvas.set_zoom(zoom)
    return document


def inside(canvas) -> np.ndarray:
    """How much the middle of the view is covered, 0 … 1, without badge and bars."""
    return pixels(canvas)[100:200, 120:280, 0] / 255


@pytest.mark.parametrize("pattern", LINED)
@pytest.mark.parametrize("zoom", [0.6, 2.0, 3.7, 9.0])
def test_a_pattern_covers_more_and_less_but_is_nowhere_clear(canvas, editor, pattern, zoom):
    mask = np.ones((1000, 1200), np.uint8)
    show(canvas, editor, mask, "plain", zoom=zoom)
    np.testing.assert_allclose(inside(canvas), OPACITY, atol=0.01)
    editor.classes.set_classes(classes(pattern))
    seen = inside(canvas)
    assert seen.min() == pytest.approx(0.4 * OPACITY, abs=0.01)
    assert seen.max() == pytest.approx(1.6 * OPACITY, abs=0.01)
    assert seen.mean() == pytest.approx(OPACITY, rel=0.2), "as a whole it covers as much as without"
    np.testing.assert_array_equal(seen[8:], seen[:-8])
    np.testing.assert_array_equal(seen[:, 8:], seen[:, :-8])


def test_patterns_differ_and_others_are_as_they_were(canvas, editor):
    mask = np.zeros(BLACK.shape, np.uint8)
    mask[:, 60:] = 2
    mask[:, 90:] = 9
    show(canvas, editor, mask, "plain", "plain")
    before, seen = inside(canvas), set()
    for pattern in LINED:
        editor.classes.set_classes(classes("plain", pattern))
        now = inside(canvas)
        columns = slice(0, round(canvas.viewport.placement.x + 90 * 2) - 120)
        assert (now != before)[:, columns].any()
        np.testing.assert_array_equal(now[:, columns.stop :], before[:, columns.stop :])
        seen.add(now.tobytes())
    assert len(seen) == len(LINED)
    editor.classes.set_classes(classes("plain", "of a newer program"))
    np.testing.assert_array_equal(inside(canvas), before)


def test_without_a_pattern_there_is_nothing_to_look_up(editor):
    editor.classes.set_classes(classes("plain", "plain", "of a newer program"))
    for look in (
        mask_look(0.5, editor.classes.colors, editor.classes.patterns, outline=False),
        prediction_look(0.5, editor.classes.colors, editor.classes.patterns, outline=False),
    ):
        assert look.kinds is None
        assert look.fill.size == 256
    editor.classes.set_classes([item.model_copy(update={"hidden": True}) for item in classes("crossed")])
    assert mask_look(0.5, editor.classes.colors, editor.classes.patterns, outline=False).kinds is None


def test_a_pattern_lies_in_the_image(canvas, editor):
    show(canvas, editor, np.ones((400, 500), np.uint8), "diagonal", zoom=2.5)
    before = inside(canvas)
    canvas.pan(-3, 5)
    canvas.view_moved()
    after = inside(canvas)
    np.testing.assert_array_equal(after[5:, :-3], before[:-5, 3:])
    assert (after != before).any()


lines = st.tuples(
    st.integers(10, 149), st.integers(10, 109), st.floats(0, np.pi), st.integers(15, 60), st.integers(1, 3)
)


@pytest.mark.parametrize("pattern", LINED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines, zoom=st.sampled_from([0.5, 0.7, 1.0]))
def test_a_thin_scratch_is_seen_as_without_a_pattern(canvas, editor, pattern, line, zoom):
    x, y, angle, length, width = line
    mask = np.zeros(BLACK.shape, np.uint8)
    end = round(x + length * np.cos(angle)), round(y + length * np.sin(angle))
    mask = cv2.dilate(cv2.line(mask, (x, y), end, 1), np.ones((width, width)))
    show(canvas, editor, mask, "plain", zoom=zoom)
    plain = pixels(canvas)[60:240, 100:300, 0].astype(int)
    editor.classes.set_classes(classes(pattern))
    seen = pixels(canvas)[60:240, 100:300, 0]
    scratch = plain > 100
    if width == 1:
        assert (seen >= plain - 1)[scratch].all()
    assert (cv2.dilate(seen, np.ones((3, 3))) >= plain - 1)[scratch].all(), "beside each pixel is one as before"
    assert seen[scratch].mean() > 0.7 * plain[scratch].mean()


def test_a_prediction_an_outline_and_what_can_be_picked_have_patterns_too(canvas, editor):
    mask = np.zeros(BLACK.shape, np.uint8)
    mask[30:90, 40:120] = 1
    mine = np.zeros(BLACK.shape, np.uint8)
    mine[0, 0] = 2
    document = show(canvas, editor, np.zeros_like(mask), "plain")
    empty = MaskDocument.blank("a.png", 160, 120)
    canvas.set_prediction_mask(mask)

    def levels(pattern: str) -> int:
        editor.classes.set_classes(classes(pattern))
        return len(np.unique(pixels(canvas)[60:240, 60:340, 0]))

    canvas.set_document(empty)
    editor.tool = ToolKey.PAN
    assert (levels("plain"), levels("dotted")) == (3, 7)
    editor.outline = True
    assert (levels("plain"), levels("dotted")) == (2, 4)
    editor.outline = False
    document.replace(mine, "Draw")
    canvas.set_document(document)
    editor.tool = ToolKey.PICK
    assert (levels("plain"), levels("dotted")) == (2, 4)


@pytest.mark.parametrize("pattern", LINED)
@pytest.mark.parametrize("shift", [(0, 0), (1, 0), (1, 1)])
def test_a_rough_picture_has_the_pattern_where_the_sharp_one_has_it(canvas, editor, monkeypatch, pattern, shift):
    show(canvas, editor, np.ones((400, 500), np.uint8), pattern)
    canvas.pan(*shift)
    sharp = inside(canvas)
    monkeypatch.setattr(rough, "_AT_ONCE", 0)
    canvas.view_moved()
    seen = inside(canvas)
    assert not canvas.compositor.is_sharp
    assert np.ptp(seen) > 0.5 * np.ptp(sharp)
    assert np.corrcoef(seen.ravel(), sharp.ravel())[0, 1] > 0.7


def test_on_a_screen_of_200_percent_a_pattern_is_twice_as_large(canvas, editor):
    show(canvas, editor, np.ones((400, 500), np.uint8), "diagonal")
    canvas.compositor.edge_width = 2
    canvas.view_moved()
    seen = inside(canvas)
    np.testing.assert_array_equal(seen[:, 16:], seen[:, :-16])
    assert (seen[:, 8:] != seen[:, :-8]).any()


steps = st.one_of(
    st.tuples(st.just("pan"), st.integers(-90, 90), st.integers(-90, 90)),
    st.tuples(st.just("zoom"), st.floats(0.1, 20), st.floats(0, 300)),
    st.tuples(st.just("stroke"), st.integers(0, 160), st.integers(0, 120)),
    st.tuples(st.just("undo"), st.just(0), st.just(0)),
    st.tuples(st.just("turn"), st.integers(0, 3), st.just(0)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=8), st.sampled_from(LINED), st.booleans())
def test_partial_repaints_equal_a_full_one(canvas, editor, surface, actions, pattern, outline):
    mask = np.zeros(surface.shape[:2], np.uint8)
    mask[::7, :50] = 2
    mask[20:90, 60:130] = 3
    document = MaskDocument("a.png", mask)
    editor.outline = outline
    canvas.set_image(surface)
    canvas.set_document(document)
    editor.classes.set_classes(classes(pattern, "crossed", "dotted"))
    for action in actions:
        act(canvas, editor.view, document, *action)
    check_that_nothing_was_missed(canvas)
