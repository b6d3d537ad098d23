"""The magic wand."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.canvas.pyramid import halve_max
from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank, pixels, takes_enter

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CORE, RIM, OTHER = (50, 50), (50, 62), (120, 50)


@pytest.fixture(params=["gray", "rgb"])
def image(request) -> np.ndarray:
    """Dark disc of radius 10 within a less dark one of radius 20, and another dark disc, on a bright surface."""
    made = np.full((120, 160), 200, np.uint8)
    cv2.circle(made, CORE, 20, 90, -1)
    cv2.circle(made, CORE, 10, 60, -1)
    cv2.circle(made, OTHER, 10, 60, -1)
    return made if request.param == "gray" else cv2.cvtColor(made, cv2.COLOR_GRAY2RGB)


@pytest.fixture
def level(image) -> np.ndarray:
    return image if image.ndim == 2 else image[..., 0]


@pytest.fixture
def document(canvas, editor, image) -> MaskDocument:
    made = open_blank(canvas, image)
    editor.tool = ToolKey.WAND
    return made


def core(level: np.ndarray) -> np.ndarray:
    found = level == 60
    found[:, 90:] = False
    return found


def other(level: np.ndarray) -> np.ndarray:
    return (level == 60) & ~core(level)


def test_a_click_marks_what_is_as_bright(canvas, mouse, document, level, qtbot):
    with qtbot.waitSignal(canvas.stroke_finished):
        mouse.drag(CORE)
    assert np.array_equal(document.mask > 0, core(level))
    assert document.history.last.text == "Mark area"
    document.undo()
    assert not document.mask.any()


def test_dragging_changes_the_tolerance_live_and_it_stays(canvas, mouse, document, editor, level):
    plain = pixels(canvas)
    mouse.press(*CORE)
    small = pixels(canvas)
    mouse.move(CORE[0] + 15, CORE[1])
    assert editor.options.wand_tolerance == 35
    large = pixels(canvas)
    assert np.count_nonzero((large != plain).any(axis=2)) > 3 * np.count_nonzero((small != plain).any(axis=2))
    assert not document.mask.any()
    mouse.move(CORE[0], CORE[1])
    assert np.array_equal(pixels(canvas), small)
    mouse.move(CORE[0] + 15, CORE[1])
    mouse.release(CORE[0] + 15, CORE[1])
    assert np.array_equal(document.mask > 0, (level < 200) & ~other(level))
    assert len(document.history) == 1
    assert editor.options.wand_tolerance == 35


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_right_is_right_on_the_screen_however_the_view_is_turned(canvas, mouse, document, editor, level, quarters):
    canvas.set_turn(quarters)
    place = canvas.viewport.placement
    at = QPointF(*canvas.turn.to_screen(place.x + CORE[0] * place.zoom, place.y + CORE[1] * place.zoom))
    plain = pixels(canvas)
    mouse.held = Qt.MouseButton.LeftButton
    mouse.send(QEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    mouse.send(QEvent.Type.MouseMove, at + QPointF(30, 0), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    assert editor.options.wand_tolerance == 35
    shown = (pixels(canvas) != plain).any(axis=2)
    mouse.held = Qt.MouseButton.NoButton
    mouse.send(QEvent.Type.MouseButtonRelease, at, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    assert np.array_equal(document.mask > 0, (level < 200) & ~other(level))
    rows, columns = np.nonzero(shown)
    assert abs(columns.mean() - at.x()) < 2, "the highlight is turned with the image"
    assert abs(rows.mean() - at.y()) < 2


def test_the_tolerance_ends_at_its_limits(canvas, mouse, document, editor):
    mouse.press(*CORE)
    mouse.move(-10_000, 50)
    assert editor.options.wand_tolerance == 0
    mouse.move(10_000, 50)
    assert editor.options.wand_tolerance == 255
    mouse.release(10_000, 50)
    assert document.mask.all()


def test_shift_collects_areas_for_one_step(canvas, mouse, document, level):
    mouse.drag(CORE, keys=SHIFT)
    assert not document.mask.any()
    mouse.drag(OTHER)
    assert np.array_equal(document.mask > 0, level == 60)
    assert len(document.history) == 1
    mouse.drag(CORE, keys=ALT | SHIFT)
    mouse.drag(OTHER, keys=ALT)
    assert not document.mask.any()
    assert len(document.history) == 2


@pytest.mark.parametrize("way", ["enter", "right"])
def test_what_was_collected_is_marked(canvas, mouse, document, level, way):
    mouse.drag(CORE, keys=SHIFT)
    mouse.drag(OTHER, keys=SHIFT)
    assert takes_enter(canvas)
    if way == "enter":
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    else:
        mouse.drag((5, 5), button=Qt.MouseButton.RightButton)
    assert np.array_equal(document.mask > 0, level == 60)
    assert not canvas._router.tool.takes_key(Qt.Key.Key_Return)


def test_alt_erases(canvas, mouse, document, level):
    document.replace(np.ones((120, 160), np.uint8), "all")
    mouse.drag(CORE, keys=ALT)
    assert np.array_equal(document.mask == 0, core(level))


def test_escape_forgets_what_is_pressed_and_what_is_collected(canvas, mouse, document):
    plain = pixels(canvas)
    mouse.press(*CORE)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.release(*CORE)
    assert np.array_equal(pixels(canvas), plain)
    mouse.drag(CORE, keys=SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert np.array_equal(pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not document.mask.any()


def test_it_follows_the_probability_where_that_is_chosen(canvas, mouse, document, editor, qtbot):
    editor.options.wand_source = "probability"
    with qtbot.waitSignal(canvas.told) as told:
        mouse.drag(CORE)
    assert "prediction" in told.args[0]
    assert not document.mask.any()
    probability = np.zeros((120, 160), np.uint8)
    probability[40:60, 30:120] = 230
    canvas.set_probability(probability)
    mouse.drag(CORE)
    assert np.array_equal(document.mask > 0, probability > 0)


def test_other_and_locked_classes_are_spared(canvas, mouse, document, editor, level):
    document.fill(Box(40, 40, 10, 20), np.ones((20, 10), bool), 2, "dent")
    editor.options.protect_others = True
    mouse.drag(CORE)
    assert (document.mask[40:60, 40:50] == 2).all()
    editor.options.protect_others = False
    document.locked = frozenset({1})
    mouse.drag(CORE, keys=ALT)
    assert not (document.mask == 2)[core(level)].any()
    assert (document.mask == 1)[core(level)].any()


def test_outside_and_where_nothing_may_be_edited_nothing_happens(canvas, mouse, document):
    mouse.drag((-5, 50))
    canvas.editable = False
    mouse.drag(CORE)
    assert not document.has_own_mask


def test_a_surface_without_end_is_cut_off_and_that_is_said(canvas, mouse, editor, qtbot):
    canvas.set_image(np.full((3000, 4000), 128, np.uint8))
    made = MaskDocument.blank("a.png", 4000, 3000)
    canvas.set_document(made)
    editor.tool = ToolKey.WAND
    with qtbot.waitSignal(canvas.told) as told:
        mouse.drag((2000, 1500))
    assert "goes on" in told.args[0]
    assert 0 < np.count_nonzero(made.mask) < made.mask.size / 2


@pytest.mark.parametrize("zoom", [0.3, 0.5, 1, 1.7, 4])
def test_what_is_highlighted_is_what_is_marked(canvas, mouse, document, level, zoom):
    canvas.set_zoom(zoom)
    plain = pixels(canvas)
    mouse.press(*CORE)
    shown = (pixels(canvas) != plain).any(axis=2)
    place = canvas.viewport.placement
    covered, scale = core(level).astype(np.uint8), zoom
    while scale < 1:
        covered, scale = halve_max(covered), scale * 2
    ys, xs = np.nonzero(shown)
    inner = cv2.erode(shown.astype(np.uint8), np.ones((3, 3))) > 0
    rows, columns = np.mgrid[0 : shown.shape[0], 0 : shown.shape[1]] + 0.5
    rows, columns = ((rows - place.y) / scale).astype(int), ((columns - place.x) / scale).astype(int)
    inside = (rows >= 0) & (columns >= 0) & (rows < covered.shape[0]) & (columns < covered.shape[1])
    expected = np.zeros(shown.shape, bool)
    expected[inside] = covered[rows[inside], columns[inside]] > 0
    assert expected.any()
    assert not (expected & ~shown).any()
    assert not (inner & ~cv2.dilate(expected.astype(np.uint8), np.ones((3, 3))).astype(bool)).any()
    assert ys.size == np.count_nonzero(cv2.dilate(expected.astype(np.uint8), np.ones((3, 3)))) and xs.size


def test_a_move_is_quick_over_a_defect_of_24_megapixels(canvas, mouse, editor):
    rng = np.random.default_rng(2)
    image = rng.integers(150, 170, (4000, 6000, 3), np.uint8)
    cv2.line(image, (2900, 1900), (3300, 2300), (60, 60, 60), 40)
    canvas.set_image(image)
    canvas.set_document(MaskDocument.blank("a.png", 6000, 4000))
    canvas.set_zoom(1)
    editor.tool = ToolKey.WAND
    mouse.press(3100, 2100)
    times = []
    for step in range(1, 21):
        begun = time.perf_counter()
        mouse.move(3100 + 2 * step, 2100)
        QApplication.processEvents()
        times.append(time.perf_counter() - begun)
    mouse.release(3140, 2100)
    assert sorted(times)[10] < 0.016
