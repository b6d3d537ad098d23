"""Looking closer in the real window: pictures made in the background come to the right image, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from file_access import watch_files
from PySide6.QtCore import QPoint, QRect, Qt

from scratchgui.app.wiring_view import switches
from scratchgui.core.images import read_image
from scratchgui.core.model_card import save_card
from scratchgui.core.project import DefectClass
from scratchgui.core.tone import with_local_contrast
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


def open_first(qtbot: QtBot, bench: Workbench, folder: Path) -> None:
    bench.project.open(str(folder))
    qtbot.waitUntil(lambda: bench.session.image is not None, timeout=20_000)


def shown(bench: Workbench) -> np.ndarray:
    pyramid = bench.canvas.compositor.pyramid
    assert pyramid is not None
    return pyramid.levels[0]


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """A folder with two images of 16 bits and one of 8."""
    folder = tmp_path / "deep"
    folder.mkdir()
    for index in range(2):
        values = np.random.default_rng(index).normal(20_000, 900, (90, 120)).astype(np.uint16)
        cv2.imwrite(str(folder / f"a{index}.png"), values)
    cv2.imwrite(str(folder / "b.png"), np.full((90, 120), 90, np.uint8))
    return folder


def test_local_contrast_follows_from_image_to_image(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_first(qtbot, bench, pictures)
    image = bench.session.image
    view = bench.editor.view
    view.local_contrast = True
    qtbot.waitUntil(lambda: shown(bench) is not image.image)
    assert bench.canvas.shown.original is image.image
    view.local_contrast = False
    assert shown(bench) is image.image
    view.local_contrast = True
    bench.viewing.step(1)
    # The answer for the image before comes while the next one is opened: it must not be shown.
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image is not image)
    following = bench.session.image
    qtbot.waitUntil(lambda: shown(bench) is not following.image)
    assert np.array_equal(shown(bench), with_local_contrast(following.image))
    assert shown(bench).shape == following.image.shape
    view.reset_tone()
    assert shown(bench) is following.image


def test_sixteen_bits_are_read_when_they_are_wanted(qtbot: QtBot, bench: Workbench, deep: Path) -> None:
    open_first(qtbot, bench, deep)
    bench.viewing.choose("a0.png")
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == "a0.png")
    image, panel = bench.session.image, bench.view_bar.display_panel
    assert bench.display.raw is None
    bench.actions.action("display").trigger()
    qtbot.waitUntil(lambda: bench.display.raw is not None)
    assert panel.low.slider.isVisible()
    assert shown(bench) is image.image
    panel.low.slider.setValue(20_000)
    assert shown(bench).dtype == np.uint16
    np.testing.assert_array_equal(image.image, read_image(deep / "a0.png"))
    bench.viewing.choose("b.png")
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == "b.png")
    bench.runner.wait_for_done()
    assert bench.display.raw is None and not panel.low.slider.isVisible()
    assert shown(bench) is bench.session.image.image
    bench.viewing.choose("a1.png")
    qtbot.waitUntil(lambda: shown(bench).dtype == np.uint16)


def test_an_action_shows_what_is_the_case_from_the_start(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_first(qtbot, bench, pictures)
    for key, (state, name) in switches(bench).items():
        action = bench.actions.action(key)
        assert action.isChecked() == getattr(state, name)
        qtbot.waitUntil(action.isEnabled, timeout=20_000)
        before = getattr(state, name)
        action.trigger()
        assert getattr(state, name) != before, f"the first use of {key} does nothing"
        setattr(state, name, before)
        assert action.isChecked() == before


@pytest.fixture
def compared(qtbot: QtBot, bench: Workbench, pictures: Path) -> np.ndarray:
    """The previous model's probability in the first picture, uint8 (1, H, W), kept as the window keeps it."""
    open_first(qtbot, bench, pictures)
    project, image = bench.session.project, bench.session.image
    assert project is not None and image is not None
    probability = np.zeros((1, *image.image.shape[:2]), np.uint8)
    probability[0, 20:30], probability[0, 40:50] = 200, 150
    project.file.previous_model = "older"
    folder = bench.registry.folder_of("older")
    folder.mkdir(parents=True)
    save_card(folder, bench.registry.active_card().model_copy(update={"id": "older"}))
    prediction = Prediction(probability, "older", PredictSettings(tile=bench.store.value.tile))
    PredictionStore(project.predictions_folder).save(image.rel, prediction, project.image_path(image.rel))
    return probability


def previous_rows(bench: Workbench) -> list[int]:
    """Rows that the previous model marks, as the canvas shows them."""
    return np.flatnonzero(bench.canvas.compositor.second.layers[0].pyramid.levels[0].any(axis=1)).tolist()


def test_the_previous_model_is_compared_where_its_prediction_is_kept(
    qtbot: QtBot, bench: Workbench, compared: np.ndarray
) -> None:
    view = bench.editor.view
    view.swipe = True
    qtbot.waitUntil(lambda: view.previous_known)
    view.right = Side.PREVIOUS
    layer = bench.canvas.compositor.second.layers[0]
    np.testing.assert_array_equal(layer.pyramid.levels[0], compared[0] > 0)
    bench.editor.threshold = 0.9
    qtbot.waitUntil(lambda: previous_rows(bench) == [])
    bench.viewing.step(1)
    qtbot.waitUntil(lambda: not view.previous_known)


def test_nothing_is_compared_where_there_was_no_other_model(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_first(qtbot, bench, pictures)
    bench.editor.view.swipe = True
    bench.runner.wait_for_done()
    assert not bench.editor.view.previous_known


def test_what_the_previous_model_said_is_read_once_and_never_on_the_windows_thread(
    qtbot: QtBot, bench: Workbench, compared: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.inference_service.close()  # it looks for kept predictions too
    seen, view = watch_files(monkeypatch), bench.editor.view
    view.swipe = True
    qtbot.waitUntil(lambda: view.previous_known)
    assert any(path.parent.name == "older" for _, path in seen)
    view.right = Side.PREVIOUS
    bench.runner.wait_for_done()
    by_window = [path for windows, path in seen if windows]
    seen.clear()
    for threshold in (0.65, 0.95, 0.3, 0.7):
        bench.editor.threshold = threshold
    qtbot.waitUntil(lambda: previous_rows(bench) == list(range(20, 30)))
    bench.editor.threshold = 0.5
    qtbot.waitUntil(lambda: previous_rows(bench) == [*range(20, 30), *range(40, 50)])
    assert by_window == []
    assert [path for _, path in seen if path.parent.name == "older"] == []


def test_held_keys_show_one_thing_alone(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_first(qtbot, bench, pictures)
    qtbot.waitUntil(bench.actions.action("hold_mask").isEnabled)
    canvas, view = bench.canvas, bench.editor.view
    canvas.setFocus()
    qtbot.keyPress(canvas, Qt.Key.Key_A)
    assert view.held is Side.MASK
    qtbot.keyPress(canvas, Qt.Key.Key_Z)
    qtbot.keyRelease(canvas, Qt.Key.Key_A)
    assert view.held is Side.PREDICTION, "the key that is still down counts"
    qtbot.keyRelease(canvas, Qt.Key.Key_Z)
    assert view.held is None


def test_the_status_strip_tells_what_is_under_the_mouse(qtbot: QtBot, bench: Workbench, deep: Path) -> None:
    open_first(qtbot, bench, deep)
    bench.viewing.choose("a0.png")
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == "a0.png")
    image, status = bench.session.image, bench.window.status
    image.document.begin_stroke(1)
    image.document.extend_stroke(30, 40, 30, 40, 9)
    image.document.end_stroke("Brush stroke")
    bench.canvas.cursor_moved.emit(30, 40)
    assert status._cursor.text().startswith(f"x 30  y 40  ·  {image.image[40, 30]}")
    assert "bit" not in status._cursor.text() and "scratch" not in status._cursor.text()
    bench.actions.action("display").trigger()
    qtbot.waitUntil(lambda: bench.display.raw is not None)
    classes = [DefectClass(name=name, color="#56b4e9") for name in ("scratch", "dent")]
    bench.editor.classes.set_classes(classes)
    bench.canvas.cursor_moved.emit(30, 40)
    assert f"(16 bit {cv2.imread(str(deep / 'a0.png'), -1)[40, 30]:,})" in status._cursor.text()
    assert status._cursor.text().endswith("·  scratch")
    bench.canvas.cursor_moved.emit(60, 40)
    assert "scratch" not in status._cursor.text()


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
@pytest.mark.parametrize("panels", [True, False])
def test_bars_and_notices_leave_each_other_and_the_image_free(
    qtbot: QtBot, bench: Workbench, pictures: Path, size: tuple[int, int], panels: bool
) -> None:
    open_first(qtbot, bench, pictures)
    window, area = bench.window, bench.canvas_area
    window.resize(*size)
    if not panels:
        bench.actions.action("toggle_panels").trigger()
    bench.notices.info("There are no gaps of up to 10 px between pieces that go on in each other.")
    notices = window.toasts

    def part(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())

    def is_free() -> bool:
        bars = [part(bar) for bar in (area.view_bar, area.approve_bar, area.options_bar)]
        shown_image = bench.canvas.viewport.image_box
        image = QRect(shown_image.x, shown_image.y, shown_image.width, shown_image.height)
        image.translate(bench.canvas.mapTo(window, QPoint(0, 0)))
        return not any(bar.intersects(part(notices)) or bar.intersects(image) for bar in bars)

    wide = size[0] - 100 if not panels else 0
    qtbot.waitUntil(lambda: area.canvas.width() > wide and notices.isVisible() and is_free())
