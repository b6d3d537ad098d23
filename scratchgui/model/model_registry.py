"""The models a project can use: the starter model and the project's own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import Bundle, ModelCard, load_bundle, load_card
from scratchgui.core.model_use import STARTER, previous_of, put_to_use

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.project import Project

_VERSION = re.compile(r"· v(\d{1,6})$")
"""The number at the end of the names that models are given."""


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
        """Return the number for the name of the next model, higher than those there are; the starter model has 1."""
        highest = 1
        if self._project is not None and self._project.models_folder.is_dir():
            for folder in self._project.models_folder.iterdir():
                with contextlib.suppress(BundleError):
                    found = _VERSION.search(load_card(folder).name)
                    highest = max(highest, int(found[1]) if found else 1)
        return highest + 1

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
        put_to_use(self._project, self._starter, model_id)
        self.active_changed.emit()

    def go_back(self) -> None:
        """Use the previous model again; a second call undoes the first.

        Raises:
            BundleError: There is no previous model, or it is damaged.
        """
        assert self._project is not None
        self.activate(previous_of(self._project))

    def fall_back(self) -> None:
        """Use the starter model because the one in use cannot be opened; nothing is deleted."""
        assert self._project is not None
        self._project.file.active_model = None
        self._project.save()
        self.active_changed.emit()


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
