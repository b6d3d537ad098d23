"""Predictions of before a change: still to be seen, marked as stale, and never taken for those of the model in use."""

from __future__ import annotations

import errno
import shutil
import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from scratchgui.app.settings_applier import apply_changes
from scratchgui.core.model_card import load_card, save_card
from scratchgui.core.project import Project
from scratchgui.inference import cache
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.inference.stored import StoredMasks
from scratchgui.model.image_list_model import FilterKey, SortKey
from scratchgui.ui.verdict_look import VERDICT_LOOKS, verdict_look
from scratchgui.workers import model_in_use

from .test_journey import PREDICTING_MS, approve, open_and_predict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice

NEW_NAME = "U-Net B0 · v2"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While it is closed, no further model opens."""
    gate = threading.Event()
    gate.set()
    opened = model_in_use.open_predictor

    def wait(*args: object, **options: object) -> object:
        assert gate.wait(60)
        return opened(*args, **options)

    monkeypatch.setattr(model_in_use, "open_predictor", wait)
    yield gate
    gate.set()


@pytest.fixture
def predicted(qtbot: QtBot, bench: Workbench, pictures: Path, gate: threading.Event) -> Workbench:
    """All pictures are predicted by the first model."""
    open_and_predict(qtbot, bench, pictures)
    wait_until_renewed(qtbot, bench)
    return bench


def wait_until_renewed(qtbot: QtBot, bench: Workbench) -> None:
    records = bench.session.images.records
    qtbot.waitUntil(lambda: all(record.predicted for record in records), timeout=PREDICTING_MS)
    qtbot.waitUntil(lambda: not bench.session.image.prediction.is_stale, timeout=PREDICTING_MS)
    # The reading of the last prediction may still be computed.
    qtbot.waitUntil(lambda: "renewing" not in rule(bench), timeout=PREDICTING_MS)


def rule(bench: Workbench) -> str:
    return bench.inspector.verdict._rule.text()


def add_model(bench: Workbench, source: Path) -> str:
    """Put a second model into the project."""
    folder = bench.session.project.models_folder / "m2"
    shutil.copytree(source, folder)
    save_card(folder, load_card(source).model_copy(update={"id": "m2", "name": NEW_NAME}))
    return "m2"


def test_another_model_leaves_the_former_verdicts_in_sight_and_renews_them(
    qtbot: QtBot, predicted: Workbench, timid: Path, gate: threading.Event
):
    bench, images = predicted, predicted.session.images
    before = {record.rel: (record.score, record.verdict) for record in images.records}
    counts = images.counts()
    assert counts[FilterKey.NG] == len(before)
    gate.clear()
    bench.registry.activate(add_model(bench, timid))
    assert {record.rel: (record.score, record.verdict) for record in images.records} == before
    assert all(record.is_stale and record.made_by == "U-Net B0 · v1" for record in images.records)
    assert images.counts() == counts
    images.set_sort(SortKey.SCORE)
    images.set_filter(FilterKey.NG)
    assert images.rowCount() == len(before)
    assert bench.session.image.prediction.is_stale
    qtbot.waitUntil(lambda: rule(bench) == "Prediction of v1 – renewing…")
    gate.set()
    wait_until_renewed(qtbot, bench)
    assert {record.made_by for record in images.records} == {NEW_NAME}
    assert all(record.doubt is not None and record.doubt.impression for record in images.records)
    assert bench.session.image.prediction.model_id == "m2"


def test_the_next_image_shows_what_is_kept_of_the_former_model_at_once(
    qtbot: QtBot, predicted: Workbench, timid: Path, gate: threading.Event
):
    bench = predicted
    gate.clear()
    bench.registry.activate(add_model(bench, timid))
    rel = next(record.rel for record in bench.session.images.records if record.rel != bench.session.current)
    bench.viewing.choose(rel)
    qtbot.waitUntil(
        lambda: bench.session.image is not None and bench.session.image.prediction is not None, timeout=PREDICTING_MS
    )
    prediction = bench.session.image.prediction
    assert (prediction.is_stale, prediction.model_id) == (True, "timid")
    qtbot.waitUntil(lambda: rule(bench) == "Prediction of v1 – renewing…")
    assert bench.canvas.shown_mask.any()
    gate.set()
    wait_until_renewed(qtbot, bench)


def test_stale_predictions_are_in_no_report(qtbot: QtBot, predicted: Workbench, timid: Path, gate: threading.Event):
    bench = predicted
    gate.clear()
    bench.registry.activate(add_model(bench, timid))
    project = bench.session.project
    masks = StoredMasks(project, bench.registry.active_card().key, bench.inference.settings)
    assert [masks(record.rel) for record in bench.session.images.records] == [None] * 6
    gate.set()
    wait_until_renewed(qtbot, bench)
    assert all(masks(record.rel) is not None for record in bench.session.images.records)


def test_going_back_finds_the_former_predictions_again(
    qtbot: QtBot, predicted: Workbench, timid: Path, gate: threading.Event
):
    bench = predicted
    gate.clear()
    bench.registry.activate(add_model(bench, timid))
    bench.registry.go_back()  # while the other model is still closed: nothing has to be computed
    wait_until_renewed(qtbot, bench)
    assert {record.made_by for record in bench.session.images.records} == {"U-Net B0 · v1"}


def test_other_settings_make_stale_and_another_device_does_not(
    qtbot: QtBot, predicted: Workbench, gate: threading.Event
):
    bench, records = predicted, predicted.session.images.records
    gate.clear()
    apply_changes(bench, {"device": "cpu"})
    assert all(record.predicted for record in records)
    assert not bench.session.image.prediction.is_stale
    apply_changes(bench, {"tile": 256})
    assert all(record.is_stale for record in records)
    assert records[0].made_by == "U-Net B0 · v1 with other settings"
    qtbot.waitUntil(lambda: rule(bench) == "Prediction of v1 before a change – renewing…")
    gate.set()
    wait_until_renewed(qtbot, bench)
    assert records[0].made_by == "U-Net B0 · v1"


def test_an_approved_image_keeps_its_verdict_and_no_note(
    qtbot: QtBot, predicted: Workbench, timid: Path, gate: threading.Event
):
    bench = predicted
    rel = approve(qtbot, bench)
    bench.viewing.choose(rel)
    qtbot.waitUntil(lambda: bench.judging.reading is not None and bench.judging.reading.own)
    verdict = bench.session.record(rel).verdict
    gate.clear()
    bench.registry.activate(add_model(bench, timid))
    qtbot.waitUntil(lambda: bench.session.image.prediction is not None and bench.session.image.prediction.is_stale)
    with qtbot.waitSignal(bench.judging.read):
        bench.judging.refresh()
    assert "renewing" not in rule(bench)
    assert verdict_look(bench.session.record(rel)) == VERDICT_LOOKS[verdict]
    gate.set()


def test_an_image_that_was_exchanged_shows_its_former_prediction_until_the_new_one_is_there(
    qtbot: QtBot, predicted: Workbench, pictures: Path, gate: threading.Event
):
    bench = predicted
    rel = next(record.rel for record in bench.session.images.records if record.rel != bench.session.current)
    flat = np.full((160, 224), 90, np.uint8)
    gate.clear()
    bench.inference.use_active_model()
    (pictures / rel).write_bytes(cv2.imencode(".png", flat)[1].tobytes())
    bench.viewing.choose(rel)
    gate.set()
    qtbot.waitUntil(
        lambda: (
            bench.session.image is not None
            and bench.session.image.prediction is not None
            and not bench.session.image.prediction.is_stale
        ),
        timeout=PREDICTING_MS,
    )
    assert bench.session.image.prediction.score < 0.5


def test_a_kept_prediction_of_another_size_is_made_anew(qtbot: QtBot, bench: Workbench, pictures: Path, timid: Path):
    project, key = Project.for_folder(pictures), load_card(timid).key
    store = PredictionStore(project.predictions_folder)
    for rel in project.list_images():
        wrong = Prediction(np.full((1, 50, 60), 255, np.uint8), key.id, PredictSettings(), weights=key.weights)
        store.save(rel, wrong, project.image_path(rel))
    open_and_predict(qtbot, bench, pictures)
    qtbot.waitUntil(lambda: bench.session.image.prediction is not None, timeout=PREDICTING_MS)
    rel = bench.session.current
    assert bench.session.image.prediction.probability.shape == (1, 160, 224)

    def kept() -> tuple[int, ...] | None:
        found = store.load(rel, key, PredictSettings(), project.image_path(rel))
        return None if found is None else found.probability.shape

    qtbot.waitUntil(lambda: kept() == (1, 160, 224), timeout=PREDICTING_MS)


def test_a_project_that_became_read_only_is_predicted_all_the_same(
    qtbot: QtBot, bench: Workbench, pictures: Path, told: list[Notice], monkeypatch: pytest.MonkeyPatch
):
    def refuse(path: Path, data: bytes) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(cache, "atomic_write_bytes", refuse)
    open_and_predict(qtbot, bench, pictures)
    wait_until_renewed(qtbot, bench)
    assert [notice.text for notice in told if "cannot be kept" in notice.text] == [told[0].text]
    assert "Read-only file system" in told[0].text
