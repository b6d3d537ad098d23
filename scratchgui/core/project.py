"""The project folder: where everything lies, and the file that says what the project is about."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import ProjectError, UserError
from scratchgui.core.files import atomic_write_json, read_json, schema_version_of, sidecar_stem
from scratchgui.core.images import is_unicode, scan_images
from scratchgui.core.project_places import fallback_places, writable_places
from scratchgui.core.recipe import Recipe

if TYPE_CHECKING:
    from scratchgui.core.doubt import Doubt
    from scratchgui.core.verdict import Verdict

PROJECT_FILE = "project.json"
PROJECT_FOLDER = "scratchgui"
"""Name of the project folder that is made inside a folder of images."""
MOVED_FILE = "moved.json"
"""Name of the file that stays behind where a project was moved away."""
SCHEMA_VERSION = 1


class ReviewStatus(StrEnum):
    """How far the inspector got with an image."""

    NEW = "new"
    CORRECTED = "corrected"
    APPROVED = "approved"


class DefectClass(BaseModel):
    """One kind of defect; its label in masks is its place in the project's list, counted from 1.

    Attributes:
        name: What the user calls it.
        color: As #rrggbb.
        pattern: Name of what it is filled with; one that only a newer program knows is kept (see `pattern_of`).
        digit: Key 1 … 9 that chooses it; 0 for its label's, where that is free.
        hidden: It is not drawn.
        locked: Its pixels stay as they are.
        removed: It is not used any more; its place is kept, so that the labels of the others stay.
    """

    model_config = ConfigDict(extra="allow")

    name: str = Field(min_length=1)
    color: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    pattern: str = "plain"
    digit: int = Field(default=0, ge=0, le=9)
    hidden: bool = False
    locked: bool = False
    removed: bool = False


def _one_class() -> list[DefectClass]:
    return [DefectClass(name="scratch", color="#ff5a1f")]


class ProjectFile(BaseModel):
    """Content of project.json.

    Attributes:
        image_root: Folder of the images, relative to the project folder where possible, with "/".
        threshold: Probability from which on a pixel counts as defect (0 … 1).
        low_threshold: As in `Cutting`, like the two that follow.
        largest_hole: As there (px²).
        longest_gap: As there (px).
        active_model: Id of the model in use; None stands for the starter model.
        previous_model: Id of the model used before, for going back; None where there is none.
        last_training: When the last finished training began; corrections after it are new.
    """

    model_config = ConfigDict(extra="allow")  # what a newer version wrote is kept

    schema_version: int = SCHEMA_VERSION
    name: str
    image_root: str
    classes: list[DefectClass] = Field(default_factory=_one_class, min_length=1, max_length=255)
    recipe: Recipe = Field(default_factory=Recipe)
    threshold: float = Field(default=0.5, ge=0, le=1)
    low_threshold: float | None = Field(default=None, ge=0, le=1)
    largest_hole: int = Field(default=0, ge=0)
    longest_gap: int = Field(default=0, ge=0)
    active_model: str | None = None
    previous_model: str | None = None
    last_training: datetime | None = None

    @property
    def cutting(self) -> Cutting:
        """How defects are cut out of predictions, the smallest area of the recipe included."""
        return Cutting(self.threshold, self.recipe.min_area, self.low_threshold, self.largest_hole, self.longest_gap)

    def cut_as(self, cutting: Cutting) -> None:
        """Cut defects out of predictions in another way from now on."""
        self.recipe = self.recipe.model_copy(update={"min_area": cutting.min_area})
        self.threshold, self.low_threshold = cutting.threshold, cutting.low_threshold
        self.largest_hole, self.longest_gap = cutting.largest_hole, cutting.longest_gap


@dataclass(slots=True)
class ImageRecord:
    """What the queue knows about one image.

    Attributes:
        rel: Path relative to the image root, with "/".
        status: How far the inspector got.
        clean: Approved as free of defects.
        predicted: A prediction of the model in use is there.
        made_by: Name of the model that made score and verdict, for the user; empty where none did.
        seen: The image was shown to the inspector in this session.
        score: How sure the model is that there is a defect (0 … 1).
        doubt: How much of what it marks may be wrong.
        verdict: Decision at the project's threshold and recipe.
        defects: Number of defects that count.
        failure: Why the image cannot be used, as a sentence.
    """

    rel: str
    status: ReviewStatus = ReviewStatus.NEW
    clean: bool = False
    predicted: bool = False
    made_by: str = ""
    seen: bool = False
    score: float | None = None
    doubt: Doubt | None = None
    verdict: Verdict | None = None
    defects: int | None = None
    failure: str | None = None

    @property
    def is_stale(self) -> bool:
        """Tell whether its prediction is not one of the model in use."""
        return bool(self.made_by) and not self.predicted


class Project:
    """An open project folder.

    Attributes:
        folder: The project folder, absolute.
        file: Content of project.json; call `save` after a change.
        images: Root folder of the images, absolute; only ever read.
    """

    def __init__(self, folder: Path, file: ProjectFile) -> None:
        # Without ".." in it: the scan for images leaves this folder out by its name.
        self.folder = Path(os.path.abspath(folder))
        self.file = file
        self.images = Path(os.path.normpath(self.folder / file.image_root))

    @staticmethod
    def open(folder: Path) -> Project:
        """Open a project folder.

        Raises:
            ProjectError: There is no project, it is damaged, or it is newer than this program.
        """
        path = folder / PROJECT_FILE
        if not path.is_file():
            raise ProjectError("This folder holds no project", path=folder, hint="Open the folder of the images.")
        try:
            value = read_json(path)
            if schema_version_of(value) > SCHEMA_VERSION:
                raise ProjectError("The project was made by a newer ScratchGUI", path=folder, hint="Update ScratchGUI.")
            return Project(folder, ProjectFile.model_validate(value))
        except ProjectError:
            raise
        except (UserError, ValidationError) as error:
            raise ProjectError("The project file is damaged", path=path, hint="Restore it from a backup.") from error

    @staticmethod
    def for_folder(folder: Path, fallback: Path | None = None) -> Project:
        """Open the project of a folder, making one for a folder of images that has none.

        The new project lies in a folder `scratchgui` beside the images, or under `fallback` when the folder of the
        images cannot be written.

        Raises:
            ProjectError: The folder does not exist, or no project can be made.
        """
        folder = Path(os.path.abspath(folder))
        if not os.path.isdir(folder):
            raise ProjectError("This folder does not exist", path=folder, hint="Open another one.")
        if not is_unicode(str(folder)):
            shown = Path(str(folder).encode(errors="replace").decode())
            raise ProjectError("The folder's name is not valid Unicode", path=shown, hint="Rename it.")
        for place in (folder, folder / PROJECT_FOLDER, *fallback_places(folder, fallback)):
            if (place / PROJECT_FILE).is_file():
                return Project.open(place)
            if (place / MOVED_FILE).is_file():
                return _open_moved(place / MOVED_FILE)
        writable = writable_places(folder, PROJECT_FOLDER, fallback)
        if not writable:
            raise ProjectError("The folder cannot be written", path=folder, hint="Choose a place for the project.")
        place = writable[0]
        project = Project(place, ProjectFile(name=folder.name or str(folder), image_root=_relative(folder, place)))
        project.save()
        return project

    def at(self, folder: Path) -> Project:
        """Return this project as it is in another folder; nothing is written."""
        return Project(folder, self.file.model_copy(update={"image_root": _relative(self.images, folder)}))

    def save(self) -> None:
        """Write project.json.

        Raises:
            ProjectError: The file cannot be written.
        """
        try:
            atomic_write_json(self.folder / PROJECT_FILE, self.file.model_dump(mode="json"))
        except OSError as error:
            raise ProjectError(f"The project cannot be saved ({error.strerror})", path=self.folder) from error

    def list_images(self) -> list[str]:
        """Return the relative paths of all images, in natural order.

        Raises:
            ProjectError: The folder of the images is gone.
        """
        if not self.images.is_dir():
            raise ProjectError("The folder of the images is gone", path=self.images, hint="Connect its drive again.")
        return scan_images(self.images, skip=[self.folder])

    def image_path(self, rel: str) -> Path:
        """Return the path of an image."""
        return self.images / rel

    def annotation_paths(self, rel: str) -> tuple[Path, Path]:
        """Return the paths of an image's mask and status file; the image's extension stays in the names.

        Very long names are shortened (see `sidecar_stem`).
        """
        image = self.annotations_folder / rel
        stem = sidecar_stem(image.name)
        return image.with_name(stem + ".png"), image.with_name(stem + ".json")

    @property
    def annotations_folder(self) -> Path:
        """Where masks and status files lie."""
        return self.folder / "annotations"

    @property
    def beginnings_folder(self) -> Path:
        """Where the models' masks lie that corrections began with."""
        return self.folder / "beginnings"

    @property
    def predictions_folder(self) -> Path:
        """Where predictions lie, one folder a model."""
        return self.folder / "predictions"

    @property
    def models_folder(self) -> Path:
        """Where bundles lie, one folder a model."""
        return self.folder / "models"

    @property
    def runs_folder(self) -> Path:
        """Where trainings lie, one folder a run."""
        return self.folder / "runs"


def _open_moved(pointer: Path) -> Project:
    seen: set[Path] = set()
    while True:
        try:
            place = Path(read_json(pointer)["project"])
        except (UserError, KeyError, TypeError) as error:
            hint = "Open the project folder itself."
            raise ProjectError("Where this project was moved to cannot be read", path=pointer, hint=hint) from error
        seen.add(pointer)
        pointer = place / MOVED_FILE
        # It may have been moved on from there, and back to where it was before.
        if (place / PROJECT_FILE).is_file() or pointer in seen or not pointer.is_file():
            break
    if not (place / PROJECT_FILE).is_file():
        raise ProjectError("The project of these images is not there", path=place, hint="Connect its drive again.")
    return Project.open(place)


def _relative(target: Path, start: Path) -> str:
    try:
        return Path(os.path.relpath(target, start)).as_posix()
    except ValueError:  # another drive on Windows
        return target.as_posix()
