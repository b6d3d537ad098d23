"""What a training runs on: images, masks, and a split that never moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, ValidationError

from scratchgui.core.annotation import AnnotationInfo, annotated_images
from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_json, read_json, sha256_of
from scratchgui.core.images import scan_images
from scratchgui.core.project import ReviewStatus
from scratchgui.core.split import SPLIT_FILE, Split, extend_split, split_of_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scratchgui.core.project import Project

MANIFEST_FILE = "manifest.json"
CONFIG_FILE = "config.json"
SCHEMA_VERSION = 1


class ManifestEntry(BaseModel):
    """One image to train or validate on.

    Attributes:
        key: Name of the image in its project or folder.
        image: Absolute path of the image.
        mask: Absolute path of the label map; None for a clean image.
        split: Part of the split that the image belongs to.
        sha256: Hash of the mask file when the manifest was made; "" for a clean image.
    """

    key: str
    image: str
    mask: str | None
    split: Split
    sha256: str = ""


class Manifest(BaseModel):
    """The content of a run's manifest.json.

    Attributes:
        classes: Names of the defect classes; label 1 is the first.
        binary: Masks are 0 and not 0 (any value is class 1), as in folders of plain masks.
    """

    schema_version: int = SCHEMA_VERSION
    classes: list[str] = Field(min_length=1)
    binary: bool = False
    entries: list[ManifestEntry]

    def part(self, split: Split) -> list[ManifestEntry]:
        """Return the entries of one part of the split."""
        return [entry for entry in self.entries if entry.split == split]


def manifest_from_project(project: Project) -> Manifest:
    """Collect the reviewed images of a project; only approved ones count, with the mask that was approved.

    New images join the frozen split in `split.json`: of the images with a defect and of the clean ones, one in five
    goes to validation (the second one first), and none ever changes sides.

    Raises:
        TrainingError: Too few images are reviewed, or none of them has a defect to learn from.
    """
    reviewed = {rel: info for rel, info in _reviewed(project).items() if _is_as_approved(project, rel, info)}
    if len(reviewed) < 2:
        count = "No image is" if not reviewed else "Only one image is"
        raise TrainingError(
            f"{count} reviewed", hint="Approve at least two images with a defect: one to learn from, one to check."
        )
    split = extend_split(project.folder / SPLIT_FILE, {rel: info.defect for rel, info in reviewed.items()})
    classes = [item.name for item in project.file.classes]
    entries = [_entry(project, rel, info, split[rel]) for rel, info in reviewed.items()]
    manifest = Manifest(classes=classes, entries=entries)
    if not any(entry.mask for entry in manifest.part("train")):
        raise TrainingError("No reviewed image has a defect to learn from", hint="Correct and approve one first.")
    if not manifest.part("validation"):
        raise TrainingError("There is no image to check the new model on", hint="Approve one more image.")
    return manifest


def approved_since(project: Project, when: datetime | None) -> tuple[int, int]:
    """Count the approved images that changed after a time (all when None), and all approved ones."""
    infos = _reviewed(project).values()
    return sum(1 for info in infos if when is None or info.when > when), len(infos)


def _reviewed(project: Project) -> dict[str, AnnotationInfo]:
    """Approved images whose image is still there, in the order in which they were approved."""
    found = {
        rel: info
        for rel, info in annotated_images(project)
        if isinstance(info, AnnotationInfo)
        and info.status is ReviewStatus.APPROVED
        and project.image_path(rel).is_file()
    }
    return dict(sorted(found.items(), key=lambda item: (item[1].when, item[0])))


def _is_as_approved(project: Project, rel: str, info: AnnotationInfo) -> bool:
    """Tell whether the mask file is the one approved: a save may have been cut off before the status."""
    try:
        return sha256_of(project.annotation_paths(rel)[0]) == info.mask_sha256
    except OSError:
        return False


def _entry(project: Project, rel: str, info: AnnotationInfo, split: Split) -> ManifestEntry:
    mask = str(project.annotation_paths(rel)[0]) if info.defect else None
    return ManifestEntry(
        key=rel, image=str(project.image_path(rel)), mask=mask, split=split, sha256=info.mask_sha256 if mask else ""
    )


def manifest_from_folder(data: Path) -> Manifest:
    """Collect a folder with `images/`, `masks/<same stem>.png` and, where there, `train.txt` and `val.txt`.

    Without lists every fifth image is for validation. An image without a mask file is an error: a clean image
    has an empty mask.

    Raises:
        TrainingError: The layout is another, a listed file is missing, or there is nothing to train on.
    """
    if not (data / "images").is_dir() or not (data / "masks").is_dir():
        raise TrainingError("The data folder needs the subfolders images and masks", path=data)
    names = scan_images(data / "images")
    if not names:
        raise TrainingError("There are no images to train on", path=data / "images")
    split = split_of_names(names, _listed(data / "train.txt"), _listed(data / "val.txt"))
    entries = [_folder_entry(data, name, part) for name, part in split.items()]
    if "train" not in split.values():
        raise TrainingError("There are no images to train on", path=data)
    return Manifest(classes=["scratch"], binary=True, entries=entries)


def _listed(path: Path) -> list[str] | None:
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError("The list of images cannot be read", path=path, hint="Save it as UTF-8.") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _folder_entry(data: Path, name: str, split: Split) -> ManifestEntry:
    image, mask = data / "images" / name, (data / "masks" / name).with_suffix(".png")
    for path in (image, mask):
        if not path.is_file():
            raise TrainingError(f"The file of {name} is missing", path=path, hint="Add it, or take it off the list.")
    return ManifestEntry(key=name, image=str(image.absolute()), mask=str(mask.absolute()), split=split)


def save_manifest(run: Path, manifest: Manifest) -> None:
    """Write manifest.json into a run folder."""
    atomic_write_json(run / MANIFEST_FILE, manifest.model_dump(mode="json"))


def load_manifest(run: Path) -> Manifest:
    """Read manifest.json of a run folder.

    Raises:
        TrainingError: It is missing or damaged.
    """
    try:
        return Manifest.model_validate(read_json(run / MANIFEST_FILE))
    except (UserError, ValidationError) as error:
        raise TrainingError("The list of training images is damaged", path=run / MANIFEST_FILE) from error


def new_run_folder(project: Project) -> Path:
    """Make the folder of a new training, named after the time."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    for suffix in ("", *(f"-{number}" for number in range(2, 100))):
        folder = project.runs_folder / f"{stamp}{suffix}"
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            continue
        except OSError as error:
            raise TrainingError(f"The training's folder cannot be made ({error.strerror})", path=folder) from error
    raise TrainingError("Too many trainings were started in one second", path=project.runs_folder)


def write_run(run: Path, manifest: Manifest, settings: Mapping[str, object]) -> None:
    """Write what a training needs into its run folder: `manifest.json`, then `config.json` with the settings.

    Raises:
        TrainingError: The files cannot be written.
    """
    try:
        save_manifest(run, manifest)
        atomic_write_json(run / CONFIG_FILE, dict(settings))
    except OSError as error:
        raise TrainingError(f"The training cannot be prepared ({error.strerror})", path=run) from error
