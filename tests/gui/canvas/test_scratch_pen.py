"""The scratch pen: from node to node along a scratch, and what becomes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.canvas.tools.band_drawing import BandDrawing
from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import open_blank, pixels, takes_enter

SHIFT, CTRL, ALT, NO_KEY = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)
LEFT_END, MIDDLE, RIGHT_END = (12.5, 40.5), (80.5, 70.5), (148.5, 40.5)


def scratch() -> np.ndarray:
    """Rows of the middle of a curved scratch, by column."""
    return 40.5 + 30 * np.sin((np.arange(160) + 0.5 - 12.5) / 136 * np.pi)


@pytest.fixture
def picture() -> np.ndarray:
    """A dark surface with a bright curved scratch, 5 px wide across."""
    rows = np.arange(120)[:, None] + 0.5
    levels = np.where(np.abs(rows - scratch()[None, :]) <= 2.5, 180.0, 90.0)
    levels[:, :10] = levels[:, 150:] = 90
    return np.clip(levels + np.random.default_rng(2).normal(0, 3, levels.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def document(canvas, editor, picture) -> MaskDocument:
    made = open_blank(canvas, picture)
    editor.tool = ToolKey.SCRATCH_PEN
    return made


def follows_the_scratch(mask: np.ndarray) -> bool:
    """Whether the middle of what is marked is that of the scratch, in each column."""
    columns = np.arange(16, 146)
    middles = [np.flatnonzero(mask[:, column]).mean() + 0.5 for column in columns]
    return bool(np.abs(middles - scratch()[columns]).max() <= 1.5)


def is_straight(mask: np.ndarray) -> bool:
    """Whether what is marked is a level line between the ends."""
    rows = np.flatnonzero(mask.any(axis=1))
    return bool(rows.min() >= 34 and rows.max() <= 46 and mask[40, 12:148].all())


ENDINGS = {
    "enter": lambda canvas, mouse: QTest.keyClick(canvas, Qt.Key.Key_Return),
    "keypad": lambda canvas, mouse: QTest.keyClick(canvas, Qt.Key.Key_Enter),
    "right": lambda canvas, mouse: mouse.drag(RIGHT_END, button=Qt.MouseButton.RightButton),
    "double": lambda canvas, mouse: mouse.double_click(*RIGHT_END),
}


@pytest.mark.parametrize("way", ENDINGS)
def test_two_points_mark_the_scratch_between_them(canvas, mouse, document, editor, way, qtbot):
    mouse.click(*LEFT_END)
    mouse.move(*RIGHT_END)
    assert not document.has_own_mask
    with qtbot.waitSignal(canvas.stroke_finished):
        ENDINGS[way](canvas, mouse)
    assert follows_the_scratch(document.mask)
    assert abs(editor.options.path_width - 5) <= 1
    assert len(document.history) == 1
    assert document.history.last.text == "Scratch"
    document.undo()
    assert not document.mask.any()


def test_a_drag_along_a_scratch_marks_it_at_once(canvas, mouse, document):
    way = [(x, scratch()[int(x)] + 3 * np.cos(x)) for x in np.arange(13, 149, 5.0)]
    mouse.drag(*way)
    assert follows_the_scratch(document.mask)
    assert len(document.history) == 1
    assert not canvas._router.tool.is_busy


def test_a_drag_with_ctrl_stays_open_and_one_from_a_later_point_is_a_part(canvas, mouse, document):
    way = [(x, scratch()[int(x)]) for x in np.arange(13, 81, 4.0)]
    mouse.drag(*way, keys=CTRL)
    assert not document.has_own_mask
    mouse.drag(*[(x, scratch()[int(x)]) for x in np.arange(100, 149, 4.0)])
    assert not document.has_own_mask
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert follows_the_scratch(document.mask)
    assert len(document.history) == 1


def test_a_shaky_click_is_no_drag(canvas, mouse, document):
    mouse.drag(LEFT_END, (14.5, 41), (12, 40))
    assert len(canvas._router.tool._path.nodes) == 1
    assert not document.has_own_mask


def test_without_snapping_the_line_is_straight_and_as_wide_as_set(canvas, mouse, document, editor):
    editor.options.path_snap = False
    editor.options.path_auto_width = False
    editor.options.path_width = 7
    mouse.clicks((20, 60), (20, 100), (100, 100))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert np.count_nonzero(document.mask[80, :60]) == 7
    assert np.count_nonzero(document.mask[:, 60]) == 7
    assert document.mask[60:100, 20].all() and document.mask[100, 20:100].all()


def test_shift_changes_snapping_while_it_is_held(canvas, mouse, document, editor):
    mouse.click(*LEFT_END)
    mouse.move(*RIGHT_END)
    mouse.click(*RIGHT_END, keys=SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_straight(document.mask)
    document.undo()
    editor.options.path_snap = False
    mouse.click(*LEFT_END)
    mouse.click(*RIGHT_END, keys=SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert follows_the_scratch(document.mask)


def test_switching_snapping_off_changes_what_is_shown_at_once(canvas, mouse, document, editor):
    mouse.click(*LEFT_END)
    mouse.move(*RIGHT_END)
    editor.options.path_snap = False
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_straight(document.mask)


def test_only_scratches_of_the_chosen_kind_are_followed(canvas, mouse, document, editor):
    editor.options.path_ridge = "dark"
    mouse.click(*LEFT_END)
    mouse.click(*RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not follows_the_scratch(np.where(document.mask.any(axis=0), document.mask, 1))
    document.undo()
    editor.options.path_ridge = "bright"
    mouse.clicks(LEFT_END, RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert follows_the_scratch(document.mask)


def test_a_node_can_be_moved_before_the_path_is_marked(canvas, mouse, document, editor):
    editor.options.path_snap = False
    mouse.clicks(LEFT_END, (80, 20), RIGHT_END)
    mouse.drag((80, 20), (80, 60), (80, 100))
    assert canvas._router.tool._path.nodes[1] == (80, 100)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.mask[98, 80] == 1
    assert not document.mask[:30].any()
    assert len(document.history) == 1


def test_a_moved_node_is_caught_by_the_scratch(canvas, mouse, document):
    mouse.clicks((12, 100), RIGHT_END)
    mouse.drag((12, 100), (12.5, 60), (12.5, 41.5))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert follows_the_scratch(document.mask)


@pytest.mark.parametrize("back", ["Backspace", "Ctrl+Z"])
def test_backspace_and_undo_take_point_by_point_back(canvas, mouse, document, editor, back):
    editor.options.path_snap = False
    mouse.clicks(LEFT_END, RIGHT_END, (100, 100))
    QTest.keySequence(canvas, back)
    mouse.move(*RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_straight(document.mask)
    mouse.clicks(LEFT_END, RIGHT_END)
    for _ in range(2):
        QTest.keySequence(canvas, back)
    assert not canvas._router.tool.takes_key(Qt.Key.Key_Backspace)
    assert len(document.history) == 1


def test_escape_forgets_the_path(canvas, mouse, document):
    plain = pixels(canvas)
    mouse.clicks(LEFT_END, MIDDLE)
    mouse.move(*RIGHT_END)
    assert not np.array_equal(pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert np.array_equal(pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not document.has_own_mask
    mouse.press(*LEFT_END)
    mouse.move(*MIDDLE)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    mouse.move(*RIGHT_END)
    mouse.release(*RIGHT_END)
    assert not document.has_own_mask


@pytest.mark.parametrize("change", ["tool", "image", "document"])
def test_another_tool_or_image_forgets_the_path(canvas, mouse, document, editor, picture, change):
    mouse.clicks(LEFT_END, MIDDLE)
    if change == "tool":
        editor.tool = ToolKey.BRUSH
        editor.tool = ToolKey.SCRATCH_PEN
    elif change == "image":
        canvas.set_image(picture.copy())
    else:
        canvas.set_document(document)
    assert not canvas._router.tool.is_busy
    assert not document.has_own_mask


def test_enter_approves_only_when_no_path_is_open(canvas, mouse, document):
    assert not takes_enter(canvas)
    mouse.clicks(LEFT_END, RIGHT_END)
    assert takes_enter(canvas)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not takes_enter(canvas)


def test_the_wheel_sets_the_width_and_ends_the_measuring(canvas, mouse, document, editor):
    mouse.click(*LEFT_END)
    mouse.move(*RIGHT_END)
    measured = editor.options.path_width
    zoom = canvas.zoom
    mouse.wheel(*RIGHT_END, 3, CTRL)
    assert editor.options.path_width == measured + 3
    assert not editor.options.path_auto_width
    assert canvas.zoom == zoom
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert np.count_nonzero(document.mask[:, 80]) == pytest.approx(measured + 3, abs=1)
    mouse.wheel(*RIGHT_END, -50, ALT)
    assert editor.options.path_width == 1


@pytest.mark.parametrize("way", ["enter", "keypad", "double"])
def test_a_single_point_waits_for_another_and_that_is_said(canvas, mouse, document, way, qtbot):
    hints: list[str] = []
    canvas.hint_changed.connect(hints.append)
    if way == "double":
        mouse.double_click(*LEFT_END)
    else:
        mouse.click(*LEFT_END)
        ENDINGS[way](canvas, mouse)
        ENDINGS[way](canvas, mouse)
    assert len(hints) == 1
    assert "point" in hints[0]
    assert not document.has_own_mask
    mouse.click(*RIGHT_END)
    assert hints[1:] == [canvas.hint]
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert follows_the_scratch(document.mask)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Backspace, None])
def test_what_a_path_waited_for_is_forgotten_with_it(canvas, mouse, document, editor, key):
    hints: list[str] = []
    canvas.hint_changed.connect(hints.append)
    mouse.click(*LEFT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    hints.clear()
    if key is None:
        editor.tool = ToolKey.LASSO
    else:
        QTest.keyClick(canvas, key)
    assert hints[-1] == canvas.hint


def test_other_and_locked_classes_are_spared(canvas, mouse, document, editor):
    document.fill(Box(60, 0, 40, 120), np.ones((120, 40), bool), 2, "dent")
    document.locked = frozenset({2})
    mouse.clicks(LEFT_END, RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert (document.mask[:, 60:100] == 2).all()
    assert document.mask[:, :60].any() and document.mask[:, 100:].any()
    document.undo()
    document.locked = frozenset()
    editor.options.protect_others = True
    mouse.clicks(LEFT_END, RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert (document.mask[:, 60:100] == 2).all()
    document.undo()
    editor.options.protect_others = False
    editor.active_class = 3
    mouse.clicks(LEFT_END, RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert (document.mask[68:73, 80] == 3).all()


def test_nothing_is_marked_where_nothing_may_be_edited_or_seen(canvas, mouse, document):
    canvas.editable = False
    mouse.clicks(LEFT_END, RIGHT_END)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert not document.has_own_mask
    canvas.set_image(None)
    mouse.click(*LEFT_END)
    mouse.move(*RIGHT_END)
    assert not canvas._router.tool.is_busy


def test_points_beside_the_image_are_at_its_border(canvas, mouse, document, editor):
    editor.options.path_snap = False
    mouse.clicks((-20, 60), (80, 60), (300, 60))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.mask[60].all()
    assert not document.mask[:40].any()


def test_the_loose_end_goes_when_the_mouse_leaves(canvas, mouse, document, editor):
    editor.options.path_snap = False
    mouse.clicks(LEFT_END, RIGHT_END)
    mouse.move(100, 110)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert is_straight(document.mask)


@pytest.mark.parametrize("shape", [(1, 1), (1, 160), (120, 1)])
def test_the_thinnest_images_can_be_marked(canvas, mouse, editor, shape):
    canvas.set_image(np.full(shape, 100, np.uint8))
    document = MaskDocument.blank("a.png", shape[1], shape[0])
    canvas.set_document(document)
    editor.tool = ToolKey.SCRATCH_PEN
    mouse.clicks((0, 0), (shape[1], shape[0]))
    mouse.move(shape[1] / 2, shape[0] / 2)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.mask.shape == shape


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(-10, 170), st.integers(-10, 130)), min_size=2, max_size=4),
    st.sampled_from([None, 1, 4, 30]),
    st.booleans(),
)
def test_what_is_shown_is_what_is_marked(canvas, mouse, document, editor, points, width, snap):
    canvas.set_zoom(1)
    made = MaskDocument.blank("a.png", 160, 120)
    canvas.set_document(made)
    editor.options.path_snap = snap
    editor.options.path_auto_width = width is None
    editor.options.path_width = width or 4
    mouse.clicks(*points)
    drawing: BandDrawing = canvas._router.tool._path._drawing
    place = canvas.viewport.placement
    shown = drawing._covered(place, Box(place.x, place.y, 160, 120)) > 0
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert np.array_equal(shown, made.mask > 0)


@pytest.mark.parametrize("zoom", [0.6, 1, 3])
def test_all_that_looks_different_is_repainted(canvas, mouse, document, zoom, monkeypatch):
    canvas.set_zoom(zoom)
    boxes: list[Box] = []
    monkeypatch.setattr(canvas, "update_device", boxes.append)

    def missed(act) -> np.ndarray:
        """Let something happen; return which pixels look different although they were not to be repainted."""
        before = pixels(canvas)
        boxes.clear()
        act()
        different = (pixels(canvas) != before).any(axis=2)
        for box in boxes:
            different[box.clipped(canvas.width(), canvas.height()).slices] = False
        return different

    for point in (LEFT_END, MIDDLE):
        assert not missed(lambda point=point: mouse.click(*point)).any()
    for at in ((80, 90), RIGHT_END, (146.5, 41.5), (140, 20), (60.5, 70.5), (20, 110)):
        assert not missed(lambda at=at: mouse.move(*at)).any()
    mouse.press(*MIDDLE)
    assert not missed(lambda: mouse.move(70, 100)).any()
    mouse.release(70, 100)
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
        assert not missed(lambda key=key: QTest.keyClick(canvas, key)).any()
    mouse.press(*LEFT_END)
    for x in range(20, 140, 15):
        assert not missed(lambda x=x: mouse.move(x, scratch()[x])).any()


def test_before_the_first_point_a_circle_shows_a_width_that_is_set(canvas, mouse, document, editor):
    plain = pixels(canvas)
    mouse.move(80, 20)
    assert np.array_equal(pixels(canvas), plain)
    editor.options.path_auto_width = False
    editor.options.path_width = 30
    mouse.move(80, 25)
    changed = np.argwhere((pixels(canvas) != plain).any(axis=2))
    height, width = np.ptp(changed, axis=0) + 1
    assert height == pytest.approx(60, abs=5) and width == pytest.approx(60, abs=5)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert np.array_equal(pixels(canvas), plain)
