"""The training as its parent sees it: a child process, JSON lines, files in the run folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from tiny_model import make_bundle

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.manifest import Manifest, ManifestEntry, write_run
from scratchgui.core.model_card import load_bundle
from scratchgui.core.protocol import STOP_FILE, Event, Failed, Finished, Progress, Stage, Started, Validated, decode
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.paths import starter_bundle
from training.data import read_entry
from training.memory import memory_in_a_sentence
from training.worker import run_training

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"encoder": "resnet18", "epochs": 1, "batch_size": 2, "crop": 64, "lr": 2e-3, "device": "cpu", "int8": False}


@contextmanager
def child(run: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "training", "--run", str(run)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str], until: type[Event] | None = None) -> list[Event]:
    """Events up to the first of a kind, or to the end; every line has to be one."""
    events: list[Event] = []
    assert process.stdout is not None
    for line in process.stdout:
        event = decode(line)
        assert event is not None, f"not an event: {line!r}"
        events.append(event)
        if until is not None and isinstance(event, until):
            return events
    assert until is None, events
    return events


@pytest.fixture
def run(tmp_path: Path, manifest: Manifest) -> Path:
    folder = tmp_path / "runs" / "1"
    write_run(folder, manifest, QUICK)
    return folder


def test_a_training_tells_its_course_and_leaves_a_model_that_runs(run: Path, manifest: Manifest) -> None:
    with child(run) as process:
        events = heard(process)
        assert process.wait() == 0
    assert isinstance(events[0], Started)
    assert (events[0].train_images, events[0].validation_images, events[0].device) == (2, 2, "cpu")
    kinds = [type(event) for event in events]
    assert Progress in kinds and kinds.index(Validated) > kinds.index(Progress) and Stage in kinds
    finished = events[-1]
    assert isinstance(finished, Finished) and finished.better and not finished.stopped
    bundle = load_bundle(Path(finished.bundle))
    assert bundle.card.training["steps"] == 16 and bundle.card.classes == ["scratch"]
    assert bundle.folder.stat().st_mode & 0o005 == 0o005  # others who open the project can read it
    image, _ = read_entry(manifest.part("validation")[0], binary=False)
    probability = open_predictor(bundle, PredictSettings(), device="cpu").predict(image).probability
    assert probability.shape == (1, 64, 64)
    logged = (run / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [decode(line) for line in logged] == events


@pytest.mark.slow
def test_stop_keeps_the_best_and_a_kill_keeps_the_old(run: Path, manifest: Manifest, tmp_path: Path) -> None:
    out = tmp_path / "models" / "new"
    write_run(run, manifest, {**QUICK, "epochs": 1000, "out": str(out)})
    with child(run) as process:
        heard(process, until=Progress)
        (run / STOP_FILE).touch()
        finished = heard(process)[-1]
    assert isinstance(finished, Finished) and finished.stopped
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (run / STOP_FILE).unlink()
    with child(run) as process:
        heard(process, until=Progress)
        process.kill()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    load_bundle(out)


def test_a_failure_is_one_sentence_and_an_exit_status(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with child(tmp_path) as process:
        events = heard(process)
        assert process.wait() == 1
    assert len(events) == 1 and isinstance(events[0], Failed)
    assert events[0].message.startswith("The list of training images is damaged") and "\n" not in events[0].message
    assert "Traceback" in events[0].details


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe ends a process on POSIX; Windows ends it with its job")
def test_a_child_ends_with_its_parent(run: Path, manifest: Manifest) -> None:
    write_run(run, manifest, {**QUICK, "epochs": 1000})
    with child(run) as process:
        heard(process, until=Progress)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) != 0


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
    with child(run) as process:
        finished = heard(process)[-1]
    assert isinstance(finished, Finished) and finished.compared == 2
    assert set(finished.old) == set(finished.new) and "dice" in finished.new
    assert finished.reason.startswith("Better on " if finished.better else "Not better")
    assert load_bundle(Path(finished.bundle)).card.parent == load_bundle(starter).card.id
    assert {path.name: path.read_bytes() for path in starter.iterdir()} == before
