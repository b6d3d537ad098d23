"""The training as the window sees it: a process of its own, followed through its folder, and a checked bundle."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import Bundle, load_bundle
from scratchgui.core.protocol import Failed, Finished, Note, Paused, Progress, Stage, Started, Validated
from scratchgui.workers.watched_run import WatchedRun, start_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scratchgui.core.protocol import Event
    from scratchgui.workers.task import TaskRunner

_log = logging.getLogger(__name__)

_LOOK_MS = 100
# What a training said before the window came is shown piece by piece and without most of its steps, so that the window
# stays quick: to show a step takes half a millisecond, and an hour has 14,000.
_EVENTS_A_LOOK = 500
_STEPS_A_LOOK = 20
_SILENCE_MS = 120_000
# A process that waits for something that never comes computes less in that time (s).
_IDLE_SECONDS = 2.0


class TrainingService(QObject):
    """Starts and follows trainings, one at a time. The training writes the files; this only reads them.

    Signals:
        started(Started), progress(Progress), validated(Validated), stage(Stage), noted(Note): As the training says.
        paused(bool): It waits, or goes on.
        finished(Finished): It has ended and its bundle was checked against its hashes.
        failed(str, str): It ended without a usable model: a sentence and details.
        running_changed(bool): A training began or ended.

    Attributes:
        last_run: Folder of the training that is, or was last, followed.
    """

    started = Signal(object)
    progress = Signal(object)
    validated = Signal(object)
    stage = Signal(object)
    noted = Signal(object)
    paused = Signal(bool)
    finished = Signal(object)
    failed = Signal(str, str)
    running_changed = Signal(bool)

    def __init__(
        self,
        runner: TaskRunner,
        *,
        command: Sequence[str] | None = None,
        silence_ms: int = _SILENCE_MS,
        parent: QObject | None = None,
    ) -> None:
        """Prepare.

        Args:
            runner: Checks bundles.
            command: Program and first arguments of the training; None for the real one.
            silence_ms: After `stop`, a training that neither says nor computes anything for so long is killed (ms).
            parent: The owner.
        """
        super().__init__(parent)
        self._runner = runner
        self._command = command
        self.last_run: Path | None = None
        self._run: WatchedRun | None = None
        self._look_timer = QTimer(self, interval=_LOOK_MS)
        self._look_timer.timeout.connect(self._look)
        self._silence = QTimer(self, singleShot=True, interval=silence_ms)
        self._silence.timeout.connect(self._on_silence)
        self._computed: float | None = None
        self._signals: dict[type[Event], Callable[[Event], object]] = {
            Started: self.started.emit,
            Progress: self.progress.emit,
            Validated: self.validated.emit,
            Stage: self.stage.emit,
            Note: self.noted.emit,
        }

    @property
    def is_running(self) -> bool:
        """Tell whether a training runs, or its bundle is being checked."""
        return self._run is not None

    @property
    def run(self) -> WatchedRun | None:
        """The training that runs."""
        return self._run

    def start(self, run_folder: Path) -> None:
        """Start a training on a run folder that holds config.json and manifest.json; one that was cut off goes on.

        Raises:
            TrainingError: One is running already, or it cannot be started.
        """
        _refuse_two(self._run)
        self._follow(start_run(run_folder, self._command))

    def attach(self, run_folder: Path) -> None:
        """Follow a training that was started before; if it has ended, its end is told.

        Raises:
            TrainingError: One is followed already.
        """
        _refuse_two(self._run)
        self._follow(WatchedRun(run_folder))

    def stop(self) -> None:
        """Ask the training to stop and to keep the best model so far."""
        if self._run is None:
            return
        self._computed = self._run.cpu_seconds
        self._silence.start()
        try:
            self._run.folder.ask_to_stop()
        except OSError as error:
            _log.warning("Cannot write %s (%s), ending the process", self._run.folder.path, error)
            self._run.kill()

    def close(self, *, keep: bool = False) -> None:
        """Say nothing any more; end the training and return when its process is gone, or leave it alone.

        Args:
            keep: Leave it alone; whether it goes on then is said in its folder.
        """
        self.blockSignals(True)
        self._look_timer.stop()
        self._silence.stop()
        run, self._run = self._run, None
        if run is not None and (keep or not run.is_ours):
            run.let_go()
        elif run is not None:
            run.kill()

    def _follow(self, run: WatchedRun) -> None:
        self._run, self.last_run = run, run.folder.path
        self.running_changed.emit(True)
        self._look_timer.start()

    @Slot()
    def _look(self) -> None:
        run = self._run
        assert run is not None
        was_alive = run.is_alive  # asked before reading: what it said at its end is read then
        events = run.read(_EVENTS_A_LOOK)
        if events and self._silence.isActive():
            self._silence.start()
        for event in _with_fewer_steps(events):
            if isinstance(event, Paused):
                self.paused.emit(event.paused)
            elif type(event) in self._signals:
                self._signals[type(event)](event)
        if not was_alive and not events:
            self._look_timer.stop()
            self._on_end(run)

    @Slot()
    def _on_silence(self) -> None:
        if self._run is None:
            return
        before, self._computed = self._computed, self._run.cpu_seconds
        if before is None or self._computed is None or self._computed - before < _IDLE_SECONDS:
            self._run.kill()
        else:
            self._silence.start()

    def _on_end(self, run: WatchedRun) -> None:
        self._silence.stop()
        outcome = run.outcome
        _log.info("%s", outcome)
        if isinstance(run.end, Finished):
            # Complete on disk even when the process fell over afterwards; the hashes tell.
            self._runner.run(
                load_bundle,
                run.folder.bundle_of(run.end),
                on_result=self._on_bundle,
                on_error=self._on_bad_bundle,
                owner=self,
            )
        elif isinstance(run.end, Failed):
            self._fail(run.end.message, run.end.details or outcome.stderr)
        else:
            self._fail(f"{outcome} The model in use stays.", outcome.stderr)

    def _on_bundle(self, _: Bundle) -> None:
        assert self._run is not None
        result = self._run.end
        self._end()
        self.finished.emit(result)

    def _on_bad_bundle(self, error: BaseException) -> None:
        self._fail(f"The training ended, but its model cannot be used: {error}", "")

    def _fail(self, message: str, details: str) -> None:
        self._end()
        self.failed.emit(message, details)

    def _end(self) -> None:
        self._run = None
        self.running_changed.emit(False)


def _with_fewer_steps(events: list[Event]) -> list[Event]:
    """Leave steps out where many come at once, evenly, and never the last one."""
    steps = [number for number, event in enumerate(events) if isinstance(event, Progress)]
    shown = set(steps[:: -max(1, len(steps) // _STEPS_A_LOOK)])
    return [event for number, event in enumerate(events) if number in shown or not isinstance(event, Progress)]


def _refuse_two(run: WatchedRun | None) -> None:
    if run is not None:
        raise TrainingError("A training is running already", hint="Stop it first, or wait for its result.")
