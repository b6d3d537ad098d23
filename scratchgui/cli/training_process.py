"""The training as a child of the command line: what it says, how it is stopped, how it ended."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import Event, Failed, Finished
from scratchgui.core.run_folder import RunFolder
from scratchgui.workers.watched_run import WatchedRun, start_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LOOK_SECONDS = 0.1


class Interrupted(Exception):
    """The user ended the training without a result."""


class TrainingProcess:
    """One training on a prepared run folder.

    The first Ctrl+C asks it to stop and to keep its best model, the second one kills it. It ends by itself when this
    process does.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._interruptions = 0

    def follow(self, on_event: Callable[[Event], None], on_stop: Callable[[], None]) -> Finished:
        """Start the training and return its result.

        Args:
            on_event: Told what the training says.
            on_stop: Told when the user asks it to stop.

        Raises:
            TrainingError: It cannot be started, or ended without a model.
            Interrupted: The user killed it.
        """
        with _on_interrupt(self._count):
            run = start_run(self._run)
            try:
                self._watch(run, on_event, on_stop)
            finally:
                if run.is_alive:
                    run.kill()
        if isinstance(run.end, Finished):
            return run.end
        message = run.end.message if isinstance(run.end, Failed) else str(run.outcome)
        raise TrainingError(message, hint=how_to_go_on(self._run))

    def _watch(self, run: WatchedRun, on_event: Callable[[Event], None], on_stop: Callable[[], None]) -> None:
        asked = False
        while True:
            was_alive = run.is_alive  # asked before reading: what it said at its end is read then
            events = run.read()
            for event in events:
                on_event(event)
            if not was_alive and not events:
                return
            if self._interruptions and not asked:
                asked = True
                run.folder.ask_to_stop()
                on_stop()
            if self._interruptions > 1:
                raise Interrupted
            run.wait(_LOOK_SECONDS)

    def _count(self) -> None:
        self._interruptions += 1


def how_to_go_on(run: Path) -> str:
    """Say where a training that was cut off lies, and how to go on with it if its state was saved."""
    where = f"More is in {run}."
    if not RunFolder(run).has_checkpoint:
        return where
    quoted = subprocess.list2cmdline([str(run)]) if sys.platform == "win32" else shlex.quote(str(run))
    return f"{where} Go on with: scratchgui train --resume {quoted}"


@contextmanager
def _on_interrupt(do: Callable[[], None]) -> Iterator[None]:
    """Call `do` at Ctrl+C instead of raising KeyboardInterrupt, which could fall in the middle of a line."""
    before = signal.signal(signal.SIGINT, lambda *_: do())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
