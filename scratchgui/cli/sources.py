"""What the user points a command at: an image, a folder of images, a project."""

from __future__ import annotations

import os
from pathlib import Path

from scratchgui.core.errors import UserError
from scratchgui.core.images import is_image_name, is_unicode, scan_images
from scratchgui.core.project import PROJECT_FILE, PROJECT_FOLDER, Project


def find_images(source: Path, *, recursive: bool, skip: Path) -> tuple[Path, list[str]]:
    """Return the root folder, absolute, and the images' names below it; never empty.

    Args:
        source: An image, or a folder of images; a project that lies in it is left out.
        recursive: Look in subfolders too.
        skip: Folder to leave out: earlier results are no images to judge.

    Raises:
        UserError: There is nothing at `source`, or no image in it.
    """
    place = Path(os.path.abspath(source))
    if place.is_file():
        if not is_image_name(place.name) or not is_unicode(str(place)):
            raise UserError("This is no image that can be read", path=_printable(place))
        return place.parent, [place.name]
    if not place.is_dir():
        raise UserError("There is no such file or folder", path=_printable(place))
    project = place / PROJECT_FOLDER
    projects = [project] if (project / PROJECT_FILE).is_file() else []
    names = scan_images(place, recursive=recursive, skip=[Path(os.path.abspath(skip)), *projects])
    if not names:
        raise UserError("There are no images in this folder", path=place)
    return place, names


def _printable(path: Path) -> Path:
    return Path(str(path).encode(errors="replace").decode())


def open_project(folder: Path) -> Project:
    """Open the project in a folder, or the one that the window made in a folder of images; makes none.

    Raises:
        ProjectError: There is no project, or it is damaged.
    """
    inside = folder / PROJECT_FOLDER
    nested = not (folder / PROJECT_FILE).is_file() and (inside / PROJECT_FILE).is_file()
    return Project.open(inside if nested else folder)


def model_folder(project: Project, starter: Path) -> Path:
    """Return the bundle folder of the model that a project uses."""
    active = project.file.active_model
    return starter if active is None else project.models_folder / active
