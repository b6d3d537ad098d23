"""A training's process, started and watched: how it is started, how it ends, and who may start it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from children import eventually

from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import Finished, Progress, Stage, encode
from scratchgui.core.run_process import AlreadyRunningError, running
from scratchgui.workers.watched_run import WatchedRun, start_run

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals")

# Stands for `python -m training`, with the same claim on the folder.
CHILD = """
import os, sys, time
from pathlib import Path
from scratchgui.core.protocol import *
from scratchgui.core.run_folder import EventLog
from scratchgui.core.run_process import ProcessId, claimed
run = Path(sys.argv[sys.argv.index("--run") + 1])
say = EventLog(run).tell
"""
CLAIMING = CHILD + "with claimed(run, ProcessId.of(os.getppid())):\n    say(Stage('ready', ''))\n    time.sleep(600)\n"

Start = Callable[[str], WatchedRun]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a few lines of Python as a training in `runs/1`."""
    (tmp_path / "runs" / "1").mkdir(parents=True)
    runs: list[WatchedRun] = []

    def begin(code: str) -> WatchedRun:
        runs.append(start_run(tmp_path / "runs" / "1", [sys.executable, "-c", code]))
        return runs[-1]

    yield begin
    for run in runs:
        run.kill()


def ended(run: WatchedRun) -> str:
    eventually(lambda: not run.is_alive, "it does not end")
    run.read()
    return str(run.outcome)


def claimed(run: WatchedRun) -> WatchedRun:
    eventually(lambda: bool(run.read()), "it says nothing")
    return run


def test_what_it_says_is_read_as_it_is_said_and_what_it_prints_is_kept(start: Start) -> None:
    run = start(CHILD + "print('noise'); say(Stage('a', 'Größe')); print('trouble', file=sys.stderr)")
    assert ended(run) == "The training ended."
    assert "noise" in run.outcome.stderr and "trouble" in run.outcome.stderr
    assert WatchedRun(run.folder.path).read() == [Stage("a", "Größe")]


def test_ten_thousand_events_are_not_lost(start: Start) -> None:
    run = start(CHILD + "for n in range(10_000): say(Progress(n, 2, 3, 4, 0.5, 1e-4, 6.0))")
    found: list[object] = []
    eventually(lambda: bool(found.extend(run.read(700)) or not run.is_alive), "it does not end")
    while events := run.read(700):
        assert len(events) <= 700
        found += events
    assert [event.step for event in found if isinstance(event, Progress)] == list(range(10_000))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise SystemExit(3)", "failed (exit status 3)"),
        ("raise MemoryError", "out of memory"),
        ("raise SystemExit(74)", "cannot be written: make room"),
        ("raise SystemExit(75)", "another one is running already"),
    ],
)
def test_an_end_is_explained(start: Start, code: str, says: str) -> None:
    assert says in ended(start(code))


@unix
@pytest.mark.parametrize(
    ("number", "says"),
    [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "crashed (SIGSEGV)"), (signal.SIGTERM, "from outside (SIGTERM)")],
)
def test_a_signal_from_outside_is_explained(start: Start, number: int, says: str) -> None:
    assert says in ended(start(f"import os; os.kill(os.getpid(), {int(number)})"))


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="could not be started"):
        start_run(tmp_path, ["/no/such/program"])


def test_it_is_offline_unless_asked_and_finds_the_packages(start: Start, tmp_path: Path) -> None:
    code = "import os, scratchgui.core, training; print(sorted(n for n in os.environ if n.endswith('OFFLINE')))"
    config = tmp_path / "runs" / "1" / "config.json"
    os.environ.pop("HF_HUB_OFFLINE", None)
    for weights, says in (("other.safetensors", "['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE']"), ("imagenet", "[]")):
        config.write_text(json.dumps({"encoder_weights": weights}))
        run = start(code)
        ended(run)
        assert run.outcome.stderr.splitlines()[-1] == says


def test_what_was_asked_of_it_before_is_forgotten_when_it_is_started_again(start: Start) -> None:
    run = claimed(start(CLAIMING))
    run.folder.pause()
    run.folder.keep()
    run.kill()
    run.folder.ask_to_stop()
    assert sorted(path.name for path in run.folder.path.iterdir() if path.name.isupper()) == ["KEEP", "STOP"]
    start("pass")
    assert not [path for path in run.folder.path.iterdir() if path.name.isupper()]


def test_one_at_a_time_among_those_of_a_project(start: Start, tmp_path: Path) -> None:
    first = claimed(start(CLAIMING))
    other = tmp_path / "runs" / "2"
    other.mkdir()
    with pytest.raises(AlreadyRunningError, match="running already"):
        start_run(other, [sys.executable, "-c", CLAIMING])
    assert running(first.folder.path) and not running(other)
    first.kill()
    assert not running(first.folder.path)
    second = claimed(start_run(other, [sys.executable, "-c", CLAIMING]))
    second.kill()


def test_of_many_started_at_once_one_runs(tmp_path: Path) -> None:
    """All have passed the look at the others before any of them claims its folder."""
    gate = tmp_path / "gate"
    code = CHILD + (
        f"from scratchgui.core.run_process import AlreadyRunningError\n"
        f"import psutil\n"
        f"(run / 'here').touch()\n"
        f"while not os.path.exists({str(gate)!r}): time.sleep(0.001)\n"
        f"try:\n"
        f"    with claimed(run, None):\n"
        f"        print('mine', flush=True); time.sleep(600)\n"
        f"except AlreadyRunningError: print('not mine', flush=True)\n"
    )
    folders = [tmp_path / "runs" / str(number) for number in range(6)]
    children = []
    root = str(Path(__file__).parents[2])
    for folder in folders:
        folder.mkdir(parents=True)
        command = [sys.executable, "-c", code, "--run", str(folder)]
        children.append(subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True))
    try:
        eventually(lambda: all((folder / "here").exists() for folder in folders), "not all of them start")
        gate.touch()
        said = [child.stdout.readline().strip() for child in children if child.stdout]
    finally:
        for child in children:
            child.kill()
            child.communicate()
    assert sorted(said) == ["mine"] + 5 * ["not mine"]


def test_a_process_that_has_died_is_told_from_a_later_one_with_its_number(start: Start) -> None:
    run = claimed(start(CLAIMING))
    path = run.folder.path / "process.json"
    value = json.loads(path.read_text())
    path.write_text(json.dumps(value | {"create_time": value["create_time"] - 60}))
    assert running(run.folder.path) is None
    path.write_text("{")
    assert running(run.folder.path) is None


def test_a_training_of_another_machine_runs_as_long_as_it_says_something(tmp_path: Path) -> None:
    value = {"pid": 1, "create_time": 1.0, "host": "another", "parent": None}
    (tmp_path / "process.json").write_text(json.dumps(value))
    log = tmp_path / "events.jsonl"
    log.write_text(encode(Stage("a", "")) + "\n")
    run = WatchedRun(tmp_path)
    assert run.is_alive and not run.is_ours and run.cpu_seconds is None
    run.kill()  # out of reach
    os.utime(log, (0, 0))
    assert not run.is_alive


def test_one_that_was_found_is_followed_and_ended_like_one_that_was_started(start: Start) -> None:
    started = claimed(start(CLAIMING))
    found = WatchedRun(started.folder.path)
    assert found.read() == [Stage("ready", "")]
    assert found.is_alive and not found.is_ours, "its parent looks after it"
    assert started.is_ours
    found.kill()
    assert not found.is_alive and not started.is_alive
    assert str(found.outcome) == "The training was ended by ScratchGUI."
    assert "was cut off" in str(WatchedRun(started.folder.path).outcome)


def test_an_end_that_it_was_started_again_after_is_none(tmp_path: Path) -> None:
    lines = [encode(Finished("b", True, "")), encode(Stage("start", ""))]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    run = WatchedRun(tmp_path)
    run.read(1)
    assert isinstance(run.end, Finished) and run.folder.end() is None
    run.read()
    assert run.end is None
