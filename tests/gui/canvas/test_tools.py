"""The tools, driven by mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank

SHIFT, ALT, CONTROL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def document(canvas, editor, surface) -> MaskDocument:
    made = open_blank(canvas, surface)
    editor.brush_size = 5
    return made


def test_a_drag_is_one_stroke_under_the_mouse(canvas, mouse, document, qtbot):
    with qtbot.waitSignal(canvas.stroke_finished):
        mouse.drag((20.5, 30.5), (60.5, 30.5), (60.5, 70.5))
    assert document.history.last.text == "Brush stroke"
    ys, xs = np.nonzero(document.mask)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (18, 62, 28, 72)
    assert document.mask[30, 18:61].all()
    assert document.mask[50, 58:63].all()


def test_alt_erases_with_the_brush_and_paints_with_the_eraser(canvas, mouse, document, editor):
    mouse.drag((50, 50), (90, 50))
    painted = np.count_nonzero(document.mask)
    mouse.drag((70, 40), (70, 60), keys=ALT)
    assert document.history.last.text == "Erase"
    assert np.count_nonzero(document.mask) < painted
    editor.tool = ToolKey.ERASER
    mouse.drag((50, 50), (90, 50))
    assert not document.mask.any()
    mouse.drag((20, 20), (30, 20), keys=ALT)
    assert document.mask.any()


def test_shift_draws_straight_whatever_the_way(canvas, mouse, document):
    mouse.press(20.5, 20.5, SHIFT)
    for x, y in ((40, 90), (100, 10), (140.5, 20.5)):
        mouse.move(x, y, SHIFT)
    mouse.release(140.5, 20.5, SHIFT)
    assert document.mask[18:23, 20:141].all()
    assert not document.mask[24:].any()
    assert len(document.history) == 1


def test_shift_goes_on_from_the_end_of_the_last_stroke(canvas, mouse, document):
    mouse.drag((20.5, 20.5), (30.5, 20.5))
    mouse.drag((120.5, 20.5), keys=SHIFT)
    assert document.mask[20, 18:123].all()


def test_escape_takes_the_running_stroke_back(canvas, mouse, document, qtbot):
    mouse.press(50, 50)
    mouse.move(90, 60)
    assert document.mask.any()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.move(100, 100)
    mouse.release(100, 100)
    assert not document.mask.any()
    assert len(document.history) == 0


def test_the_prediction_is_accepted_before_the_first_stroke(canvas, mouse, document):
    prediction = np.zeros((120, 160), np.uint8)
    prediction[10:20, 10:20] = 1
    canvas.set_prediction_mask(prediction)
    canvas.about_to_edit.connect(lambda: document.replace(prediction, "Accept prediction"))
    mouse.drag((50, 50), (60, 50))
    mouse.drag((50, 90), (60, 90))
    assert [step.text for step in document.history] == [
        "Accept prediction",
        "Brush stroke",
        "Brush stroke",
    ]
    assert document.mask[15, 15] == 1


def test_nothing_is_painted_when_it_must_not_be(canvas, mouse, document):
    canvas.editable = False
    mouse.drag((50, 50), (60, 50))
    assert not document.mask.any()
    canvas.editable = True
    canvas.set_document(None)
    mouse.drag((50, 50), (60, 50))
    assert not document.mask.any()


def test_changing_the_tool_takes_the_running_stroke_back(canvas, mouse, document, editor, qtbot):
    mouse.press(50, 50)
    with qtbot.waitSignal(canvas.hint_changed):
        editor.tool = ToolKey.PAN
    assert not document.mask.any()


@pytest.mark.parametrize("way", ["hand", "space", "middle"])
def test_the_image_follows_the_mouse(canvas, mouse, document, editor, way):
    canvas.set_zoom(4)
    before = canvas.viewport.placement
    at, to = mouse.point(80, 60), mouse.point(90, 65)
    button = Qt.MouseButton.MiddleButton if way == "middle" else Qt.MouseButton.LeftButton
    if way == "hand":
        editor.tool = ToolKey.PAN
    if way == "space":
        QTest.keyPress(canvas, Qt.Key.Key_Space)
    mouse.press(80, 60, button=button)
    mouse.send(mouse_move(), to, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    mouse.release(80, 60, button=button)
    after = canvas.viewport.placement
    assert (after.x - before.x, after.y - before.y) == (to.x() - at.x(), to.y() - at.y())
    assert not document.mask.any()
    if way == "space":
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
        mouse.drag((80, 60))
        assert document.mask.any()


def mouse_move():
    from PySide6.QtCore import QEvent

    return QEvent.Type.MouseMove


def test_a_click_with_the_hand_chooses(canvas, mouse, document, editor, qtbot):
    editor.tool = ToolKey.PAN
    with qtbot.waitSignal(canvas.region_clicked) as told:
        mouse.drag((33.4, 44.6))
    assert told.args == [33, 44]


def test_the_wheel_zooms_about_the_mouse(canvas, mouse, document, qtbot):
    at = mouse.point(100, 70)
    with qtbot.waitSignal(canvas.zoom_changed):
        mouse.wheel(100, 70, 3)
    assert canvas.zoom == pytest.approx(2 * 1.25**3)
    after = mouse.point(100, 70)
    assert abs(after.x() - at.x()) <= 1
    assert abs(after.y() - at.y()) <= 1


@pytest.mark.parametrize("keys", [CONTROL, ALT])
def test_the_wheel_with_a_key_changes_the_brush(canvas, mouse, document, editor, keys):
    zoom = canvas.zoom
    mouse.wheel(50, 50, 1, keys)
    assert editor.brush_size == 6
    mouse.wheel(50, 50, -1, keys)
    assert editor.brush_size == 5
    assert canvas.zoom == zoom


def test_the_position_is_told_over_the_image_only(canvas, mouse, document, qtbot):
    with qtbot.waitSignal(canvas.cursor_moved) as told:
        mouse.move(12.7, 3.2)
    assert told.args == [12, 3]
    with qtbot.waitSignal(canvas.cursor_left):
        mouse.move(-5, 3)
