"""The line to the parent in a process of its own: printing libraries, a log that cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scratchgui.core.protocol import Failed, Stage, decode

ROOT = Path(__file__).resolve().parents[2]
NOISE = """
import os, subprocess, sys
from scratchgui.core.protocol import Stage
from training.channel import Channel
channel = Channel()
for number in range(50):
    print("a library's print")
    os.write(1, b"half a line")
    channel.tell(Stage("export", f"Nr. {number} …"))
subprocess.run([sys.executable, "-c", "print('a child of the child', input() if False else '')"], check=True)
assert sys.stdin.fileno() == 0 and os.read(0, 1) == b""
print("the end")
"""


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )


def test_what_libraries_print_breaks_no_line() -> None:
    done = run("-c", NOISE)
    assert done.returncode == 0, done.stderr.decode()
    events = [decode(line) for line in done.stdout.splitlines()]
    assert events == [Stage("export", f"Nr. {number} …") for number in range(50)]
    assert b"a library's print" in done.stderr and b"a child of the child" in done.stderr


def test_a_failure_is_in_the_log_of_events_too(tmp_path: Path) -> None:
    done = run("-m", "training", "--run", str(tmp_path))
    assert done.returncode == 1
    told = decode(done.stdout.strip())
    assert isinstance(told, Failed) and "config.json" in told.message
    assert decode((tmp_path / "events.jsonl").read_text(encoding="utf-8").strip()) == told


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_run_folder_that_is_none_is_told_all_the_same(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "run"
    if kind == "file":
        folder.touch()
    done = run("-m", "training", "--run", str(folder))
    assert done.returncode == 1
    told = decode(done.stdout.strip())
    assert isinstance(told, Failed) and told.message.startswith("Cannot read the file")
    assert "\n" not in told.message and "Traceback" in told.details
