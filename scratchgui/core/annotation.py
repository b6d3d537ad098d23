"""One image's mask and status on disk: `annotations/<image>.png` and `annotations/<image>.json`."""

from __future__ import annotations

import getpass
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scratchgui.core.errors import AnnotationError, UserError
from scratchgui.core.files import atomic_write_bytes, atomic_write_json, read_json
from scratchgui.core.mask import Mask, decode_mask, encode_mask
from scratchgui.core.project import ReviewStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchgui.core.project import Project

SCHEMA_VERSION = 1


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
    project: Project, rel: str, mask: Mask, status: ReviewStatus, *, who: str = "", source_model: str | None = None
) -> AnnotationInfo:
    """Write an image's mask and status; each file is either the old one or the new one.

    Args:
        project: The project.
        rel: The image.
        mask: uint8 (H, W), as large as the image.
        status: How far the inspector got.
        who: The inspector; the logged-in user when empty.
        source_model: Id of the model whose prediction the mask started from.

    Raises:
        AnnotationError: The files cannot be written (disk full, read-only, …).
    """
    mask_path, info_path = project.annotation_paths(rel)
    data = encode_mask(mask)
    before = load_info(project, rel)
    info = AnnotationInfo(
        status=status,
        who=who or current_user(),
        when=datetime.now(UTC),
        source_model=source_model or (before.source_model if before else None),
        image_size=(mask.shape[1], mask.shape[0]),
        defect=bool(mask.any()),
        revision=before.revision + 1 if before else 1,
        mask_sha256=hashlib.sha256(data).hexdigest(),
    )
    try:
        atomic_write_bytes(mask_path, data)
        atomic_write_json(info_path, info.model_dump(mode="json"))
    except OSError as error:
        raise AnnotationError(f"The mask cannot be saved ({error.strerror})", path=mask_path) from error
    return info


def load_info(project: Project, rel: str) -> AnnotationInfo | None:
    """Return an image's status without its mask; None when the image was never annotated.

    Raises:
        AnnotationError: The status file is damaged or was written by a newer version.
    """
    path = project.annotation_paths(rel)[1]
    return _parse_info(path) if path.is_file() else None


def _parse_info(path: Path) -> AnnotationInfo:
    try:
        info = AnnotationInfo.model_validate(read_json(path))
    except (UserError, ValidationError) as error:
        raise AnnotationError("The status file is damaged", path=path, hint="Its image opens read-only.") from error
    if info.schema_version > SCHEMA_VERSION:
        raise AnnotationError("The status file is of a newer ScratchGUI", path=path, hint="Its image opens read-only.")
    return info


def load_annotation(project: Project, rel: str) -> Annotation | None:
    """Return an image's mask and status; None when the image was never annotated.

    The mask file is the truth: where the two files disagree because a save was cut off between them, the mask
    stands and counts as corrected, not approved.

    Raises:
        AnnotationError: One of the files is damaged, or the mask is there without a status.
    """
    mask_path, info_path = project.annotation_paths(rel)
    if not mask_path.is_file() and not info_path.is_file():
        return None
    if not mask_path.is_file():
        raise AnnotationError("The mask file is missing", path=mask_path, hint="Its image opens read-only.")
    data = mask_path.read_bytes()
    mask = decode_mask(data, path=mask_path)
    info = _parse_info(info_path) if info_path.is_file() else _info_for_orphan(mask)
    if hashlib.sha256(data).hexdigest() != info.mask_sha256:
        size = (mask.shape[1], mask.shape[0])
        info = info.model_copy(
            update={"status": ReviewStatus.CORRECTED, "defect": bool(mask.any()), "image_size": size}
        )
    return Annotation(mask, info)


def _info_for_orphan(mask: Mask) -> AnnotationInfo:
    """Status of a mask whose first save was cut off before the status file."""
    return AnnotationInfo(
        status=ReviewStatus.CORRECTED,
        who=current_user(),
        when=datetime.now(UTC),
        image_size=(mask.shape[1], mask.shape[0]),
        defect=bool(mask.any()),
    )


def annotated_images(project: Project) -> Iterator[tuple[str, AnnotationInfo | AnnotationError]]:
    """Yield each annotated image with its status, or with what is wrong with its status file."""
    root = project.annotations_folder
    for folder, _, names in os.walk(root):
        prefix = Path(folder).relative_to(root).as_posix()
        for name in names:
            if name.endswith(".json"):
                stem = name.removesuffix(".json")
                rel = stem if prefix == "." else f"{prefix}/{stem}"
                try:
                    yield rel, _parse_info(Path(folder) / name)
                except AnnotationError as error:
                    yield rel, error
