"""The models a project can use: the starter model and the project's own."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import Bundle, ModelCard, load_bundle, load_card
from scratchgui.core.project import Project

if TYPE_CHECKING:
    from pathlib import Path


class ModelRegistry(QObject):
    """Knows which model is in use, which one was before, and swaps them.

    Signals:
        active_changed(): Another model is in use, or another project.
    """

    active_changed = Signal()

    def __init__(self, starter: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._starter = starter
        self._project: Project | None = None

    def set_project(self, project: Project | None) -> None:
        """Use the models of a project; None for the starter model alone."""
        self._project = project
        self.active_changed.emit()

    def folder_of(self, model_id: str | None) -> Path:
        """Return the bundle folder of a model; None stands for the starter model."""
        if model_id is None or self._project is None:
            return self._starter
        return self._project.models_folder / model_id

    @property
    def active_folder(self) -> Path:
        """Bundle folder of the model in use."""
        return self.folder_of(self._project.file.active_model if self._project else None)

    def active_card(self) -> ModelCard:
        """Return the card of the model in use.

        Raises:
            BundleError: The bundle is missing or its card is damaged.
        """
        return load_card(self.active_folder)

    def previous_card(self) -> ModelCard | None:
        """Return the card of the model used before; None when there is none, or it is gone."""
        if self._project is None or self._project.file.previous_model is None:
            return None
        try:
            return load_card(self.previous_folder)
        except BundleError:
            return None

    @property
    def previous_folder(self) -> Path:
        """Bundle folder of the model used before; the starter model's where there was none."""
        previous = self._project.file.previous_model if self._project else None
        return self.folder_of(None if previous == STARTER else previous)

    def name_of(self, model_id: str) -> str:
        """Return what the user calls a model; its id where that is not known any more."""
        for folder in (self.folder_of(model_id), self._starter):
            with contextlib.suppress(BundleError):
                card = load_card(folder)
                if card.id == model_id:
                    return card.name
        return model_id

    def next_version(self) -> int:
        """Return the number for the name of the next model; the starter model is version 1."""
        if self._project is None or not self._project.models_folder.is_dir():
            return 2
        return 2 + sum(1 for path in self._project.models_folder.iterdir() if path.is_dir())

    def adopt(self, folder: Path) -> Bundle:
        """Move a finished bundle into the project's models, whole or not at all; one that is there already stays.

        Raises:
            BundleError: The bundle is damaged, or cannot be moved.
        """
        assert self._project is not None
        bundle = load_bundle(folder)
        target = self._project.models_folder / bundle.card.id
        if target.is_dir():  # it was moved before this program was cut off
            return load_bundle(target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _move_folder(folder, target)
        except OSError as error:
            raise BundleError(f"The new model cannot be kept ({error.strerror})", path=target) from error
        return Bundle(target, bundle.card)

    def activate(self, model_id: str | None) -> None:
        """Use another model from now on; the one in use becomes the previous one.

        Only its card is looked at: hashing the whole bundle takes too long for the window's thread, and whoever opens
        the model does it.

        Args:
            model_id: Id of a model of the project; None for the starter model.

        Raises:
            BundleError: The model is missing or its card is damaged; the one in use stays.
            ProjectError: The project cannot be saved; the one in use stays.
        """
        assert self._project is not None
        load_card(self.folder_of(model_id))
        file = self._project.file
        before = (file.active_model, file.previous_model)
        file.active_model, file.previous_model = model_id, file.active_model or STARTER
        try:
            self._project.save()
        except Exception:
            file.active_model, file.previous_model = before
            raise
        self.active_changed.emit()

    def go_back(self) -> None:
        """Use the previous model again; a second call undoes the first.

        Raises:
            BundleError: There is no previous model, or it is damaged.
        """
        previous = self._project.file.previous_model if self._project else None
        if previous is None:
            raise BundleError("There is no earlier model to go back to")
        self.activate(None if previous == STARTER else previous)

    def fall_back(self) -> None:
        """Use the starter model because the one in use cannot be opened; nothing is deleted."""
        assert self._project is not None
        self._project.file.active_model = None
        self._project.save()
        self.active_changed.emit()


STARTER = "starter"
"""Stands for the starter model where an id is expected; no id of a trained model equals it."""


def ids_in_use(project: Project, starter: Path) -> set[str]:
    """Return the ids of a project's model in use and previous one, as they are here and as another window saved them.

    Args:
        project: The project.
        starter: Bundle of the starter model.

    Raises:
        UserError: The project or the starter model cannot be read.
    """
    files = (project.file, Project.open(project.folder).file)
    found = {model_id for file in files for model_id in (file.active_model or STARTER, file.previous_model)}
    if STARTER in found:
        found.add(load_card(starter).id)
    return {model_id for model_id in found if model_id is not None}


def _move_folder(source: Path, target: Path) -> None:
    """Rename where both are on one file system; otherwise copy beside the target first, then rename."""
    try:
        os.replace(source, target)
    except OSError:
        copy = target.with_name(f".{target.name}.part")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy)
        os.replace(copy, target)
        shutil.rmtree(source, ignore_errors=True)
