"""What the fill tool outlines is what a click changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from scratchgui.core.project import DefectClass
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import pixels

ALT, NO_KEY = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


def shapes() -> np.ndarray:
    """A thin circle, a bar of class 2, an open bow, and a line that cuts a corner off."""
    made = np.zeros((120, 160), np.uint8)
    cv2.circle(made, (40, 50), 25, 1, 1)
    made[100:104, 20:120] = 2
    cv2.ellipse(made, (110, 50), (25, 25), 0, 20, 340, 1, 2)
    cv2.line(made, (140, 0), (159, 19), 1, 1)
    return made


@pytest.fixture
def document(canvas, editor) -> MaskDocument:
    canvas.set_image(np.full((120, 160), 128, np.uint8))
    made = MaskDocument("a.png", shapes())
    canvas.set_document(made)
    canvas.set_zoom(2)
    editor.tool = ToolKey.FILL
    return made


def outlined(canvas) -> np.ndarray:
    """Which pixels the outline goes around."""
    found, made = canvas._picked, np.zeros((120, 160), bool)
    if found._pixels is not None:
        made[found.box.slices] = found._pixels
    return made


places = st.one_of(
    st.tuples(st.integers(-5, 165), st.integers(-5, 125)),
    st.sampled_from([(60, 102), (40, 25), (110, 25), (85, 50), (40, 50), (158, 2), (159, 119), (150, 10)]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(places, st.booleans()), min_size=1, max_size=6),
    st.integers(1, 3),
    st.booleans(),
)
def test_what_is_outlined_is_what_a_click_changes(canvas, mouse, document, editor, moves, label, protect):
    canvas.set_document(MaskDocument("a.png", shapes()))
    editor.active_class, editor.options.protect_others = label, protect
    for (x, y), alt in moves:
        mouse.move(x + 0.5, y + 0.5, ALT if alt else NO_KEY)
    (x, y), alt = moves[-1]
    shown = outlined(canvas)
    before = canvas.shown_mask.copy()
    mouse.drag((x + 0.5, y + 0.5), keys=ALT if alt else NO_KEY)
    assert np.array_equal(canvas.shown_mask != before, shown)
    assert not outlined(canvas).any()


def test_hidden_and_locked_defects_are_not_outlined(canvas, mouse, document, editor):
    dent = DefectClass(name="dent", color="#56b4e9")
    for field in ("hidden", "locked"):
        editor.classes.set_classes([dent, dent.model_copy(update={field: True})])
        mouse.move(10, 10)
        mouse.move(60, 102)
        assert not outlined(canvas).any()
    editor.classes.set_classes([dent, dent])
    mouse.move(61, 102)
    assert outlined(canvas).any()


def test_nothing_is_outlined_where_nothing_may_be_edited(canvas, mouse, document):
    canvas.editable = False
    for place in ((60.5, 102.5), (40.5, 50.5)):
        mouse.move(*place)
        assert not outlined(canvas).any()
    canvas.editable = True
    mouse.move(41.5, 50.5)
    assert outlined(canvas).any()
    canvas.freeze()
    assert not outlined(canvas).any()
    mouse.move(42.5, 50.5)
    assert not outlined(canvas).any()


@pytest.mark.parametrize("end", ["leave", "tool", "undo", "image"])
def test_nothing_stays_outlined(canvas, mouse, document, editor, end):
    plain = pixels(canvas)
    mouse.move(60, 102)
    mouse.move(41, 50)
    assert not np.array_equal(pixels(canvas), plain)
    if end == "leave":
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    elif end == "tool":
        editor.tool = ToolKey.BRUSH
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    elif end == "undo":
        mouse.drag((41, 50))
        document.undo()
    else:
        canvas.set_image(np.zeros((120, 160), np.uint8))
    assert not outlined(canvas).any()
    if end != "image":
        assert np.array_equal(pixels(canvas), plain)


def test_the_prediction_is_outlined_while_it_counts(canvas, mouse, editor):
    canvas.set_image(np.zeros((120, 160), np.uint8))
    canvas.set_document(MaskDocument.blank("b.png", 160, 120))
    editor.tool = ToolKey.FILL
    mouse.move(41, 50)
    assert not outlined(canvas).any()
    canvas.set_prediction_mask(shapes())
    mouse.move(41, 51)
    assert outlined(canvas)[50, 40]
    canvas.set_prediction_mask(np.zeros((120, 160), np.uint8))
    mouse.move(41, 52)
    assert not outlined(canvas).any()


def test_what_is_too_large_to_be_found_at_once_is_not_outlined_but_filled(canvas, mouse, editor):
    large = np.zeros((2000, 2000), np.uint8)
    cv2.rectangle(large, (5, 5), (1990, 1990), 1, 1)
    cv2.circle(large, (1000, 1000), 200, 1, 1)
    canvas.set_image(np.zeros((2000, 2000), np.uint8))
    document = MaskDocument("a.png", large)
    canvas.set_document(document)
    editor.tool = ToolKey.FILL
    mouse.move(1000, 1000)
    assert canvas._picked.box.width == 399
    mouse.move(100, 100)
    assert canvas._picked.box.is_empty
    mouse.drag((100, 100))
    assert document.mask[1900, 1900] == 1
    assert document.mask[1000, 1000] == 0
