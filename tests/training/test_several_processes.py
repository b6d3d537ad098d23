"""A training shared by two processes under `torchrun` and `fabric run`: the same command, the same model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from scratchgui.core.manifest import Manifest, write_run
from scratchgui.core.model_card import load_bundle
from scratchgui.core.protocol import Event, Failed, Finished, Progress, Started, Validated, decode
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from training.data import read_entry

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "encoder": "resnet18",
    "epochs": 2,
    "batch_size": 4,
    "crop": 64,
    "lr": 3e-3,
    "device": "cpu",
    "int8": False,
    "deterministic": True,
}
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
FABRIC_RUN = [str(Path(sys.executable).with_name("fabric")), "run", "--accelerator", "cpu", "--strategy", "ddp"]


def run_it(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
    )


def difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(one))


@pytest.mark.slow
def test_a_step_of_two_processes_is_the_step_of_one(tmp_path: Path) -> None:
    """Dice, batch normalization and gradients are those of the whole batch, though defects lie in one half of it.

    Only the order of summation differs, which changes the gradient by 3e-6 of its length. Statistics of each half by
    itself would change it by 0.6, Dice of each half by 0.04.
    """
    script = str(ROOT / "tests" / "shared_step.py")
    for command in ([sys.executable], TORCHRUN):
        done = run_it(*command, script, str(tmp_path / f"{len(command)}-"))
        assert done.returncode == 0, done.stderr
    alone = load_file(tmp_path / "1-0")
    for name in (f"{len(TORCHRUN)}-0", f"{len(TORCHRUN)}-1"):
        shared = load_file(tmp_path / name)
        assert shared.keys() == alone.keys()
        assert shared["loss"] == pytest.approx(alone["loss"], rel=1e-5)
        gradients, weights = (
            [name for name in alone if name.startswith("gradient.") == wanted and name != "loss"]
            for wanted in (True, False)
        )
        for names in (gradients, weights):
            one, two = (np.concatenate([found[name].ravel() for name in names]) for found in (alone, shared))
            assert difference(one, two) < 1e-4


def trained(run: Path, manifest: Manifest, command: list[str], **settings: object) -> list[Event]:
    write_run(run, manifest, {**SETTINGS, **settings})
    done = run_it(*command, "--folder", str(run))
    assert done.returncode == 0, done.stderr
    return told(run)


def told(run: Path) -> list[Event]:
    lines = (run / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for event in map(decode, lines) if event is not None]


def probability(run: Path, manifest: Manifest) -> NDArray[np.uint8]:
    image, _ = read_entry(manifest.part("validation")[0], binary=False)
    return open_predictor(load_bundle(run / "bundle"), PredictSettings(), device="cpu").predict(image).probability


@pytest.mark.slow
@pytest.mark.parametrize(
    "launcher",
    [[*TORCHRUN, "-m", "training"], [*FABRIC_RUN, "--devices", "2", str(ROOT / "training" / "__main__.py")]],
    ids=["torchrun", "fabric"],
)
def test_two_processes_make_the_model_that_one_makes(tmp_path: Path, manifest: Manifest, launcher: list[str]) -> None:
    """AdamW makes much of small differences while it is far from its aim: the models agree, they are not equal."""
    one, two = tmp_path / "one", tmp_path / "two"
    alone = trained(one, manifest, [sys.executable, "-m", "training"])
    shared = trained(two, manifest, launcher)
    for kind in (Started, Validated, Finished):  # the first process alone speaks
        assert [type(e) for e in shared if isinstance(e, kind)] == [type(e) for e in alone if isinstance(e, kind)]
    assert [e.step for e in shared if isinstance(e, Progress)][-1] == 32
    expected, got = probability(one, manifest), probability(two, manifest)
    assert np.abs(expected.astype(int) - got).mean() < 255 * 0.05


@pytest.mark.slow
def test_a_batch_that_cannot_be_shared_is_refused_in_a_sentence(tmp_path: Path, manifest: Manifest) -> None:
    write_run(tmp_path, manifest, {**SETTINGS, "batch_size": 3})
    done = run_it(*TORCHRUN, "-m", "training", "--folder", str(tmp_path))
    assert done.returncode != 0
    failed = [event for event in told(tmp_path) if isinstance(event, Failed)]
    assert [event.message for event in failed] == ["A batch of 3 cannot be shared among 2 processes."]
