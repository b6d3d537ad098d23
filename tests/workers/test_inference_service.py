from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import replace

import cv2
import numpy as np
import pytest
from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import BundleError, PrecisionError
from scratchgui.core.model_card import WEIGHTS_FILE, save_card
from scratchgui.core.recipe import Recipe
from scratchgui.core.verdict import Verdict
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.inference.steady_predictor import SteadyPredictor, open_predictor
from scratchgui.workers import model_in_use, overlap
from scratchgui.workers.image_queue import Job, Kind
from scratchgui.workers.inference_service import InferenceService

SCRATCHED = ["a.png", "b.png", "c.png"]


class Heard:
    """What the service said."""

    def __init__(self, service: InferenceService) -> None:
        self.predicted: list[str] = []
        self.rows: dict[str, object] = {}
        self.failed: dict[str, str] = {}
        self.progress: list[tuple[int, int]] = []
        self.engines: list[str] = []
        self.remarks: list[str] = []
        service.predicted.connect(lambda rel, _: self.predicted.append(rel))
        service.judged.connect(lambda rows: self.rows.update({row.rel: row for row in rows}))
        service.failed.connect(self.failed.__setitem__)
        service.progress.connect(lambda progress: self.progress.append((progress.done, progress.total)))
        service.engine_ready.connect(self.engines.append)
        service.engine_remark.connect(self.remarks.append)


@pytest.fixture
def heard(service) -> Heard:
    return Heard(service)


class GatedEngine:
    """Marks nothing; waits at every tile until it is let go."""

    name = "gated"
    device = "cpu"
    precision = "f32"
    batch = 1
    ahead = 1

    def __init__(self) -> None:
        self.tiles = 0
        self.reached = threading.Semaphore(0)
        self.gate = threading.Semaphore(0)

    def infer(self, tiles: np.ndarray) -> np.ndarray:
        self.reached.release()
        assert self.gate.acquire(timeout=10)
        self.tiles += 1
        return np.zeros((len(tiles), 1, *tiles.shape[1:3]), np.float32)


@pytest.fixture
def gated(monkeypatch) -> GatedEngine:
    engine = GatedEngine()
    monkeypatch.setattr(
        model_in_use,
        "open_predictor",
        lambda bundle, settings, **_: SteadyPredictor(bundle, settings, lambda *_: engine, ("cpu", "")),
    )
    return engine


def test_the_visible_image_is_predicted_judged_and_kept(service, heard, qtbot, project, tiny_bundle):
    with qtbot.waitSignal(service.idle, timeout=20_000), qtbot.waitSignal(service.predicted, timeout=20_000) as signal:
        service.request("a.png")
    rel, prediction = signal.args
    assert rel == "a.png"
    assert prediction.probability.shape == (1, 96, 128)
    assert heard.rows["a.png"].judgement.verdict is Verdict.NG
    assert heard.rows["a.png"].judgement.defects == 1
    assert heard.rows["a.png"].score > 0.9
    assert heard.engines == ["OpenVINO f32 · CPU"]
    store = PredictionStore(project.predictions_folder)
    assert store.load("a.png", tiny_bundle.card.key, PredictSettings(), project.image_path("a.png")) is not None


def test_all_images_with_progress_and_failures(service, heard, qtbot):
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all([*SCRATCHED, "clean.png", "broken.png", "gone.png"])
        assert service.is_running
    assert set(heard.rows) == {*SCRATCHED, "clean.png"}
    assert heard.rows["clean.png"].judgement.verdict is Verdict.OK
    assert "damaged" in heard.failed["broken.png"]
    assert "no longer there" in heard.failed["gone.png"]
    assert heard.progress[-1] == (6, 6)
    assert heard.predicted == []
    assert not service.is_running


def test_a_kept_prediction_needs_no_model(service, heard, qtbot, monkeypatch, project, tiny_bundle, reported):
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["a.png"])

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the model was opened")

    monkeypatch.setattr(model_in_use, "open_predictor", refuse)
    other = InferenceService(reported.append)
    other.set_project(project)
    other.set_model(tiny_bundle.folder)
    with qtbot.waitSignal(other.predicted, timeout=20_000):
        other.request("a.png")
    assert other.close()


def test_going_back_to_an_image_answers_from_memory(service, qtbot, gated):
    gated.gate.release(10)
    for rel in ("a.png", "b.png"):
        with qtbot.waitSignal(service.predicted, timeout=20_000):
            service.request(rel)
    with qtbot.waitSignal(service.predicted) as again:
        service.request("a.png")
    assert again.args[0] == "a.png"
    assert gated.tiles == 2


def test_neighbors_are_predicted_after_the_visible_image(service, heard, qtbot):
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.request("b.png", ["c.png", "a.png"])
    assert heard.predicted == ["b.png", "c.png", "a.png"]


def test_the_visible_image_goes_before_the_queue(service, heard, qtbot, gated):
    done: list[str] = []
    service.judged.connect(lambda rows: done.extend(row.rel for row in rows))
    service.set_model(service._model.folder, PredictSettings(tile=64, overlap=0))
    service.enqueue_all(SCRATCHED)
    assert gated.reached.acquire(timeout=10)  # at the first of several tiles of a.png
    service.request("clean.png")
    gated.gate.release(1000)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        pass
    assert done == ["clean.png", *SCRATCHED]
    assert heard.predicted == ["clean.png"]


def test_cancel_ends_within_the_image(service, heard, qtbot, gated):
    service.set_model(service._model.folder, PredictSettings(tile=32, overlap=0))
    service.enqueue_all(SCRATCHED)
    assert gated.reached.acquire(timeout=10)
    with qtbot.waitSignal(service.idle):
        service.cancel()
    assert not service.is_running
    with qtbot.waitSignal(service.idle, timeout=10_000):
        gated.gate.release(1000)
    assert gated.tiles == 1
    assert heard.rows == {}


def test_answers_of_another_model_are_dropped(service, heard, qtbot, gated, tiny_bundle):
    service.request("a.png")
    assert gated.reached.acquire(timeout=10)
    service.set_model(tiny_bundle.folder, PredictSettings(tile=256))
    gated.gate.release(1000)
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("b.png")
    assert heard.predicted == ["b.png"]


def test_pause_holds_the_queue_and_not_the_visible_image(service, heard, qtbot):
    service.pause(True)
    service.enqueue_all(SCRATCHED)
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("clean.png")
    with qtbot.waitSignal(service.judged):
        pass
    assert list(heard.rows) == ["clean.png"]
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.pause(False)
    assert set(heard.rows) == {"clean.png", *SCRATCHED}


def test_rejudging_does_not_run_the_network(service, heard, qtbot, gated, reported):
    gated.gate.release(2)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["a.png", "clean.png"])
    heard.rows.clear()
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.rejudge(Cutting(0.9, 8), Recipe(), ["a.png", "clean.png", "b.png"])
    assert {rel: row.threshold for rel, row in heard.rows.items()} == {"a.png": 0.9, "clean.png": 0.9}
    assert gated.tiles == 2


def test_rejudging_changes_the_verdict(service, heard, qtbot):
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["a.png"])
    assert heard.rows["a.png"].judgement.verdict is Verdict.NG
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.rejudge(Cutting(0.5, 8), Recipe(review_area_ratio=0.01, ng_area_ratio=0.5), ["a.png"])
    assert heard.rows["a.png"].judgement.verdict is Verdict.REVIEW


def test_a_row_judged_while_the_rules_changed_is_judged_again(service, heard, qtbot, gated):
    service.enqueue_all(["a.png"])
    assert gated.reached.acquire(timeout=10)
    service.rejudge(Cutting(0.9, 8), Recipe(), [])
    gated.gate.release(10)
    qtbot.waitUntil(lambda: "a.png" in heard.rows, timeout=20_000)
    assert heard.rows["a.png"].threshold == 0.9


def test_a_damaged_model_is_said_once_and_the_service_goes_on(service, heard, qtbot, tmp_path, tiny_bundle):
    said: list[str] = []
    service.engine_failed.connect(said.append)
    service.set_model(tmp_path / "nowhere")
    with qtbot.waitSignal(service.engine_failed, timeout=20_000):
        service.request("a.png")
        service.enqueue_all(SCRATCHED)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.request("b.png")
    assert said == [
        str(BundleError("This folder holds no complete model", path=tmp_path / "nowhere", hint="Choose another model."))
    ]
    assert not service.is_running
    service.set_model(tiny_bundle.folder)
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("a.png")


@pytest.mark.parametrize("damage", ["bundle", "network"])
def test_a_model_that_was_mended_is_opened_when_it_is_chosen_again(service, qtbot, tmp_path, damage):
    bundle = make_bundle(tmp_path / "model")
    whole = bundle.ir_weights_path.read_bytes()
    bundle.ir_weights_path.write_bytes(whole[: len(whole) // 2])
    if damage == "network":  # the card does not tell it
        save_card(bundle.folder, bundle.card)
    service.set_model(bundle.folder)
    with qtbot.waitSignal(service.engine_failed, timeout=20_000):
        service.request("a.png")
    bundle.ir_weights_path.write_bytes(whole)
    save_card(bundle.folder, bundle.card)
    service.set_model(bundle.folder)
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("a.png")


def test_the_former_model_is_freed_before_another_one_is_opened(service, qtbot, monkeypatch, tmp_path):
    opened: list[weakref.ref[SteadyPredictor]] = []
    alive: list[int] = []

    def watched(*args, **options):
        alive.append(sum(predictor() is not None for predictor in opened))
        predictor = open_predictor(*args, **options)
        opened.append(weakref.ref(predictor))
        return predictor

    monkeypatch.setattr(model_in_use, "open_predictor", watched)
    gc.disable()  # in the program it runs on another thread, and some time
    try:
        for name in ("one", "another"):
            service.set_model(make_bundle(tmp_path / name, model_id=name).folder)
            with qtbot.waitSignal(service.idle, timeout=20_000):
                service.request("a.png")
    finally:
        gc.enable()
    assert alive == [0, 0]


def test_an_image_that_gives_way_as_it_is_taken_is_predicted_after(service, heard, qtbot, monkeypatch):
    take, shown = service._queue.take, []

    def taken() -> Job | None:
        job = take()
        if job is not None and job.kind is Kind.BULK and not shown:
            shown.append(job.rel)
            service._queue.show("c.png")
        return job

    monkeypatch.setattr(service._queue, "take", taken)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["a.png", "b.png"])
    assert shown == ["a.png"]
    assert set(heard.rows) == {"a.png", "b.png", "c.png"}
    assert heard.progress[-1] == (2, 2)


def test_what_is_enqueued_while_the_end_is_on_its_way_is_counted(service, heard, qtbot, monkeypatch):
    on_idle, posted = service._answers.on_idle, threading.Event()
    monkeypatch.setattr(service._answers, "on_idle", lambda *said: (on_idle(*said), posted.set()))
    service.enqueue_all(["a.png"])
    assert posted.wait(20)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["b.png", "c.png"])
    assert set(heard.rows) == set(SCRATCHED)
    assert heard.progress[-1] == (3, 3)
    assert not service.is_running


def test_a_prediction_that_cannot_be_kept_is_shown_all_the_same(service, heard, qtbot, project):
    project.predictions_folder.write_text("in the way")
    said: list[str] = []
    service.not_kept.connect(said.append)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.request("a.png", ["b.png"])
    assert heard.predicted == ["a.png", "b.png"]
    assert len(said) == 1


def test_a_bug_is_reported_and_the_thread_goes_on(service, heard, qtbot, reported, monkeypatch):
    def broken(path: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(overlap, "read_image", broken)
        with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
            service.request("a.png")
    assert "error in ScratchGUI" in failed.args[1]
    assert isinstance(reported.pop(), ZeroDivisionError)
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("b.png")


@pytest.mark.parametrize("error", [MemoryError(), cv2.error("Insufficient memory (Failed to allocate 9 bytes)")])
def test_a_full_memory_is_said_for_the_image(service, qtbot, monkeypatch, error):
    def full(path: object) -> None:
        raise error

    monkeypatch.setattr(overlap, "read_image", full)
    with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
        service.request("a.png")
    assert "not enough memory" in failed.args[1]


def test_without_a_project_nothing_happens(service, qtbot, heard):
    service.set_project(None)
    service.request("a.png")
    service.enqueue_all(SCRATCHED)
    service.rejudge(Cutting(0.5, 8), Recipe(), SCRATCHED)
    assert not service.is_running
    assert service.close()
    assert heard.rows == {}


def test_closing_in_the_middle_of_an_image_is_silent(service, heard, qtbot, gated):
    service.set_model(service._model.folder, PredictSettings(tile=32, overlap=0))
    service.enqueue_all(SCRATCHED)
    assert gated.reached.acquire(timeout=10)
    gated.gate.release(1000)
    assert service.close()
    assert gated.tiles < 40
    assert heard.rows == {}


def test_a_precision_that_is_not_to_be_had_is_told_and_the_model_runs_all_the_same(
    qtbot, service, heard, monkeypatch, tiny_bundle
):
    def opened(bundle, settings, *, precision="auto", **_):
        if precision == "bf16":
            raise PrecisionError("This processor does not compute in bf16", hint="Choose f32 or auto.")
        return open_predictor(bundle, settings, device="cpu")

    monkeypatch.setattr(model_in_use, "open_predictor", opened)
    service.set_model(tiny_bundle.folder, precision="bf16")
    with qtbot.waitSignals([service.engine_remark, service.predicted]):
        service.request("a.png")
    assert heard.remarks == ["This processor does not compute in bf16: it runs by OpenVINO f32 · CPU."]
    assert heard.engines == ["OpenVINO f32 · CPU"]


def test_a_model_that_takes_less_memory_says_so_and_what_it_runs_by(qtbot, service, heard, monkeypatch, tiny_bundle):
    class Short(GatedEngine):
        precision = "bf16"

        def infer(self, tiles):
            if tiles.shape[1] > 32:
                raise MemoryError
            return np.zeros((len(tiles), 1, *tiles.shape[1:3]), np.float32)

        def close(self):
            pass

    def opened(bundle, settings, **_):
        return SteadyPredictor(bundle, replace(settings, tile=256), lambda *_: Short(), ("cpu", ""))

    monkeypatch.setattr(model_in_use, "open_predictor", opened)
    service.set_model(tiny_bundle.folder)
    with qtbot.waitSignals([service.engine_remark, service.failed]):
        service.request("a.png")
    assert heard.remarks == ["Memory is short: the model goes on with smaller tiles (128 px)."]
    assert "not enough memory" in heard.failed["a.png"]


def test_what_is_kept_of_a_changed_image_is_shown_until_it_is_predicted_anew(service, qtbot, project, tiny_bundle):
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["a.png"])
    write_png(project.image_path("a.png"), scratched(96, 128))
    service.set_project(project)
    heard: list[tuple[bool, float]] = []
    service.predicted.connect(lambda _, prediction: heard.append((prediction.is_stale, prediction.score)))
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.request("a.png", ["b.png"])
    assert [stale for stale, _ in heard] == [True, False, False]
    assert heard[0][1] > 0.9 > 0.1 > heard[1][1]
    with qtbot.waitSignal(service.predicted) as again:
        service.request("a.png")
    assert not again.args[1].is_stale


def test_a_model_trained_again_in_its_folder_is_opened_and_predicts_again(service, heard, qtbot, tmp_path):
    bundle = make_bundle(tmp_path / "own")
    for weights in (b"first", b"second"):
        (bundle.folder / WEIGHTS_FILE).write_bytes(weights)
        save_card(bundle.folder, bundle.card)
        service.set_model(bundle.folder)
        with qtbot.waitSignal(service.idle, timeout=20_000):
            service.enqueue_all(["a.png"])
    assert len(heard.engines) == 2
    service.set_model(bundle.folder)
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["a.png"])
    assert len(heard.engines) == 2


def test_a_stale_prediction_never_answers_from_memory(service, qtbot, gated, project, tiny_bundle):
    path = project.image_path("a.png")
    former = Prediction(np.full((1, 96, 128), 255, np.uint8), "former", PredictSettings())
    PredictionStore(project.predictions_folder).save("a.png", former, path)
    heard: list[tuple[str, bool]] = []
    service.predicted.connect(lambda rel, prediction: heard.append((rel, prediction.is_stale)))
    service.request("a.png")
    qtbot.waitUntil(lambda: heard == [("a.png", True)], timeout=20_000)
    service.request("b.png")
    service.request("a.png")
    with qtbot.waitSignal(service.idle, timeout=20_000):
        gated.gate.release(100)
    assert heard[-1] == ("a.png", False)


def test_a_prediction_is_shown_before_it_is_kept_and_its_row_comes_after(service, qtbot, monkeypatch):
    order: list[str] = []
    kept = threading.Event()
    save = PredictionStore.save

    def late(self: PredictionStore, *args: object) -> None:
        assert kept.wait(20)
        order.append("kept")
        save(self, *args)

    monkeypatch.setattr(PredictionStore, "save", late)
    service.predicted.connect(lambda *_: order.append("shown"))
    service.predicted.connect(lambda *_: kept.set())
    service.judged.connect(lambda _: order.append("row"))
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.request("a.png")
    assert order == ["shown", "kept", "row"]


def test_asked_anew_memory_does_not_answer(service, qtbot, project, tiny_bundle):
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("a.png")
    PredictionStore(project.predictions_folder).remove("a.png", tiny_bundle.card.id)
    with qtbot.waitSignal(service.idle, timeout=20_000), qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("a.png", anew=True)
    path = project.image_path("a.png")
    kept = PredictionStore(project.predictions_folder).load("a.png", tiny_bundle.card.key, PredictSettings(), path)
    assert kept is not None
