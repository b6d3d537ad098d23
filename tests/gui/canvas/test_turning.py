"""The view rotated by quarter turns: everything as without, but seen turned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt

from scratchgui.canvas.canvas_widget import CanvasWidget
from scratchgui.canvas.turning import Turn
from scratchgui.core.geometry import Box
from scratchgui.core.regions import find_regions
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import Mouse, act, check_that_nothing_was_missed, pixels

sizes = st.integers(1, 4000)
turns = st.builds(Turn, st.integers(0, 3), sizes, sizes)


@given(turns, st.floats(-50, 4050), st.floats(-50, 4050))
def test_points_map_there_and_back(turn, x, y):
    assert turn.to_picture(*turn.to_screen(x, y)) == pytest.approx((x, y))
    mapped = turn.transform.map(QPointF(x, y))
    assert (mapped.x(), mapped.y()) == pytest.approx(turn.to_screen(x, y))


@given(turns, st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_boxes_map_there_and_back_and_keep_their_area(turn, x, y, width, height):
    box = Box(x, y, width, height)
    there = turn.box_to_screen(box)
    assert there.area == box.area
    assert turn.box_to_picture(there) == box
    assert Turn.of_screen(turn.quarters, *turn.screen) == turn


class TurnedMouse(Mouse):
    """Points at image pixels of a turned view."""

    def point(self, x: float, y: float) -> QPointF:
        place, ratio = self.canvas.viewport.placement, self.canvas.devicePixelRatioF()
        sx, sy = self.canvas.turn.to_screen(place.x + x * place.zoom, place.y + y * place.zoom)
        return QPointF(sx / ratio, sy / ratio)


@pytest.fixture
def document(canvas, surface) -> MaskDocument:
    mask = np.zeros(surface.shape[:2], np.uint8)
    mask[20:25, 30:90] = 1
    mask[60:100, 100:104] = 1
    document = MaskDocument("a.png", mask)
    canvas.set_image(surface)
    canvas.set_document(document)
    return document


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("zoom", [None, 0.7, 1.0, 3.0])
def test_what_is_seen_is_the_view_rotated(qtbot, canvas, editor, document, quarters, zoom):
    editor.view.scale_bar = editor.view.mini_map = False
    upright = CanvasWidget(editor)
    qtbot.addWidget(upright)
    editor.view.turn = quarters
    width, height = (300, 400) if quarters % 2 else (400, 300)
    upright.resize(width, height)
    upright.set_turn(0)
    upright.show()
    qtbot.waitExposed(upright)
    upright.set_image(canvas.shown.original)
    upright.set_document(document)
    if zoom is not None:
        canvas.set_zoom(zoom)
        upright.set_zoom(zoom)
    assert canvas.viewport.placement == upright.viewport.placement
    np.testing.assert_array_equal(pixels(canvas), np.rot90(pixels(upright), -quarters))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_stroke_lands_under_the_mouse(canvas, editor, document, quarters):
    editor.view.turn = quarters
    editor.brush_size = 5
    before = document.mask.copy()
    TurnedMouse(canvas).drag((40, 70), (60, 70))
    painted = document.mask != before
    rows, columns = np.nonzero(painted)
    assert (rows.min(), rows.max()) == (68, 72)
    assert columns.min() == 38 and columns.max() == 62


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_wheel_and_pan_follow_the_mouse(canvas, editor, document, quarters):
    editor.view.turn = quarters
    mouse = TurnedMouse(canvas)
    at = mouse.point(50, 40)
    mouse.wheel(50, 40, 3)
    assert canvas.viewport.placement.to_image(*canvas.device_point(at)) == pytest.approx((50, 40), abs=0.6)
    editor.tool = ToolKey.PAN
    mouse.press(50, 40)
    target = mouse.point(50, 40) + QPointF(31, -17)
    mouse.send(mouse_move(), target, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    assert canvas.viewport.placement.to_image(*canvas.device_point(target)) == pytest.approx((50, 40), abs=0.6)
    mouse.release(50, 40)
    # The same with the middle button and any tool.
    editor.tool = ToolKey.BRUSH
    mouse.press(50, 40, button=Qt.MouseButton.MiddleButton)
    target = mouse.point(50, 40) + QPointF(-12, 23)
    mouse.send(mouse_move(), target, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    assert canvas.viewport.placement.to_image(*canvas.device_point(target)) == pytest.approx((50, 40), abs=0.6)
    mouse.release(50, 40, button=Qt.MouseButton.MiddleButton)


def mouse_move():
    from PySide6.QtCore import QEvent

    return QEvent.Type.MouseMove


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_view_is_fitted_and_keeps_its_middle(canvas, editor, document, quarters):
    editor.view.turn = quarters
    assert canvas.viewport.fitted
    box = canvas.viewport.image_box
    shown = canvas.turn.box_to_screen(box)
    assert abs(shown.x - (400 - shown.right)) <= 1 and abs(shown.y - (300 - shown.bottom)) <= 1
    canvas.resize(350, 320)
    shown = canvas.turn.box_to_screen(canvas.viewport.image_box)
    assert abs(shown.x - (350 - shown.right)) <= 1 and abs(shown.y - (320 - shown.bottom)) <= 1
    canvas.set_zoom(4)
    middle = canvas.viewport.placement.to_image(*canvas.device_point(QPointF(175, 160)))
    editor.view.turn = 0
    assert canvas.viewport.placement.to_image(*canvas.device_point(QPointF(175, 160))) == pytest.approx(middle, abs=0.6)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_labels_of_boxes_stay_upright(canvas, editor, document, quarters):
    regions = find_regions(document.mask, min_area=0)
    canvas.set_boxes(regions)
    editor.view.turn = quarters
    canvas.set_zoom(1.0)
    without = pixels(canvas)
    canvas.hover_box((50, 22))
    rows, columns = np.nonzero((pixels(canvas) != without).any(axis=2))
    assert np.ptp(columns) + 1 > np.ptp(rows) + 1 and np.ptp(rows) + 1 == 18
    canvas.hover_box(None)
    np.testing.assert_array_equal(pixels(canvas), without)


steps = st.one_of(
    st.tuples(st.just("pan"), st.integers(-90, 90), st.integers(-90, 90)),
    st.tuples(st.just("zoom"), st.floats(0.1, 20), st.floats(0, 300)),
    st.tuples(st.just("stroke"), st.integers(0, 160), st.integers(0, 120)),
    st.tuples(st.just("turn"), st.integers(0, 3), st.just(0)),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=7))
def test_partial_repaints_of_a_turned_view_equal_a_full_one(canvas, editor, surface, actions):
    document = MaskDocument("a.png", np.zeros(surface.shape[:2], np.uint8))
    canvas.set_image(surface)
    canvas.set_document(document)
    for action in actions:
        act(canvas, editor.view, document, *action)
    check_that_nothing_was_missed(canvas)
