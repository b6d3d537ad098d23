"""What becomes of a finished training: its model is put to use if it is better, and old trainings make room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import UserError
from scratchgui.core.files import read_json
from scratchgui.core.manifest import CONFIG_FILE
from scratchgui.core.run_folder import RunFolder, make_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.controllers.context import Context
    from scratchgui.core.model_card import Bundle
    from scratchgui.core.project import Project
    from scratchgui.core.protocol import Finished
    from scratchgui.model.model_registry import ModelRegistry

_COMPARED_WITH_ANOTHER = (
    "The new model is kept, but not in use: meanwhile another model was put to use than the one it was compared with."
)


@dataclass(frozen=True, slots=True)
class _Adopted:
    bundle: Bundle
    champion: str | None


def _adopt(registry: ModelRegistry, run: Path, result: Finished) -> _Adopted:
    """Move the bundle to the project's models; return it with the name of the model it was compared with."""
    champion = read_json(run / CONFIG_FILE).get("champion")
    bundle = registry.adopt(RunFolder(run).bundle_of(result))
    return _Adopted(bundle, Path(champion).name if champion else None)


class TrainingResults(QObject):
    """Judges finished trainings; what was judged is in the project's file together with the model in use.

    A program that ends in the middle leaves the model that was in use, and judges again at the next opening.

    Signals:
        judged(Finished): The new model is in use if it is better.
        failed(str): It could not be put to use; the sentence says why.
    """

    judged = Signal(object)
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def judge(self, project: Project, run: Path, result: Finished) -> None:
        """Keep a finished training's model, and put it to use if it is better than the one in use."""
        self._context.runner.run(
            _adopt,
            self._context.registry,
            run,
            result,
            on_result=partial(self._on_adopted, project, run, result),
            on_error=self._on_error,
            owner=self,
        )

    def _on_adopted(self, project: Project, run: Path, result: Finished, adopted: _Adopted) -> None:
        registry = self._context.registry
        if project is not self._context.session.project:
            return  # judged when that project is opened again
        if not result.better:
            self._close(project, run, result, project.save)
            return
        if adopted.champion not in (None, registry.active_folder.name):
            self._context.notices.warning(_COMPARED_WITH_ANOTHER)
            self._close(project, run, result, project.save)
            return
        self._close(project, run, result, partial(registry.activate, adopted.bundle.card.id))

    def _close(self, project: Project, run: Path, result: Finished, save: Callable[[], None]) -> None:
        before = project.file.last_training
        project.file.last_training = RunFolder(run).began or before
        try:
            save()
        except UserError as error:
            project.file.last_training = before
            self._on_error(error)
            return
        self.judged.emit(result)
        self._context.runner.run(make_room, project.runs_folder, run, on_error=self._context.notices.report)

    def _on_error(self, error: BaseException) -> None:
        self._context.notices.report(error)
        self.failed.emit("The new model could not be put to use. The model in use stays.")
