"""The training as the window sees it: one child process, its events, and a checked bundle at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from scratchgui import paths
from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import Bundle, load_bundle
from scratchgui.core.protocol import STOP_FILE, Event, Failed, Finished, Progress, Stage, Started, Validated
from scratchgui.workers.job_process import JobProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.workers.outcome import Outcome
    from scratchgui.workers.task import TaskRunner

_WHAT = "The training"


class TrainingService(QObject):
    """Starts trainings, one at a time. The child writes the files; this only reads what it says.

    Signals:
        started(Started), progress(Progress), validated(Validated), stage(Stage): As the child reports them.
        finished(Finished): The process has ended and its bundle was checked against its hashes.
        failed(str, str): It ended without a usable model: a sentence and details.
        running_changed(bool): A training began or ended.
    """

    started = Signal(object)
    progress = Signal(object)
    validated = Signal(object)
    stage = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str)
    running_changed = Signal(bool)

    def __init__(
        self, runner: TaskRunner, *, command: Sequence[str] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._command = list(command) if command is not None else paths.training_command()
        self._process: JobProcess | None = None
        self._last: Finished | Failed | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether a training runs, or its bundle is being checked."""
        return self._process is not None

    def start(self, run_folder: Path) -> None:
        """Start a training on a run folder that holds config.json and manifest.json.

        Raises:
            TrainingError: One is running already.
        """
        if self.is_running:
            raise TrainingError("A training is running already", hint="Stop it first, or wait for its result.")
        self._last = None
        process = JobProcess(
            [*self._command, "--run", str(run_folder)], what=_WHAT, stop_file=run_folder / STOP_FILE, parent=self
        )
        process.reported.connect(self._on_event)
        process.finished.connect(self._on_finished)
        self._process = process
        self.running_changed.emit(True)
        process.start()

    def stop(self) -> None:
        """Ask the training to stop and to keep the best model so far."""
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        """End the training at once, silently, and return when its process is gone."""
        self.blockSignals(True)
        if self._process is not None:
            self._process.kill_and_wait()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, Started):
            self.started.emit(event)
        elif isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, Validated):
            self.validated.emit(event)
        elif isinstance(event, Stage):
            self.stage.emit(event)
        elif isinstance(event, Finished | Failed):
            self._last = event

    @Slot(object)
    def _on_finished(self, outcome: Outcome) -> None:
        last = self._last
        if isinstance(last, Finished):
            # Complete on disk even when the process fell over afterwards; the hashes tell.
            self._runner.run(load_bundle, Path(last.bundle), on_result=self._on_bundle, on_error=self._on_bad_bundle)
        elif isinstance(last, Failed):
            self._fail(last.message, last.details or outcome.stderr)
        else:
            self._fail(f"{outcome} The model in use stays.", outcome.stderr)

    def _on_bundle(self, bundle: Bundle) -> None:
        self._end()
        self.finished.emit(self._last)

    def _on_bad_bundle(self, error: BaseException) -> None:
        self._fail(f"The training ended, but its model cannot be used: {error}", "")

    def _fail(self, message: str, details: str) -> None:
        self._end()
        self.failed.emit(message, details)

    def _end(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self.running_changed.emit(False)
