"""Opening: a folder of images, a project, the sample."""

from __future__ import annotations

import gc
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui import paths
from scratchgui.core.annotation import AnnotationInfo, annotated_images, save_annotation
from scratchgui.core.errors import AnnotationError, ProjectError, UserError
from scratchgui.core.images import scan_images
from scratchgui.core.mask import decode_mask
from scratchgui.core.project import PROJECT_FILE, PROJECT_FOLDER, ImageRecord, Project, ReviewStatus
from scratchgui.core.relocate import move_project
from scratchgui.model.queue_order import QueueColumns

if TYPE_CHECKING:
    from scratchgui.controllers.context import Context

RECENT_KEPT = 12
SAMPLE_FOLDER = "Sample project"
_NO_IMAGES = "There are no images (JPEG, PNG, BMP, TIFF) in this folder"

Status = AnnotationInfo | AnnotationError


@dataclass(frozen=True, slots=True)
class Opened:
    """A project and its images, ready to be shown."""

    project: Project
    records: list[ImageRecord]
    columns: QueueColumns


def open_place(place: Path, fallback: Path) -> Opened:
    """Open a project folder or a folder of images, and list the images.

    Args:
        place: The folder.
        fallback: Where projects of folders that cannot be written are kept.

    Raises:
        ProjectError: There is nothing to open.
    """
    if (place / PROJECT_FILE).is_file():
        project = Project.open(place)
        return _listed(project, project.list_images())
    if not place.is_dir():
        raise ProjectError("This folder does not exist", path=place, hint="Open another one.")
    # Look before a project is made, so that a wrong folder stays as it is.
    names = scan_images(place, skip=[place / PROJECT_FOLDER])
    if not names:
        raise ProjectError(_NO_IMAGES, path=place, hint="Open another one.")
    return _listed(Project.for_folder(place, fallback), names)


def _listed(project: Project, names: list[str]) -> Opened:
    records = [ImageRecord(name) for name in names]
    return Opened(project, records, QueueColumns(records))


def make_sample(source: Path, target: Path) -> Path:
    """Copy the sample project to a place where it can be worked on; what is there already stays.

    The images named in `reviewed.txt` come with their masks approved, so that a training can begin at once.

    Raises:
        ProjectError: The sample is not installed, or the place cannot be written.
    """
    if (target / PROJECT_FOLDER / PROJECT_FILE).is_file():
        return target
    if not (source / "images").is_dir():
        raise ProjectError("The sample project is not installed", path=source, hint="Install ScratchGUI again.")
    try:
        target.mkdir(parents=True, exist_ok=True)
        for image in sorted((source / "images").iterdir()):
            shutil.copyfile(image, target / image.name)
        project = Project.for_folder(target)
        for name in (source / "reviewed.txt").read_text(encoding="utf-8").split():
            mask_path = (source / "masks" / name).with_suffix(".png")
            mask = (decode_mask(mask_path.read_bytes(), path=mask_path) > 0).astype("uint8")
            save_annotation(project, name, mask, ReviewStatus.APPROVED, who="ScratchGUI sample")
    except OSError as error:
        raise ProjectError(f"The sample cannot be copied ({error.strerror})", path=target) from error
    return target


class ProjectController(QObject):
    """Opens projects in the background and keeps the list of recent ones.

    Signals:
        opening(str): A folder is being opened; its name.
        opened(): The project is open and its images are listed.
        kept_away(Path): The images' folder cannot be written, so the project is kept in another one.
        failed(): Nothing was opened; the former project stays.
        states_loaded(): What the inspector did before is shown in the list.
    """

    opening = Signal(str)
    opened = Signal()
    kept_away = Signal(object)
    failed = Signal()
    states_loaded = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def open(self, place: str | Path) -> None:
        """Open a folder of images or a project folder."""
        folder = Path(place)
        # A project's own folder of images is what people pick; both open the same project.
        if folder.is_file():
            folder = folder.parent
        self.opening.emit(folder.name or str(folder))
        self._context.runner.run(
            open_place, folder, paths.data_dir() / "projects", on_result=self._on_opened, on_error=self._on_error
        )

    def open_sample(self) -> None:
        """Open the user's copy of the sample project."""
        self.opening.emit(SAMPLE_FOLDER)
        self._context.runner.run(
            make_sample,
            paths.sample_source(),
            paths.data_dir() / SAMPLE_FOLDER,
            on_result=self.open,
            on_error=self._on_error,
        )

    def move(self, place: str | Path) -> None:
        """Move the open project into another folder and open it there; everything must be saved before."""
        project = self._context.session.project
        if project is None:
            return
        self.close()
        self.opening.emit(project.file.name)
        self._context.runner.run(
            move_project,
            project,
            Path(place),
            on_result=lambda moved: self.open(moved.folder),
            on_error=partial(self._on_not_moved, project),
            owner=self,
        )

    def _on_not_moved(self, project: Project, error: BaseException) -> None:
        self._context.notices.report(error)
        self.open(project.folder)

    def close(self) -> None:
        """Close the project."""
        self._context.session.set_project(None)
        self._context.registry.set_project(None)

    def _on_opened(self, result: Opened) -> None:
        project, session = result.project, self._context.session
        session.set_project(project)
        self._context.editor.cutting = project.file.cutting
        session.set_records(result.records, result.columns)
        gc.freeze()  # later collections need not walk 100,000 records
        self._context.registry.set_project(project)
        self._remember(project.images)
        self._context.runner.run(
            _read_states, project, on_result=partial(self._on_states, project), on_error=self._context.notices.report
        )
        self.opened.emit()
        if not result.records:
            self._context.notices.warning(f"{_NO_IMAGES}: {project.images}.")
        if project.folder.is_relative_to(paths.data_dir() / "projects"):
            self.kept_away.emit(project.folder)

    def _on_error(self, error: BaseException) -> None:
        self._context.notices.report(error)
        self.failed.emit()

    def _on_states(self, project: Project, states: dict[str, Status]) -> None:
        session = self._context.session
        if session.project is not project:
            return
        for rel, state in states.items():
            record = session.record(rel)
            if record is not None:
                _apply(record, state)
        session.images.update(list(states))
        session.images.resort()
        self.states_loaded.emit()

    def _remember(self, folder: Path) -> None:
        store = self._context.settings
        recent = [str(folder), *(path for path in store.value.recent if path != str(folder))]
        try:
            store.update(recent=recent[:RECENT_KEPT])
        except UserError as error:
            self._context.notices.report(error)


def _read_states(project: Project) -> dict[str, Status]:
    return dict(annotated_images(project))


def _apply(record: ImageRecord, state: Status) -> None:
    if isinstance(state, AnnotationError):
        record.failure = str(state)
        return
    record.status = state.status
    record.clean = not state.defect
