"""The project that the user points a command at, and its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.core.project import PROJECT_FILE, PROJECT_FOLDER, Project

if TYPE_CHECKING:
    from pathlib import Path


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
