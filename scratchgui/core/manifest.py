"""What a training runs on: images, masks, and a split that never moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, ValidationError

from scratchgui.core.annotation import beginning_path, load_beginning
from scratchgui.core.classes import present
from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_json, read_json
from scratchgui.core.images import scan_images, size_of_file, sizes_agree
from scratchgui.core.near_duplicates import LooksFile, groups_of
from scratchgui.core.project import ReviewStatus
from scratchgui.core.reviewed import approved_images, reviewed_images
from scratchgui.core.run_folder import STAMP
from scratchgui.core.seen import write_seen
from scratchgui.core.split import (
    ENOUGH_ALIKE,
    SPLIT_FILE,
    Split,
    extend_split,
    split_of_names,
    too_small_for_proof,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scratchgui.core.annotation import AnnotationInfo
    from scratchgui.core.near_duplicates import Looks
    from scratchgui.core.project import Project

MANIFEST_FILE = "manifest.json"
CONFIG_FILE = "config.json"
SEEN_FOLDER = "seen"
LOOKS_FILE = "looks.json"
"""In a project: what its images look like, so that each is read once; can be deleted at any time."""
SCHEMA_VERSION = 1


class ManifestEntry(BaseModel):
    """One image to train or validate on.

    Attributes:
        key: Name of the image in its project or folder.
        image: Absolute path of the image.
        mask: Absolute path of the label map; None for a clean image.
        split: Part of the split that the image belongs to.
        sha256: Hash of the mask file when the manifest was made; "" for a clean image.
        weight: How often to learn from it beside the others; more where the inspector changed more.
        began: Absolute path of the model's mask that the correction began with, an 8-bit PNG; None where nothing was
            changed, or it is not known.
        approved: All of it is as the inspector wants it. Otherwise only the surroundings of what was changed are.
        seen: Absolute path of an 8-bit PNG of the image's size, 255 where to learn from; None for everywhere.
        group: Images of one group show the same; "" for an image that is like no other.
    """

    key: str
    image: str
    mask: str | None
    split: Split
    sha256: str = ""
    weight: float = Field(default=1.0, gt=0)
    began: str | None = None
    approved: bool = True
    seen: str | None = None
    group: str = ""


class Manifest(BaseModel):
    """The content of a run's manifest.json.

    Attributes:
        classes: Names of the defect classes; label 1 is the first.
        binary: Masks are 0 and not 0 (any value is class 1), as in folders of plain masks.
        removed: Labels of classes that are not used any more: nothing is learned where they are.
        notes: What the user should know of the images, a sentence each.
    """

    schema_version: int = SCHEMA_VERSION
    classes: list[str] = Field(min_length=1)
    binary: bool = False
    removed: list[int] = []
    notes: list[str] = []
    entries: list[ManifestEntry]

    def part(self, split: Split) -> list[ManifestEntry]:
        """Return the entries of one part of the split."""
        return [entry for entry in self.entries if entry.split == split]

    @property
    def too_small(self) -> str:
        """Why the images in validation are too few to prove a gain, as a sentence; "" where they are enough."""
        masked = [entry.mask is not None for entry in self.part("validation")]
        return too_small_for_proof(sum(masked), len(masked) - sum(masked))


def manifest_from_project(project: Project, *, learn_from_unapproved: bool = True) -> Manifest:
    """Collect the reviewed images of a project, with the mask that was approved.

    New images join the frozen split in `split.json`: of the images with a defect and of the clean ones, one in five
    goes to validation (the second one first), images that look alike stay together, and none ever changes sides.

    Args:
        project: The project.
        learn_from_unapproved: Learn from images that are corrected but not approved too: from where the inspector
            changed the model's mask, and from nowhere else. They are never examined on.

    Raises:
        TrainingError: Too few images are reviewed, or none of them has a defect to learn from.
    """
    reviewed = reviewed_images(project)
    approved = reviewed.approved
    if len(approved) < 2:
        count = "No image is" if not approved else "Only one image is"
        hint = "Approve at least two images with a defect: one to learn from, one to check."
        raise TrainingError(" ".join([f"{count} reviewed.", *reviewed.notes]).removesuffix("."), hint=hint)
    corrected = reviewed.corrected if learn_from_unapproved else {}
    groups = groups_of(_looks(project, [*approved, *corrected]))
    defects = {rel: info.defect for rel, info in approved.items()}
    split = extend_split(project.folder / SPLIT_FILE, defects, groups, list(corrected))
    used = approved | {rel: info for rel, info in corrected.items() if split.get(rel) == "train"}
    in_use = present(project.file.classes)
    manifest = Manifest(
        classes=[item.name for item in project.file.classes],
        removed=[label for label in range(1, len(project.file.classes) + 1) if label not in in_use],
        entries=[_entry(project, rel, info, split[rel], groups.get(rel, "")) for rel, info in used.items()],
    )
    _check(manifest, alike=len(set(groups.values())) == 1)
    manifest.notes = [*reviewed.notes, *_warnings(manifest)]
    return manifest


def _looks(project: Project, rels: Sequence[str]) -> dict[str, Looks]:
    return LooksFile(project.folder / LOOKS_FILE).of({rel: project.image_path(rel) for rel in rels})


def _check(manifest: Manifest, *, alike: bool) -> None:
    """Refuse what cannot be learned from."""
    if not any(entry.mask for entry in manifest.part("train")):
        raise TrainingError("No reviewed image has a defect to learn from", hint="Correct and approve one first.")
    if not manifest.part("validation"):
        another = f"They all look alike: approve one of another part, or {ENOUGH_ALIKE} of them."
        hint = another if alike else "Approve one more image."
        raise TrainingError("There is no image to check the new model on", hint=hint)


def _warnings(manifest: Manifest) -> list[str]:
    found = [manifest.too_small]
    if all(entry.mask for entry in manifest.part("train")):
        found.append("There is no clean image to learn from: approve some, and false alarms become fewer.")
    if _groups(manifest.part("train")) & _groups(manifest.part("validation")):
        found.append("Images learned from and images checked on look alike: the gain may be less on other parts.")
    return [sentence for sentence in found if sentence]


def _groups(entries: Sequence[ManifestEntry]) -> set[str]:
    return {entry.group for entry in entries if entry.group}


def approved_since(project: Project, when: datetime | None) -> tuple[int, int]:
    """Count the approved images that changed after a time (all when None), and all approved ones."""
    infos = approved_images(project).values()
    return sum(1 for info in infos if when is None or info.when > when), len(infos)


def _entry(project: Project, rel: str, info: AnnotationInfo, split: Split, group: str) -> ManifestEntry:
    mask_path = project.annotation_paths(rel)[0]
    known = info.correction
    is_known = known is not None and not known.is_unchanged and load_beginning(project, rel, info) is not None
    return ManifestEntry(
        key=rel,
        image=str(project.image_path(rel)),
        mask=str(mask_path) if info.defect else None,
        split=split,
        sha256=info.mask_sha256 if info.defect else "",
        weight=known.weight if known else 1.0,
        began=str(beginning_path(project, rel)) if is_known else None,
        approved=info.status is ReviewStatus.APPROVED,
        group=group,
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
    if not sizes_agree(image, size_of_file(mask)):
        hint = "Make it anew, or take the image off the list."
        raise TrainingError(f"The mask of {name} is of another size than the image", path=mask, hint=hint)
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
    stamp = datetime.now(UTC).strftime(STAMP)
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

    Where the inspector looked in images that are not approved is written into `seen/` there, as it is now.

    Raises:
        TrainingError: The files cannot be written.
    """
    try:
        entries = [
            entry if entry.approved else _with_seen(run, number, entry) for number, entry in enumerate(manifest.entries)
        ]
        save_manifest(run, manifest.model_copy(update={"entries": [entry for entry in entries if entry]}))
        atomic_write_json(run / CONFIG_FILE, dict(settings))
    except OSError as error:
        raise TrainingError(f"The training cannot be prepared ({error.strerror})", path=run) from error


def _with_seen(run: Path, number: int, entry: ManifestEntry) -> ManifestEntry | None:
    """Return an entry that says where the inspector looked; None where that is not known any more."""
    seen = run / SEEN_FOLDER / f"{number}.png"
    return entry.model_copy(update={"seen": str(seen)}) if write_seen(seen, entry.began, entry.mask) else None
