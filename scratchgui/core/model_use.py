"""Which of its models a project uses: putting another one to use, going back, deleting one that is not used."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import load_card
from scratchgui.core.model_shelf import put_away
from scratchgui.core.project import Project

if TYPE_CHECKING:
    from pathlib import Path

STARTER = "starter"
"""Stands for the starter model where an id is expected; no id of a trained model equals it."""


def folder_of(project: Project, starter: Path, model_id: str | None) -> Path:
    """Return the bundle folder of a model; None stands for the starter model."""
    return starter if model_id is None or model_id == STARTER else project.models_folder / model_id


def put_to_use(project: Project, starter: Path, model_id: str | None) -> None:
    """Use another model from now on; the one in use becomes the previous one.

    Only its card is looked at: hashing the whole bundle takes too long for the window's thread, and whoever opens the
    model does it.

    Args:
        project: The project.
        starter: Bundle of the starter model.
        model_id: Id of a model of the project; None for the starter model.

    Raises:
        BundleError: The model is missing or its card is damaged; the one in use stays.
        ProjectError: The project cannot be saved; the one in use stays.
    """
    load_card(folder_of(project, starter, model_id))
    file = project.file
    before = (file.active_model, file.previous_model)
    file.active_model, file.previous_model = model_id, file.active_model or STARTER
    try:
        project.save()
    except Exception:
        file.active_model, file.previous_model = before
        raise


def previous_of(project: Project) -> str | None:
    """Return the id of the model used before; None for the starter model.

    Raises:
        BundleError: There was no other model.
    """
    previous = project.file.previous_model
    if previous is None:
        raise BundleError("There is no earlier model to go back to")
    return None if previous == STARTER else previous


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


def delete_model(project: Project, starter: Path, folder: Path) -> Path:
    """Put a model away and remove what it predicted; return where it is, to be brought back.

    Raises:
        BundleError: It is in use, the previous one or the starter model, here or in another window; or not there.
    """
    if folder == starter or folder.name in ids_in_use(project, starter):
        raise BundleError("A model in use, and the one before it, cannot be deleted", path=folder)
    place = put_away(folder)
    shutil.rmtree(project.predictions_folder / folder.name, ignore_errors=True)
    return place
