"""Retraining: from the button to the better model in use, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scratchgui.controllers.former_training import FormerTraining
from scratchgui.controllers.training_results import TrainingResults
from scratchgui.core.augmentation import Augmentation
from scratchgui.core.errors import UserError
from scratchgui.core.manifest import approved_since, manifest_from_project, new_run_folder, write_run
from scratchgui.core.run_process import AlreadyRunningError, running_among

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.controllers.context import Context
    from scratchgui.core.project import Project
    from scratchgui.core.protocol import Finished
    from scratchgui.settings import Settings
    from scratchgui.workers.training_service import TrainingService

_COUNT_DELAY_MS = 200
# Fine-tuning on few images, with a decaying rate: fast from a model that has never seen such a surface, slower from one
# of this project, which a fast rate makes forget what it learned. Measured in docs/learning.md.
FINE_TUNING_RATE = 1e-3
REFINING_RATE = 3e-4
FINE_TUNING_BATCH = 8
# "Until it stops improving": examinations without a better one, and the longest time (min).
_PATIENCE = 8
_LONGEST_MINUTES = 120.0


@dataclass(frozen=True, slots=True)
class ReviewedCount:
    """Approved images: since the last training, and in all."""

    new: int
    total: int


def _budget(settings: Settings) -> dict[str, object]:
    """Return how long a training may take, as its config.json says it."""
    if settings.training_until_best:
        return {"minutes": _LONGEST_MINUTES, "patience": _PATIENCE}
    return {"minutes": settings.training_minutes}


def rate_from(project: Project, parent: Path) -> float:
    """Return the highest learning rate of a training that starts from a model, given by its bundle."""
    return REFINING_RATE if parent.is_relative_to(project.models_folder) else FINE_TUNING_RATE


def prepare_run(project: Project, settings: dict[str, object], *, learn_from_unapproved: bool = True) -> Path:
    """Write a run folder for what was reviewed in the project.

    Args:
        project: The project.
        settings: Of the training, as its config.json says them.
        learn_from_unapproved: As in `manifest_from_project`.

    Raises:
        TrainingError: There is too little to learn from, one runs already, or the folder cannot be written.
    """
    if running_among(project.runs_folder):
        raise AlreadyRunningError("A training of this project is running already, in another window or program.")
    manifest = manifest_from_project(project, learn_from_unapproved=learn_from_unapproved)
    run = new_run_folder(project)
    write_run(run, manifest, settings)
    return run


class TrainingController(QObject):
    """Starts and stops trainings, and swaps the model in when it is better.

    Signals:
        counted(ReviewedCount): How many images there are to learn from.
        preparing(): A training is being prepared, or one that was started before was found.
        refused(str): It cannot start; the sentence says why.
        swapped(Finished): The training ended, and its model is in use if it is better.
    """

    counted = Signal(object)
    preparing = Signal()
    refused = Signal(str)
    swapped = Signal(object)

    def __init__(self, context: Context, service: TrainingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.service = service
        self.count = ReviewedCount(0, 0)
        self._preparing = False
        self.former = FormerTraining(context, service, self)
        self.former.began.connect(self.preparing)
        self.former.refused.connect(self.refused)
        self._results = TrainingResults(context, self)
        self._results.judged.connect(self._on_judged)
        self._results.failed.connect(self.refused)
        self._counting = QTimer(self, singleShot=True, interval=_COUNT_DELAY_MS)
        self._counting.timeout.connect(self._count)
        context.session.project_changed.connect(self.recount)
        service.finished.connect(self._on_finished)

    def recount(self) -> None:
        """Count the approved images again, soon."""
        self._counting.start()

    @property
    def is_running(self) -> bool:
        """Tell whether a training runs or is about to."""
        return self._preparing or self.service.is_running

    def retrain(self) -> None:
        """Train the model in use on the approved images."""
        project = self._context.session.project
        if project is None or self.is_running:
            return
        self._preparing = True
        self.preparing.emit()
        prepare = partial(prepare_run, learn_from_unapproved=self._context.settings.value.learn_from_unapproved)
        self._context.runner.run(
            prepare, project, self._settings(project), on_result=self._start, on_error=self._on_refused
        )

    def stop(self) -> None:
        """Ask the training to stop; its best model so far is kept."""
        self.service.stop()

    def pause(self, paused: bool) -> None:
        """Let the training wait, or go on; what it says shows when it does."""
        run = self.service.run
        if run is None:
            return
        try:
            (run.folder.pause if paused else run.folder.resume)()
        except OSError as error:
            what = "paused" if paused else "resumed"
            self._context.notices.error(f"The training cannot be {what} ({error.strerror}).")
            self.service.paused.emit(not paused)

    def _settings(self, project: Project) -> dict[str, object]:
        registry = self._context.registry
        parent = str(registry.active_folder)
        return {
            **_budget(self._context.settings.value),
            "augmentation": Augmentation.of(self._context.settings.value.variation).model_dump(mode="json"),
            "lr": rate_from(project, registry.active_folder),
            "batch_size": FINE_TUNING_BATCH,
            "parent": parent,
            "champion": parent,
            "name": f"U-Net B0 · v{registry.next_version()}",
        }

    def _start(self, run: Path) -> None:
        self._preparing = False
        try:
            self.service.start(run)
        except UserError as error:
            self._on_refused(error)

    def _on_refused(self, error: BaseException) -> None:
        self._preparing = False
        if isinstance(error, UserError):
            self.refused.emit(str(error))
            if isinstance(error, AlreadyRunningError):
                self.former.look()
        else:
            self._context.notices.report(error)
            self.refused.emit("The training could not be prepared.")

    def _on_finished(self, result: Finished) -> None:
        project, run = self._context.session.project, self.service.last_run
        if run is None or project is None or run.parent != project.runs_folder:
            self._context.notices.info("A training has ended; its model waits until its project is opened again.")
            self.former.look()
            return
        self._results.judge(project, run, result)

    def _on_judged(self, result: Finished) -> None:
        self.swapped.emit(result)
        self.recount()

    def _count(self) -> None:
        project = self._context.session.project
        if project is None:
            self._on_counted(None, (0, 0))
            return
        self._context.runner.run(
            approved_since, project, project.file.last_training, on_result=partial(self._on_counted, project)
        )

    def _on_counted(self, project: Project | None, counts: tuple[int, int]) -> None:
        if project is self._context.session.project:
            self.count = ReviewedCount(*counts)
            self.counted.emit(self.count)
