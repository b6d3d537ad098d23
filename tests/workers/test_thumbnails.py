from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtGui import QColor

from scratchgui.core.annotation import save_annotation
from scratchgui.core.model_card import ModelKey
from scratchgui.core.project import ReviewStatus
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.workers import thumbnails
from scratchgui.workers.thumbnails import SIZE, Thumbnailer, burn_in

ORANGE = QColor("#ff5a1f")


@pytest.fixture
def thumbnailer(runner, project) -> Thumbnailer:
    thumbnailer = Thumbnailer(runner)
    thumbnailer.set_project(project)
    return thumbnailer


def picture_of(thumbnailer, qtbot, rel):
    with qtbot.waitSignal(thumbnailer.ready) as ready:
        thumbnailer.request(rel)
    assert ready.args[0] == rel
    return ready.args[1]


def has_orange(image) -> bool:
    return any(QColor(image.pixel(x, y)) == ORANGE for x in range(image.width()) for y in range(image.height()))


def test_an_image_becomes_small(thumbnailer, qtbot):
    image = picture_of(thumbnailer, qtbot, "clean.png")
    assert (image.width(), image.height()) == (SIZE, SIZE * 96 // 128)
    assert not has_orange(image)


def test_the_inspectors_mask_is_burnt_in(thumbnailer, qtbot, project):
    mask = np.zeros((96, 128), np.uint8)
    mask[48, 20:100] = 1
    save_annotation(project, "a.png", mask, ReviewStatus.CORRECTED)
    assert has_orange(picture_of(thumbnailer, qtbot, "a.png"))


def test_the_kept_prediction_is_burnt_in_where_there_is_no_mask(thumbnailer, qtbot, project):
    probability = np.zeros((1, 96, 128), np.uint8)
    probability[0, 40:50, 20:100] = 200
    store = PredictionStore(project.predictions_folder)
    for rel in ("a.png", "b.png"):
        store.save(rel, Prediction(probability, "m1", PredictSettings()), project.image_path(rel))
    save_annotation(project, "b.png", np.zeros((96, 128), np.uint8), ReviewStatus.APPROVED)
    assert not has_orange(picture_of(thumbnailer, qtbot, "a.png"))
    thumbnailer.set_model(ModelKey("m1"), PredictSettings())
    assert has_orange(picture_of(thumbnailer, qtbot, "a.png"))
    assert not has_orange(picture_of(thumbnailer, qtbot, "b.png"))


def test_a_damaged_status_file_leaves_the_plain_picture(thumbnailer, qtbot, project):
    path = project.annotation_paths("a.png")[1]
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert not has_orange(picture_of(thumbnailer, qtbot, "a.png"))


def test_a_damaged_image_gets_no_picture_and_the_next_one_does(thumbnailer, qtbot, reported):
    ready: list[str] = []
    thumbnailer.ready.connect(lambda rel, _: ready.append(rel))
    thumbnailer.request("broken.png")
    picture_of(thumbnailer, qtbot, "a.png")
    assert ready == ["a.png"]
    assert reported == []


def test_one_pixel_of_a_huge_mask_stays_visible():
    mask = np.zeros((5000, 8000), np.uint8)
    mask[1234, 5678] = 2
    picture = np.zeros((70, 112, 3), np.uint8)
    burn_in(picture, mask, ["#ff0000", "#00ff00"])
    assert picture[1234 * 70 // 5000, 5678 * 112 // 8000].tolist() == [0, 255, 0]
    assert np.count_nonzero(picture) == 1


def test_the_last_one_asked_for_is_made_first_and_old_ones_are_forgotten(thumbnailer, runner, qtbot, monkeypatch):
    gate = threading.Event()
    made: list[str] = []
    render = thumbnails.render_thumbnail

    def slow(project, rel, model):
        assert gate.wait(10)
        made.append(rel)
        return render(project, "a.png", model)

    monkeypatch.setattr(thumbnails, "render_thumbnail", slow)
    for number in range(300):
        thumbnailer.request(str(number))
    gate.set()
    # They were asked for in one go, as by rows that are painted: the last 256 are kept, the latest first: 299 … 44.
    qtbot.waitUntil(lambda: len(made) == 256)
    assert runner.wait_for_done()
    assert set(made[:2]) == {"298", "299"}
    assert set(made) == {str(number) for number in range(44, 300)}
    assert int(made[3]) > 290 > 60 > int(made[-2])


def test_another_project_forgets_what_was_asked_for(thumbnailer, runner, qtbot, monkeypatch):
    gate = threading.Event()
    begun: list[str] = []

    def slow(_, rel, __):
        begun.append(rel)
        assert gate.wait(10)

    monkeypatch.setattr(thumbnails, "render_thumbnail", slow)
    ready: list[str] = []
    thumbnailer.ready.connect(lambda rel, _: ready.append(rel))
    for rel in ("a.png", "b.png", "c.png"):
        thumbnailer.request(rel)
    qtbot.waitUntil(lambda: bool(begun))
    thumbnailer.set_project(None)
    gate.set()
    assert runner.wait_for_done()
    assert ready == []
