"""A training that is killed at every phase: there is the old model or the new one, and the next start ends the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from children import eventually
from tiny_model import make_bundle
from training_children import ROOT, Child, child

from scratchgui.core.manifest import Manifest, write_run
from scratchgui.core.model_card import load_bundle
from scratchgui.core.protocol import Failed, Finished, Note, Paused, Progress, Started
from scratchgui.core.run_folder import EventLog, Follower, RunFolder
from scratchgui.core.run_process import running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")

QUICK = {"encoder": "resnet18", "epochs": 2, "batch_size": 2, "crop": 64, "lr": 2e-3, "device": "cpu", "int8": False}

# Starts a training that stands still at the nth call of a function, and says so.
HALTING = """
import importlib, sys, time
from pathlib import Path
where, number, marker = {where!r}, {number}, Path({marker!r})
module, _, path = where.partition(":")
owner = importlib.import_module(module)
*above, name = path.split(".")
for part in above: owner = getattr(owner, part)
called, calls = getattr(owner, name), 0
def halting(*arguments, **options):
    global calls
    calls += 1
    if calls == number:
        marker.touch()
        time.sleep(600)
    return called(*arguments, **options)
setattr(owner, name, halting)
from training.__main__ import main
sys.exit(main())
"""

PHASES = {
    "start": ("training.worker:build", 1),
    "epoch": ("training.learner:Learner.learn", 20),
    "validation": ("training.loop:examine", 2),
    "saving the state": ("training.checkpoint:atomic_write_json", 1),
    "export, before its card": ("training.export:save_card", 1),
    "export, before its place": ("training.export:put_in_place", 1),
    "after the result": ("training.checkpoint:CheckpointFolder.remove", 1),
}


def halted(run: Path, where: str, number: int, marker: Path) -> list[str]:
    return [sys.executable, "-c", HALTING.format(where=where, number=number, marker=str(marker))]


@pytest.mark.parametrize(
    "phase",
    [
        name if name.startswith("export, before its p") else pytest.param(name, marks=pytest.mark.slow)
        for name in PHASES
    ],
)
def test_killed_at_a_phase_and_started_again(tmp_path: Path, manifest: Manifest, phase: str) -> None:
    run, out, marker = tmp_path / "runs" / "1", tmp_path / "models" / "model", tmp_path / "halted"
    make_bundle(out, model_id="old")
    write_run(run, manifest, {**QUICK, "out": str(out), "checkpoint_seconds": 0.05})
    with child(run, program=halted(run, *PHASES[phase], marker)) as training:
        eventually(lambda: marker.exists() or training.process.poll() is not None, "it never comes there", 120)
        training.process.kill()
        assert training.finish() == -signal.SIGKILL
    after = load_bundle(out).card.id  # every file is what its card says
    assert (after == "old") == (phase != "after the result")
    assert not running(run) and (RunFolder(run).end() is None) == (phase != "after the result")
    with child(run) as again:
        assert again.finish() == 0
    result = again.events[-1]
    assert isinstance(result, Finished) and Path(result.bundle) == out
    new = load_bundle(out).card
    assert new.id == result.model != after and new.training["steps"] == 32
    assert not RunFolder(run).has_checkpoint
    assert not list(run.glob(".bundle-*"))


@pytest.mark.slow
def test_killed_after_its_state_was_saved_it_goes_on_from_there(tmp_path: Path, manifest: Manifest) -> None:
    run = tmp_path / "runs" / "1"
    write_run(run, manifest, {**QUICK, "epochs": 1000})
    with child(run) as training:
        training.hear(Progress)
        RunFolder(run).pause()
        assert training.hear(Paused) == Paused(True)
        training.process.kill()
    assert RunFolder(run).has_checkpoint and not (run / "bundle").exists()
    RunFolder(run).forget_requests()
    with child(run) as again:
        started = again.hear(Started)
        again.hear(Progress)
        RunFolder(run).ask_to_stop()
        assert again.finish() == 0
    assert isinstance(started, Started) and started.resumed_step > 0
    steps = [event.step for event in again.events if isinstance(event, Progress)]
    assert min(steps[-3:]) > started.resumed_step
    assert load_bundle(run / "bundle").card.training["steps"] > started.resumed_step


STARTING_PROGRAM = """
import sys, time
from pathlib import Path
from scratchgui.workers.watched_run import start_run
run = start_run(Path(sys.argv[1]), [sys.executable, sys.argv[2]])
print("started", flush=True)
time.sleep(600)
"""
WAITING = """
import argparse, time
from pathlib import Path
from scratchgui.core.protocol import Stage
from scratchgui.core.run_folder import EventLog, RunFolder
from scratchgui.core.run_process import ProcessId, claimed
from training.parent import end_with
parser = argparse.ArgumentParser()
parser.add_argument("--run", type=Path)
parser.add_argument("--parent", type=int)
given = parser.parse_args()
parent = ProcessId.of(given.parent)
with claimed(given.run, parent):
    EventLog(given.run).tell(Stage("ready", ""))
    end_with(parent, is_kept=lambda: RunFolder(given.run).is_kept)
    time.sleep(600)
"""


@pytest.mark.parametrize("kept", [False, True])
def test_a_training_ends_with_the_program_that_started_it_unless_it_is_kept(tmp_path: Path, kept: bool) -> None:
    run, script = tmp_path / "runs" / "1", tmp_path / "waiting.py"
    run.mkdir(parents=True)
    script.write_text(WAITING)
    program = [sys.executable, "-c", STARTING_PROGRAM, str(run), str(script)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None and parent.stdout.readline() == "started\n"
        eventually(lambda: bool(Follower(run).read()), "it does not start")
        found = running(run)
        assert found is not None
        if kept:
            RunFolder(run).keep()
        parent.kill()
        parent.wait()
        if not kept:
            eventually(lambda: not found.process.is_alive, "it outlives its parent")
            return
        began = found.process.cpu_seconds
        # Its watch has looked more than once since.
        eventually(lambda: time.time() - (run / "KEEP").stat().st_mtime > 2.5, "time stands still")
        assert found.process.is_alive and found.process.cpu_seconds >= began
        found.process.kill(5)


@pytest.mark.slow
def test_a_disk_that_is_full_leaves_the_old_model_and_the_state_to_go_on_from(
    tmp_path: Path, manifest: Manifest
) -> None:
    """No file may be larger than 20 MB, which stops the weights; then there is room."""
    run, out = tmp_path / "runs" / "1", tmp_path / "models" / "model"
    make_bundle(out, model_id="old")
    write_run(run, manifest, {**QUICK, "epochs": 1, "out": str(out), "checkpoint_seconds": 1000})
    shell = ["sh", "-c", 'trap "" XFSZ; ulimit -f 40000; exec "$0" "$@"', sys.executable, "-m", "training"]
    with child(run, program=shell) as training:
        assert training.finish() == 1
    failed = training.events[-1]
    assert isinstance(failed, Failed) and failed.message.startswith("The new model cannot be saved")
    assert "File too large" in failed.message
    assert any(isinstance(event, Note) and "cannot be saved" in event.text for event in training.events)
    assert load_bundle(out).card.id == "old"
    assert not RunFolder(run).has_checkpoint and not list(out.parent.glob(".bundle-*"))
    with child(run) as again:
        assert again.finish() == 0
    assert load_bundle(out).card.id != "old"


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.tell(Note("one"))
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "note", "te')
    follower = Follower(tmp_path)
    assert follower.read() == [Note("one")]
    EventLog(tmp_path).tell(Note("two"))
    assert follower.read() == [Note("two")]
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "note", "text": "th')
        file.flush()
        assert follower.read() == []
        file.write(b'ree"}\n')
    assert follower.read() == [Note("three")]


@pytest.mark.slow
def test_a_result_that_cannot_be_written_keeps_the_state(tmp_path: Path, manifest: Manifest) -> None:
    """The result is what the window judges: without it the training has not ended."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    run = tmp_path / "runs" / "1"
    write_run(run, manifest, {**QUICK, "epochs": 1})
    (run / "events.jsonl").symlink_to("/dev/full")
    training = Child(run)
    with training.process:
        assert training.finish() == 74
    assert RunFolder(run).has_checkpoint
    os.unlink(run / "events.jsonl")
    with child(run) as again:
        started = again.hear(Started)
        assert again.finish() == 0
    assert isinstance(started, Started) and started.resumed_step == 16
    assert isinstance(again.events[-1], Finished)
