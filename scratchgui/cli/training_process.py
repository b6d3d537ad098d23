"""The training as a child process: what it says, how it is stopped, how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scratchgui import paths
from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import STOP_FILE, Event, Failed, Finished, decode
from scratchgui.workers.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

STDERR_FILE = "stderr.log"
_STDERR_TAIL = 20_000


class Interrupted(Exception):
    """The user ended the training without a result."""


class TrainingProcess:
    """One training on a prepared run folder.

    The first Ctrl+C asks it to stop and to keep its best model, the second one kills it. It ends by itself when this
    process does: its standard input is closed then.
    """

    def __init__(self, run: Path, *, command: Sequence[str] | None = None, online: bool = False) -> None:
        self._run = run
        self._command = [*(command or paths.training_command()), "--run", str(run)]
        self._online = online
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = self._told = False

    def follow(self, on_event: Callable[[Event], None], on_stop: Callable[[], None]) -> Finished:
        """Start the training and return its result.

        Args:
            on_event: Told what the training says.
            on_stop: Told when the user asks it to stop.

        Raises:
            TrainingError: It ended without a model.
            Interrupted: The user killed it.
        """
        last: Event | None = None
        with (self._run / STDERR_FILE).open("wb") as stderr, _on_interrupt(self._interrupt):
            process = self._process = self._start(stderr)
            with process:
                assert process.stdout is not None
                for line in process.stdout:
                    self._say_once(on_stop)
                    event = decode(line)
                    if event is not None:
                        last = event
                        on_event(event)
        if isinstance(last, Finished):
            return last
        if isinstance(last, Failed):
            raise TrainingError(last.message, hint=self._where_more_is())
        raise self._failure(process.returncode)

    def _start(self, stderr: Any) -> subprocess.Popen[bytes]:
        # A group of its own: Ctrl+C in a terminal goes to all processes of a group, and would end it at once.
        windows: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=_environment(online=self._online),
                start_new_session=sys.platform != "win32",
                creationflags=windows,
            )
        except OSError as error:
            raise TrainingError(str(Outcome("The training", not_started=error.strerror or str(error)))) from error

    def _interrupt(self) -> None:
        if self._asked:
            if self._process is not None:
                self._process.kill()
            raise Interrupted
        self._asked = True
        (self._run / STOP_FILE).touch()

    def _say_once(self, on_stop: Callable[[], None]) -> None:
        # Not from the signal's handler, which may come in the middle of a write to the terminal.
        if self._asked and not self._told:
            self._told = True
            on_stop()

    def _failure(self, code: int) -> TrainingError:
        stderr = (self._run / STDERR_FILE).read_bytes()[-_STDERR_TAIL:].decode("utf-8", "replace")
        by_signal = -code if code < 0 else None
        outcome = Outcome("The training", None if by_signal else code, by_signal, stderr=stderr)
        return TrainingError(str(outcome), hint=self._where_more_is())

    def _where_more_is(self) -> str:
        return f"More is in {self._run}."


@contextmanager
def _on_interrupt(do: Callable[[], None]) -> Iterator[None]:
    """Call `do` at Ctrl+C instead of raising KeyboardInterrupt, which could fall in the middle of a line."""
    before = signal.signal(signal.SIGINT, lambda *_: do())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _environment(*, online: bool) -> dict[str, str]:
    """This program's environment; both packages can be imported, and nothing is looked up on the network unasked."""
    search = [str(paths.import_root()), os.environ.get("PYTHONPATH", "")]
    environment = {"PYTHONUTF8": "1", "NO_ALBUMENTATIONS_UPDATE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    if not online:
        environment |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    return os.environ | environment | {"PYTHONPATH": os.pathsep.join(filter(None, search))}
