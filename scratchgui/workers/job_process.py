"""A child process that reports in JSON lines: wrapped once, with every way it can end."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from scratchgui import paths
from scratchgui.core.protocol import decode
from scratchgui.workers.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)

_STDERR_LINES = 200
_STDERR_LINE_CHARACTERS = 2000
_SILENCE_MS = 120_000
_KILL_WAIT_MS = 3000
_NICENESS = 10
_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
    "NO_ALBUMENTATIONS_UPDATE": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
}


class JobProcess(QObject):
    """Owns one child process.

    The child runs at lower priority, so that the window stays quick. Its stdin stays open as long as this program
    lives: a child that reads the end of it knows that its parent is gone.

    Signals:
        started(): The process runs.
        reported(object): The child reported an event of `core.protocol`.
        finished(Outcome): It ended or could not be started; sent once, after the last event.
    """

    started = Signal()
    reported = Signal(object)
    finished = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        *,
        what: str,
        stop_file: Path | None = None,
        silence_ms: int = _SILENCE_MS,
        parent: QObject | None = None,
    ) -> None:
        """Prepare a process.

        Args:
            command: Program and arguments.
            what: What it is, at the start of a sentence: "The training".
            stop_file: File whose being there asks the child to stop.
            silence_ms: After `stop`, the child is killed when it reports nothing for so long (ms).
            parent: The owner.
        """
        super().__init__(parent)
        self._command = list(command)
        self._what = what
        self._stop_file = stop_file
        self._rest = b""
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._killed = False
        self._done = False
        self._silence = QTimer(self, singleShot=True, interval=silence_ms)
        self._silence.timeout.connect(self.kill)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._connect()

    def _connect(self) -> None:
        self._process.started.connect(self._on_started)
        self._process.readyReadStandardOutput.connect(self._read_stdout)
        self._process.readyReadStandardError.connect(self._read_stderr)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.kill_and_wait)

    @property
    def is_running(self) -> bool:
        """Tell whether the process is starting or running."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Start the process."""
        _log.info("Starting %s", self._command)
        self._process.start(self._command[0], self._command[1:])

    def stop(self) -> None:
        """Ask the child to stop; kill it when it stays silent.

        A STOP file because `QProcess.terminate()` does not reach console programs on Windows.
        """
        if not self.is_running:
            return
        self._silence.start()
        if self._stop_file is None:
            self._process.terminate()
            return
        try:
            self._stop_file.touch()
        except OSError as error:
            _log.warning("Cannot write %s (%s), killing the process", self._stop_file, error)
            self.kill()

    @Slot()
    def kill(self) -> None:
        """End the process at once; `finished` follows."""
        if self.is_running:
            self._killed = True
            self._process.kill()

    @Slot()
    def kill_and_wait(self) -> None:
        """End the process and return when it is gone: for a window that closes."""
        self.kill()
        if self.is_running:
            self._process.waitForFinished(_KILL_WAIT_MS)

    @Slot()
    def _on_started(self) -> None:
        _lower_priority(self._process.processId())
        self.started.emit()

    @Slot()
    def _read_stdout(self) -> None:
        *lines, self._rest = (self._rest + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            self._take_line(line)

    def _take_line(self, line: bytes) -> None:
        event = decode(line)
        if event is None:
            self._keep(line)
            return
        if self._silence.isActive():
            self._silence.start()
        self.reported.emit(event)

    @Slot()
    def _read_stderr(self) -> None:
        for line in bytes(self._process.readAllStandardError().data()).splitlines():
            self._keep(line)

    def _keep(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            _log.debug("%s: %s", self._what, text)
            self._stderr.append(text[:_STDERR_LINE_CHARACTERS])

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._finish(Outcome(self._what, not_started=self._process.errorString()))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_stdout()
        self._read_stderr()
        if self._rest:
            self._take_line(self._rest)
            self._rest = b""
        stderr = "\n".join(self._stderr)
        crashed = status is QProcess.ExitStatus.CrashExit
        # On Unix, Qt hands out the number of the signal as the exit code of a crash.
        number = code if crashed and sys.platform != "win32" else None
        exit_code = None if number is not None else code
        self._finish(Outcome(self._what, exit_code, number, killed=self._killed, stderr=stderr))

    def _finish(self, outcome: Outcome) -> None:
        if self._done:
            return
        self._done = True
        self._silence.stop()
        _log.info("%s", outcome)
        self.finished.emit(outcome)


def _environment() -> QProcessEnvironment:
    """This program's environment; both packages can be imported, nothing is looked up on the network."""
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in _ENVIRONMENT.items():
        environment.insert(name, value)
    search = [str(paths.import_root()), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, search)))
    return environment


def _lower_priority(pid: int) -> None:
    if hasattr(os, "setpriority"):
        # The process may have ended already.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, _NICENESS)
