"""Another place for a project whose images cannot have it beside them."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from scratchgui.core.errors import ProjectError
from scratchgui.core.files import atomic_write_json, is_writable_folder
from scratchgui.core.project import MOVED_FILE, PROJECT_FILE, PROJECT_FOLDER, Project
from scratchgui.core.project_places import short_name

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


def move_project(project: Project, place: Path) -> Project:
    """Move a project folder; its former place tells `Project.for_folder` where it went.

    All is copied before anything is removed: a copy that fails leaves the project where it was.

    Args:
        project: The project; nobody may be writing into it.
        place: The folder that is to hold the project's folder.

    Returns:
        The project at its new place.

    Raises:
        ProjectError: The place cannot be written, is inside the project, or holds the project's name already.
    """
    target = place / f"{short_name(project.images)}-{PROJECT_FOLDER}"
    if place.resolve().is_relative_to(project.folder.resolve()):
        raise ProjectError("A project cannot be moved into itself", path=place, hint="Choose another folder.")
    was_here = target.is_dir() and [path.name for path in target.iterdir()] == [MOVED_FILE]
    if target.exists() and not was_here:
        raise ProjectError("Something of this name is there already", path=target, hint="Choose another folder.")
    if not is_writable_folder(place):
        raise ProjectError("The folder cannot be written", path=place, hint="Choose another folder.")
    try:
        shutil.copytree(project.folder, target, dirs_exist_ok=True, ignore=lambda _, names: {MOVED_FILE} & set(names))
        moved = project.at(target)
        moved.save()
        atomic_write_json(project.folder / MOVED_FILE, {"project": str(target)})
    except (OSError, ProjectError) as error:
        if was_here:
            _remove_project(target)
        else:
            shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, ProjectError):
            raise
        why = error.strerror or "not every file could be read and written"  # copytree collects what failed
        raise ProjectError(f"The project cannot be copied ({why})", path=target) from error
    (target / MOVED_FILE).unlink(missing_ok=True)  # it was here before, and has come back
    _remove_project(project.folder)
    return moved


def _remove_project(folder: Path) -> None:
    """Remove all but what tells where the project is."""
    # The project's file first: without it the folder is no project any more, whatever else cannot be removed.
    for path in sorted(folder.iterdir(), key=lambda path: path.name != PROJECT_FILE):
        if path.name == MOVED_FILE:
            continue
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError as error:
            _log.warning("Left behind: %s (%s)", path, error)
