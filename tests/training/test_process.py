"""The training as those see it who watch it: a process, and what lies in its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tiny_model import make_bundle
from training_children import child

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import sha256_of
from scratchgui.core.manifest import Manifest, ManifestEntry, write_run
from scratchgui.core.model_card import load_bundle
from scratchgui.core.protocol import Event, Failed, Finished, Paused, Progress, Stage, Started, Validated
from scratchgui.core.run_folder import RunFolder
from scratchgui.core.run_process import CANNOT_WRITE
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.paths import starter_bundle
from training.data import read_entry
from training.memory import memory_in_a_sentence
from training.worker import run_training

QUICK = {"encoder": "resnet18", "epochs": 1, "batch_size": 2, "crop": 64, "lr": 2e-3, "device": "cpu", "int8": False}


@pytest.fixture
def run(tmp_path: Path, manifest: Manifest) -> Path:
    folder = tmp_path / "runs" / "1"
    write_run(folder, manifest, QUICK)
    return folder


def test_a_training_tells_its_course_and_leaves_a_model_that_runs(run: Path, manifest: Manifest) -> None:
    with child(run) as training:
        assert training.finish() == 0
    first, second, *_ = events = training.events
    assert isinstance(first, Stage) and first.name == "start" and isinstance(second, Started)
    assert (second.train_images, second.validation_images, second.device) == (2, 2, "cpu")
    kinds = [type(event) for event in events]
    assert Progress in kinds and kinds.index(Validated) > kinds.index(Progress) and Stage in kinds
    finished = events[-1]
    assert isinstance(finished, Finished) and finished.better and not finished.stopped
    bundle = load_bundle(Path(finished.bundle))
    assert bundle.card.training["steps"] == 16 and bundle.card.classes == ["scratch"]
    assert bundle.folder.stat().st_mode & 0o005 == 0o005  # others who open the project can read it
    learned = bundle.card.training
    assert learned["learning"] == {"corrections": 4, "with_defect": 3, "clean": 1}
    hashes = {entry.key: sha256_of(Path(entry.image)) for entry in manifest.entries}
    assert learned["images"] == hashes
    assert {"scratchgui", "torch", "numpy", "openvino"} <= learned["libraries"].keys() and learned["history"]
    assert bundle.card.scores == finished.new and bundle.card.intervals.keys() == bundle.card.scores.keys()
    image, _ = read_entry(manifest.part("validation")[0], binary=False)
    probability = open_predictor(bundle, PredictSettings(), device="cpu").predict(image).probability
    assert probability.shape == (1, 64, 64)
    assert finished.model == bundle.card.id
    assert not (run / "process.json").exists() and not (run / "checkpoint").exists()


@pytest.mark.slow
def test_stop_keeps_the_best_and_a_kill_keeps_the_old(run: Path, manifest: Manifest, tmp_path: Path) -> None:
    out = tmp_path / "models" / "new"
    write_run(run, manifest, {**QUICK, "epochs": 1000, "out": str(out)})
    with child(run) as training:
        training.hear(Progress)
        RunFolder(run).ask_to_stop()
        assert training.finish() == 0
    finished = training.events[-1]
    assert isinstance(finished, Finished) and finished.stopped
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    RunFolder(run).forget_requests()
    with child(run) as training:
        training.hear(Progress)
        training.process.kill()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    load_bundle(out)


def test_a_training_waits_when_asked_and_stops_while_it_waits(run: Path, manifest: Manifest) -> None:
    write_run(run, manifest, {**QUICK, "epochs": 1000})
    with child(run) as training:
        training.hear(Progress)
        RunFolder(run).pause()
        assert training.hear(Paused) == Paused(True)
        assert RunFolder(run).has_checkpoint
        RunFolder(run).resume()
        assert training.hear(Paused) == Paused(False)
        training.hear(Progress)
        RunFolder(run).pause()
        assert training.hear(Paused) == Paused(True)
        RunFolder(run).ask_to_stop()
        assert training.finish() == 0
    assert isinstance(training.events[-1], Finished) and training.events[-1].stopped


def test_a_failure_is_one_sentence_and_an_exit_status(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with child(tmp_path) as training:
        assert training.finish() == 1
    failed = training.events[-1]
    assert isinstance(failed, Failed)
    assert failed.message.startswith("The list of training images is damaged") and "\n" not in failed.message
    assert "Traceback" in failed.details


@pytest.mark.parametrize("kind", ["missing", "file", "full"])
def test_a_run_folder_that_cannot_be_written_is_told_all_the_same(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "run"
    if kind == "file":
        folder.touch()
    if kind == "full":
        if not Path("/dev/full").exists():
            pytest.skip("this system has no /dev/full")
        folder.mkdir()
        (folder / "events.jsonl").symlink_to("/dev/full")
    with child(folder) as training:
        assert training.process.stderr is not None
        told = training.process.stderr.read()
        assert training.finish() == CANNOT_WRITE
    assert told.startswith("Cannot read the file" if kind == "full" else "The training cannot be started"), told


def keep(entries: list[ManifestEntry], keys: str) -> Manifest:
    return Manifest(classes=["scratch"], entries=[entry for entry in entries if entry.key[0] in keys])


@pytest.mark.parametrize("keys", ["", "a", "c"])
def test_nothing_to_learn_from_or_to_check_on(tmp_path: Path, entries: list[ManifestEntry], keys: str) -> None:
    write_run(tmp_path, keep(entries, keys), QUICK)
    with pytest.raises(TrainingError, match="to learn from and images to check on"):
        run_training(tmp_path, lambda _: None)


@pytest.mark.parametrize("role", ["parent", "champion"])
def test_a_damaged_model_is_found_before_the_training(run: Path, manifest: Manifest, tmp_path: Path, role: str) -> None:
    bundle = make_bundle(tmp_path / "old")
    bundle.ir_path.unlink()
    write_run(run, manifest, {**QUICK, role: str(bundle.folder)})
    events: list[Event] = []
    with pytest.raises(UserError, match=r"lacks model\.xml"):
        run_training(run, events.append)
    assert not events


def test_an_image_that_vanishes_is_named(run: Path, manifest: Manifest) -> None:
    Path(manifest.part("train")[0].image).unlink()
    with pytest.raises(UserError, match=r"no longer there.*a\.png"):
        run_training(run, lambda _: None)
    assert not (run / "bundle").exists()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8"),
    ],
)
def test_too_little_memory_is_one_sentence(error: Exception) -> None:
    with pytest.raises(TrainingError, match="not enough memory for this training"), memory_in_a_sentence():
        raise error


def test_other_errors_of_torch_stay_bugs() -> None:
    with pytest.raises(RuntimeError, match="shapes"), memory_in_a_sentence():
        raise RuntimeError("shapes do not match")


@pytest.mark.slow
def test_fine_tuning_the_starter_is_compared_with_it(run: Path, manifest: Manifest) -> None:
    starter = starter_bundle()
    if not (starter / "card.json").is_file():
        pytest.skip(f"there is no starter model in {starter}")
    settings = {
        "minutes": 0.1,
        "batch_size": 4,
        "crop": 64,
        "lr": 3e-4,
        "int8": False,
        "parent": str(starter),
        "champion": str(starter),
    }
    write_run(run, manifest, settings)
    before = {path.name: path.read_bytes() for path in starter.iterdir()}
    with child(run) as training:
        assert training.finish() == 0
    finished = training.events[-1]
    assert isinstance(finished, Finished) and finished.compared == 2
    assert set(finished.old) == set(finished.new) and "dice" in finished.new
    assert finished.reason.startswith("Better on " if finished.better else "Not better")
    assert load_bundle(Path(finished.bundle)).card.parent == load_bundle(starter).card.id
    assert {path.name: path.read_bytes() for path in starter.iterdir()} == before
