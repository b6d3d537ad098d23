"""A project's last training, found when the project is opened: it still runs, has ended, or was cut off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import UserError
from scratchgui.core.protocol import Finished
from scratchgui.core.run_folder import EVENTS_FILE, RunFolder
from scratchgui.core.run_process import running

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from scratchgui.controllers.context import Context
    from scratchgui.core.project import Project
    from scratchgui.workers.training_service import TrainingService

State = Literal["running", "finished", "cut off"]
GO_ON = "Go on with the training"


def find_training(runs: Path, judged: datetime | None) -> tuple[Path, State] | None:
    """Return the newest training of a project if there is something to do about it.

    Args:
        runs: Folder of the project's trainings.
        judged: When the training began whose result was judged last.
    """
    folders = sorted(path.parent for path in runs.glob(f"*/{EVENTS_FILE}"))
    if not folders:
        return None
    newest = folders[-1]
    folder = RunFolder(newest)
    if running(newest):
        return newest, "running"
    if isinstance(end := folder.end(), Finished):
        is_new = folder.began is not None and (judged is None or folder.began > judged)
        return (newest, "finished") if is_new and folder.bundle_of(end).is_dir() else None
    return (newest, "cut off") if folder.has_checkpoint else None


class FormerTraining(QObject):
    """Goes on with what a project's last training has left.

    Signals:
        began(): A training is followed that was started before, or started again.
        refused(str): It cannot be started again; the sentence says why.
    """

    began = Signal()
    refused = Signal(str)

    def __init__(self, context: Context, service: TrainingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._service = service
        context.session.project_changed.connect(self.look)
        service.failed.connect(self._on_failed)

    def look(self) -> None:
        """Look for a training of the open project."""
        project = self._context.session.project
        if project is None:
            return
        self._context.runner.run(
            find_training,
            project.runs_folder,
            project.file.last_training,
            on_result=partial(self._on_found, project),
            on_error=self._context.notices.report,
            owner=self,
        )

    def _on_found(self, project: Project, found: tuple[Path, State] | None) -> None:
        if found is None or project is not self._context.session.project or self._service.is_running:
            return
        run, state = found
        if state == "cut off":
            self._offer(run, "The last training was cut off.")
            return
        if state == "finished":
            self._context.notices.info("A training of this project has ended meanwhile.")
        self.began.emit()
        self._service.attach(run)

    def _on_failed(self) -> None:
        run, project = self._service.last_run, self._context.session.project
        if run is None or project is None or run.parent != project.runs_folder:
            return
        if RunFolder(run).has_checkpoint:
            self._offer(run, "What the training has learned so far is saved.")

    def _offer(self, run: Path, text: str) -> None:
        self._context.notices.error(text, action_text=GO_ON, action=partial(self.go_on, run))

    def go_on(self, run: Path) -> None:
        """Start a training again that was cut off, from its last saved state."""
        project = self._context.session.project
        if project is None or run.parent != project.runs_folder or self._service.is_running:
            return  # another project was opened, or another training started meanwhile
        self.began.emit()
        try:
            self._service.start(run)
        except UserError as error:
            self.refused.emit(str(error))
