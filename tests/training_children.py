"""Trainings as processes of their own, heard through their folders."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from children import eventually

from scratchgui.core.protocol import Event
from scratchgui.core.run_folder import EVENTS_FILE, Follower

ROOT = Path(__file__).resolve().parents[1]


class Child:
    """A training, from `python -m training --run FOLDER` to its end.

    Attributes:
        process: It.
        events: All that was heard.
    """

    def __init__(self, run: Path, *arguments: str, program: list[str] | None = None) -> None:
        self.events: list[Event] = []
        self._follower, self._log = Follower(run), run / EVENTS_FILE
        if self._log.is_file():
            self._follower.read()  # what was said before
        command = [*(program or [sys.executable, "-m", "training"]), "--run", str(run), *arguments]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def hear(self, until: type[Event]) -> Event:
        """Wait for an event of a kind."""
        start = len(self.events)

        def heard() -> bool:
            ended = self.process.poll() is not None
            self.events += self._follower.read()
            found = any(isinstance(event, until) for event in self.events[start:])
            assert found or not ended, (self.events, self.process.stderr and self.process.stderr.read())
            return found

        eventually(heard, f"no {until.__name__}")
        return next(event for event in self.events[start:] if isinstance(event, until))

    def finish(self) -> int:
        """Wait for the end, and return the exit status."""
        status = self.process.wait(120)
        if self._log.is_file():  # not where a device stands for a full disk
            self.events += self._follower.read()
        return status


@contextmanager
def child(run: Path, *arguments: str, program: list[str] | None = None) -> Iterator[Child]:
    """Start a training; it is gone when the block ends."""
    started = Child(run, *arguments, program=program)
    with started.process:
        try:
            yield started
        finally:
            started.process.kill()
