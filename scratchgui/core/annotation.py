"""One image's mask and status on disk: `annotations/<image>.png` and `annotations/<image>.json`."""

from __future__ import annotations

import getpass
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scratchgui.core.correction import Beginning, Correction, correction_between
from scratchgui.core.errors import AnnotationError, UserError
from scratchgui.core.files import atomic_write_bytes, atomic_write_json, read_json, schema_version_of
from scratchgui.core.mask import Mask, decode_mask, encode_mask
from scratchgui.core.project import ReviewStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchgui.core.project import Project

SCHEMA_VERSION = 1
_READ_ONLY = "Its image opens read-only."


class AnnotationInfo(BaseModel):
    """Content of an image's status file.

    Attributes:
        who: Name of the inspector.
        when: Time of the last change.
        source_model: Id of the model whose prediction the mask started from; None when it was painted from nothing.
        image_size: Width and height of the image (px).
        defect: Whether the mask marks anything.
        revision: Counts the saves of this mask.
        mask_sha256: Hash of the mask file's bytes.
        image_name: The image's name without folder, where it was too long for the names of these files.
        correction: What was changed of a model's mask; None where it began with none, or that is not known.
    """

    model_config = ConfigDict(extra="allow")

    schema_version: int = SCHEMA_VERSION
    status: ReviewStatus
    who: str
    when: datetime
    source_model: str | None = None
    image_size: tuple[int, int]
    defect: bool
    revision: int = Field(default=1, ge=1)
    mask_sha256: str = ""
    image_name: str | None = None
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """A mask, uint8 (H, W), and what is known about it."""

    mask: Mask
    info: AnnotationInfo


def current_user() -> str:
    """Return the name under which the user is logged in; "unknown" when the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def save_annotation(
    project: Project,
    rel: str,
    mask: Mask,
    status: ReviewStatus,
    *,
    who: str = "",
    source_model: str | None = None,
    began: Beginning | None = None,
) -> AnnotationInfo:
    """Write an image's mask and status, and what was corrected; each file is either the old one or the new one.

    Args:
        project: The project.
        rel: The image.
        mask: uint8 (H, W), as large as the image.
        status: How far the inspector got.
        who: The inspector; the logged-in user when empty.
        source_model: Id of the model whose prediction the mask started from; `began` says it too.
        began: The model's mask that the correction began with; None for the one of an earlier save, or for none.

    Raises:
        AnnotationError: The files cannot be written (disk full, read-only, …).
    """
    path, info_path = project.annotation_paths(rel)
    data, name = encode_mask(mask), PurePosixPath(rel).name
    before, info = load_info(project, rel), _info_of(mask, status, who)
    start = began or load_beginning(project, rel, before)
    info.source_model = start.model if start else source_model or (before.source_model if before else None)
    info.revision, info.mask_sha256 = before.revision + 1 if before else 1, hashlib.sha256(data).hexdigest()
    info.image_name = None if path.stem == name else name
    info.correction = correction_between(start, mask) if start else None
    try:
        if began:
            atomic_write_bytes(beginning_path(project, rel), began.png())
        atomic_write_bytes(path, data)
        atomic_write_json(info_path, info.model_dump(mode="json"))
    except OSError as error:
        raise AnnotationError(f"The mask cannot be saved ({error.strerror})", path=path) from error
    return info


def beginning_path(project: Project, rel: str) -> Path:
    """Return where the model's mask lies that the correction of an image began with."""
    return project.beginnings_folder / project.annotation_paths(rel)[0].relative_to(project.annotations_folder)


def load_beginning(project: Project, rel: str, info: AnnotationInfo | None) -> Beginning | None:
    """Return the model's mask that a correction began with; None where it is not known, or its file is damaged."""
    if info is None or info.correction is None:
        return None
    path = beginning_path(project, rel)
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != info.correction.began_sha256:
            return None
        known = info.correction
        mask = decode_mask(data, path=path)
        return Beginning(mask, known.model, known.threshold, taken_over=known.taken_over)
    except (OSError, AnnotationError):
        return None


def remove_annotation(project: Project, rel: str) -> None:
    """Make an image one that was never annotated; nothing happens where it is one.

    Raises:
        AnnotationError: The files cannot be removed.
    """
    mask_path, info_path = project.annotation_paths(rel)
    try:
        # The mask goes last: cut off in between, it stands and counts as corrected.
        info_path.unlink(missing_ok=True)
        mask_path.unlink(missing_ok=True)
        beginning_path(project, rel).unlink(missing_ok=True)
    except OSError as error:
        raise AnnotationError(f"The mask cannot be removed ({error.strerror})", path=mask_path) from error


def load_info(project: Project, rel: str) -> AnnotationInfo | None:
    """Return an image's status without its mask; None when the image was never annotated.

    Raises:
        AnnotationError: The status file is damaged or was written by a newer version.
    """
    path = project.annotation_paths(rel)[1]
    return _parse_info(path) if _is_there(path) else None


def _is_there(path: Path) -> bool:
    """Tell whether the file is there; a folder that cannot be looked into is not a folder without the file."""
    try:
        return path.is_file()
    except OSError as error:
        raise AnnotationError(f"The mask cannot be looked for ({error.strerror})", path=path) from error


def _parse_info(path: Path) -> AnnotationInfo:
    try:
        value = read_json(path)
        if schema_version_of(value) > SCHEMA_VERSION:
            raise AnnotationError("The status file is of a newer ScratchGUI", path=path, hint=_READ_ONLY)
        return AnnotationInfo.model_validate(value)
    except AnnotationError:
        raise
    except (UserError, ValidationError) as error:
        raise AnnotationError("The status file is damaged", path=path, hint=_READ_ONLY) from error


def load_annotation(project: Project, rel: str) -> Annotation | None:
    """Return an image's mask and status; None when the image was never annotated.

    The mask file is the truth: where the two files disagree because a save was cut off between them, the mask
    stands and counts as corrected, not approved.

    Raises:
        AnnotationError: One of the files is damaged or cannot be read, or the status is there without a mask.
    """
    mask_path, info_path = project.annotation_paths(rel)
    if not _is_there(mask_path):
        if not _is_there(info_path):
            return None
        raise AnnotationError("The mask file is missing", path=mask_path, hint=_READ_ONLY)
    data = _read_mask_file(mask_path)
    mask = decode_mask(data, path=mask_path)
    info = _parse_info(info_path) if _is_there(info_path) else _info_of(mask, ReviewStatus.CORRECTED)
    if hashlib.sha256(data).hexdigest() != info.mask_sha256:
        size = (mask.shape[1], mask.shape[0])
        info = info.model_copy(
            update={"status": ReviewStatus.CORRECTED, "defect": bool(mask.any()), "image_size": size}
        )
    return Annotation(mask, info)


def check_fits(project: Project, rel: str, mask: Mask, width: int, height: int) -> None:
    """Make sure that a mask, uint8 (H, W), is as large as its image.

    Raises:
        AnnotationError: It is not: the image was replaced by another one, or the mask was.
    """
    if mask.shape != (height, width):
        raise AnnotationError(
            f"The mask is {mask.shape[1]} × {mask.shape[0]} px but the image is {width} × {height} px",
            path=project.annotation_paths(rel)[0],
            hint=f"{_READ_ONLY} Put the image back that was marked, or move the mask file away to begin anew.",
        )


def _read_mask_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnnotationError(f"The mask cannot be read ({error.strerror})", path=path) from error


def _info_of(mask: Mask, status: ReviewStatus, who: str = "") -> AnnotationInfo:
    """What a mask, uint8 (H, W), tells by itself; that of a first save cut off before the status file says no more."""
    return AnnotationInfo(
        status=status,
        who=who or current_user(),
        when=datetime.now(UTC),
        image_size=(mask.shape[1], mask.shape[0]),
        defect=bool(mask.any()),
    )


def annotated_images(project: Project) -> Iterator[tuple[str, AnnotationInfo | AnnotationError]]:
    """Yield each annotated image with its status, or with what is wrong with its files."""
    root = project.annotations_folder
    for folder, _, names in os.walk(root):
        here = Path(folder)
        stems = {name.removesuffix(".json") for name in names if name.endswith(".json")}
        orphans = {name.removesuffix(".png") for name in names if name.endswith(".png")} - stems
        for stem in (*stems, *orphans):
            try:
                found = _parse_info(here / f"{stem}.json") if stem in stems else _orphan(here / f"{stem}.png")
                name = found.image_name or stem
                yield (here / name).relative_to(root).as_posix(), found
            except AnnotationError as error:
                yield (here / stem).relative_to(root).as_posix(), error


def _orphan(mask_path: Path) -> AnnotationInfo:
    return _info_of(decode_mask(_read_mask_file(mask_path), path=mask_path), ReviewStatus.CORRECTED)
