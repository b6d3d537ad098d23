"""The reviewed images of a project that are fit to learn from, and a sentence on those that are not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scratchgui.core.annotation import AnnotationInfo, annotated_images, load_beginning
from scratchgui.core.classes import present
from scratchgui.core.errors import AnnotationError
from scratchgui.core.images import sizes_agree
from scratchgui.core.mask import decode_mask, labels_in
from scratchgui.core.project import ReviewStatus

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.project import Project

_NAMED = 3


@dataclass(slots=True)
class Reviewed:
    """Images to learn from, in the order in which they were reviewed last.

    Attributes:
        approved: Status of the approved images, by name; `defect` tells whether there is one of a class in use.
        corrected: Status of those that are corrected but not approved, of which it is known what was changed.
        notes: What was left out and why, a sentence each.
    """

    approved: dict[str, AnnotationInfo] = field(default_factory=dict)
    corrected: dict[str, AnnotationInfo] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def approved_images(project: Project) -> dict[str, AnnotationInfo]:
    """Return the approved images whose image is still there, in the order in which they were approved."""
    return {rel: info for rel, info in _in_order(project).items() if info.status is ReviewStatus.APPROVED}


def reviewed_images(project: Project) -> Reviewed:
    """Collect what there is to learn from.

    Left out are masks that a cut-off save left behind, and, with a sentence, those of another size than their image
    and those on which nothing but removed classes is marked.
    """
    found = Reviewed()
    misfits: list[str] = []
    removed: list[str] = []
    in_use = set(present(project.file.classes))
    for rel, info in _in_order(project).items():
        mask_path = project.annotation_paths(rel)[0]
        approved = info.status is ReviewStatus.APPROVED
        labels = _labels(mask_path, info) if approved or _tells_what_changed(info) else None
        if labels is None:
            continue
        if not sizes_agree(project.image_path(rel), info.image_size):
            misfits.append(rel)
        elif labels and not in_use & labels:
            removed.append(rel)
        elif approved:
            found.approved[rel] = info
        elif load_beginning(project, rel, info) is not None:
            found.corrected[rel] = info
    if misfits:
        found.notes.append(f"Left out, because the mask is of another size than the image: {_names(misfits)}.")
    if removed:
        found.notes.append(f"Left out, because only removed classes are marked: {_names(removed)}.")
    return found


def _in_order(project: Project) -> dict[str, AnnotationInfo]:
    found = {
        rel: info
        for rel, info in annotated_images(project)
        if isinstance(info, AnnotationInfo) and project.image_path(rel).is_file()
    }
    return dict(sorted(found.items(), key=lambda item: (item[1].when, item[0])))


def _tells_what_changed(info: AnnotationInfo) -> bool:
    """Tell whether it is known where the inspector looked: where a mask that was taken over was changed."""
    known = info.correction
    return info.status is ReviewStatus.CORRECTED and known is not None and known.taken_over and not known.is_unchanged


def _labels(mask_path: Path, info: AnnotationInfo) -> set[int] | None:
    """Return the classes in a mask file; None where it is not that of the status, because a save was cut off."""
    try:
        data = mask_path.read_bytes()
        if hashlib.sha256(data).hexdigest() != info.mask_sha256:
            return None
        return set(labels_in(decode_mask(data, path=mask_path))) if info.defect else set()
    except (OSError, AnnotationError):
        return None


def _names(rels: list[str]) -> str:
    more = len(rels) - _NAMED
    return ", ".join(rels[:_NAMED]) + (f" and {more} more" if more > 0 else "")
