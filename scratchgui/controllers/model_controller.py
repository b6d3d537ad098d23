"""The models of a project: using another one, going back, renaming, deleting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import UserError
from scratchgui.core.learning_record import out_of_sample
from scratchgui.core.model_card import load_bundle
from scratchgui.core.model_shelf import bring_back, models_of, rename_model
from scratchgui.core.model_use import delete_model, ids_in_use

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scratchgui.controllers.context import Context
    from scratchgui.core.learning_record import OutOfSample
    from scratchgui.core.model_card import Bundle
    from scratchgui.core.model_shelf import ShelvedModel
    from scratchgui.core.project import Project

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models, and how well each image was marked before it was corrected.

    Attributes:
        models: The oldest first.
        active: Id of the model in use.
        kept: Ids of the models that cannot be deleted: the one in use and the one before.
        can_go_back: Whether there is a model to go back to.
        reviewed: In the order of reviewing.
    """

    models: list[ShelvedModel]
    active: str
    kept: frozenset[str]
    can_go_back: bool
    reviewed: list[OutOfSample]


class ModelController(QObject):
    """Does what the inspector wants with models; files are read and written in the background.

    Signals:
        listed(Shelf): The models were read.
    """

    listed = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def list_models(self) -> None:
        """Read the models; `listed` tells."""
        project = self._context.session.project
        if project is not None:
            starter, active = self._context.registry.folder_of(None), self._context.registry.active_folder
            self._run(_read_shelf, project, starter, active, on_result=partial(self._tell, project))

    def use(self, model_id: str | None) -> None:
        """Use another model, once it is known to be undamaged; None stands for the starter model."""
        registry = self._context.registry
        self._check(registry.folder_of(model_id), lambda: registry.activate(model_id))

    def go_back(self) -> None:
        """Use the previous model again, once it is known to be undamaged."""
        registry = self._context.registry
        self._check(registry.previous_folder, registry.go_back)

    def rename(self, model_id: str, name: str) -> None:
        """Give a model another name."""
        folder = self._context.registry.folder_of(model_id)
        self._run(rename_model, folder, name, on_result=lambda _: self._on_renamed(folder))

    def delete(self, model_id: str) -> None:
        """Delete a model that is neither in use nor the previous one; the notice brings it back."""
        project, registry = self._context.session.project, self._context.registry
        if project is not None:
            name = registry.name_of(model_id)
            where = registry.folder_of(None), registry.folder_of(model_id)
            self._run(delete_model, project, *where, on_result=partial(self._on_deleted, name))

    def _on_renamed(self, folder: Path) -> None:
        registry = self._context.registry
        if folder in (registry.active_folder, registry.previous_folder):
            registry.active_changed.emit()
        self.list_models()

    def _on_deleted(self, name: str, place: Path) -> None:
        self.list_models()
        self._context.notices.info(f"{name} is deleted.", action_text="Undo", action=partial(self._bring_back, place))

    def _bring_back(self, place: Path) -> None:
        self._run(bring_back, place, on_result=lambda _: self.list_models())

    def _check(self, folder: Path, use: Callable[[], None]) -> None:
        """Call `use` once the bundle is known to be undamaged, if nothing else was put to use meanwhile."""
        project, active = self._context.session.project, self._context.registry.active_folder
        before = (project, active)
        self._run(load_bundle, folder, on_result=partial(self._on_checked, before, use))

    def _on_checked(self, before: tuple[Project | None, Path], use: Callable[[], None], _: Bundle) -> None:
        if before != (self._context.session.project, self._context.registry.active_folder):
            return
        try:
            use()
        except UserError as error:
            self._context.notices.report(error)

    def _tell(self, project: Project, shelf: Shelf) -> None:
        if project is self._context.session.project:
            self.listed.emit(shelf)

    def _run(self, function: Callable[..., T], *args: object, on_result: Callable[[T], object]) -> None:
        notices = self._context.notices
        self._context.runner.run(function, *args, on_result=on_result, on_error=notices.report, owner=self)


def _read_shelf(project: Project, starter: Path, active: Path) -> Shelf:
    models = models_of(project, starter)
    used = next(
        (m.card.id for m in models if (starter if m.is_starter else project.models_folder / m.card.id) == active), ""
    )
    kept, can_go_back = frozenset(ids_in_use(project, starter)), project.file.previous_model is not None
    return Shelf(models, used, kept, can_go_back, out_of_sample(project))
