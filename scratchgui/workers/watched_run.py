"""A training followed through its folder, whoever started it. No Qt: the command line follows it too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from scratchgui import paths
from scratchgui.core.errors import TrainingError
from scratchgui.core.manifest import CONFIG_FILE
from scratchgui.core.protocol import Failed, Finished
from scratchgui.core.run_folder import STDERR_FILE, Follower, RunFolder
from scratchgui.core.run_process import AlreadyRunningError, running, running_among
from scratchgui.workers.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scratchgui.core.protocol import Event

_WHAT = "The training"
_STDERR_TAIL = 20_000
_KILL_SECONDS = 3.0
_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
    "NO_ALBUMENTATIONS_UPDATE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


class WatchedRun:
    """A training that this program started, or that it found.

    Attributes:
        folder: Its folder.
        end: How it ended; None as long as it says nothing of an end.
    """

    def __init__(self, run: Path, process: subprocess.Popen[bytes] | None = None) -> None:
        self.folder = RunFolder(run)
        self.end: Finished | Failed | None = None
        self._process = process
        self._follower = Follower(run)
        self._killed = False

    @property
    def is_alive(self) -> bool:
        """Tell whether its process runs."""
        if self._process is not None:
            return self._process.poll() is None
        return running(self.folder.path) is not None

    @property
    def is_ours(self) -> bool:
        """Tell whether it runs and nobody but this program is there to look after it."""
        if self._process is not None:
            return self.is_alive
        found = running(self.folder.path)
        return found is not None and found.is_here and not (found.parent and found.parent.is_alive)

    @property
    def cpu_seconds(self) -> float | None:
        """Time it has computed (s); None where that is not known."""
        found = running(self.folder.path)
        return found.process.cpu_seconds if found is not None and found.is_here else None

    def read(self, most: int | None = None) -> list[Event]:
        """Return the events since the last call, at most so many."""
        events = self._follower.read(most)
        if events:
            last = events[-1]
            self.end = last if isinstance(last, Finished | Failed) else None
        return events

    def kill(self) -> None:
        """End it at once, and return when it is gone."""
        self._killed = True
        if self._process is not None:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_KILL_SECONDS)
            return
        found = running(self.folder.path)
        if found is not None and found.is_here:
            found.process.kill(_KILL_SECONDS)

    def let_go(self) -> None:
        """Leave the process alone, also when this program ends."""
        if self._process is not None and self._process.poll() is None:
            # Python complains of a process that nobody waits for; this one is to be left.
            self._process.returncode = 0

    def wait(self, seconds: float) -> None:
        """Return when the process of a training that this program started is gone, or after a time."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    @property
    def outcome(self) -> Outcome:
        """How its process ended, in a sentence."""
        code = self._process.poll() if self._process is not None else None
        number = -code if code is not None and code < 0 else None
        exit_code = None if number is not None else code
        return Outcome(_WHAT, exit_code, number, killed=self._killed, stderr=self._stderr())

    def _stderr(self) -> str:
        with suppress(OSError), (self.folder.path / STDERR_FILE).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _STDERR_TAIL))
            return log.read().decode("utf-8", "replace")
        return ""


def start_run(run: Path, command: Sequence[str] | None = None) -> WatchedRun:
    """Start a training, anew or from where it was cut off.

    The process is in a group of its own, so that Ctrl+C in a terminal does not reach it, and ends with this one unless
    the folder says otherwise.

    Args:
        run: Its folder, with config.json and manifest.json.
        command: Program and first arguments; None for the training's.

    Raises:
        AlreadyRunningError: Another training runs beside it.
        TrainingError: It cannot be started.
    """
    if running_among(run.parent):
        raise AlreadyRunningError("A training is running already: wait for its result, or stop it.")
    arguments = [*(command or paths.training_command()), "--run", str(run), "--parent", str(os.getpid())]
    try:
        RunFolder(run).forget_requests()
        with (run / STDERR_FILE).open("ab") as log:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(run),
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
                | getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
    except OSError as error:
        raise TrainingError(str(Outcome(_WHAT, not_started=error.strerror or str(error)))) from error
    return WatchedRun(run, process)


def _environment(run: Path) -> dict[str, str]:
    """This program's environment; both packages can be imported, and nothing is looked up on the network unasked."""
    offline = {} if _asks_for_the_network(run) else _OFFLINE
    return paths.training_environment() | _ENVIRONMENT | offline


def _asks_for_the_network(run: Path) -> bool:
    """Tell whether the user chose weights that are fetched from a hub."""
    with suppress(OSError, ValueError, AttributeError):
        return bool(json.loads((run / CONFIG_FILE).read_bytes()).get("encoder_weights") == "imagenet")
    return False
