"""Which images a model learns from and which it is examined on: a split that never moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_json, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Split = Literal["train", "validation"]
SPLIT_FILE = "split.json"
VALIDATION_EVERY = 5
ENOUGH_DEFECTS = 8
"""Validation images with a defect from which on a gain can be told from luck, roughly."""

ENOUGH_ALIKE = 4
"""So many images are parted even if they all look alike: they are of one kind, not of one part."""


def extend_split(
    path: Path, defects: Mapping[str, bool], groups: Mapping[str, str] | None = None, learned: Sequence[str] = ()
) -> dict[str, Split]:
    """Add new images to the frozen split; those in it stay where they are.

    Of the images with a defect, and of the clean ones, every fifth goes to validation and the second one first, so
    that two reviewed images are enough to begin with. Images of one group (see `near_duplicates`) stay together: what
    looks like an image in validation joins it there, whatever the counts say. Where that would leave nothing to
    validate on, because all of them look alike, they are parted as if they did not.

    Args:
        path: File of the split.
        defects: Whether an image has a defect, by its name, in the order in which the images were reviewed.
        groups: Group of each image, by name; an image without one is alone.
        learned: Images to learn from before they are approved; those that look like one in validation are left out.

    Returns:
        The part of every image in the split.

    Raises:
        TrainingError: The file is damaged or cannot be written.
    """
    known = _read(path) if path.is_file() else {}
    split = _extended(known, defects, groups or {}, learned)
    if "validation" not in split.values() and len(defects) >= ENOUGH_ALIKE:
        split = _extended(known, defects, {}, learned)
    if len(split) > len(known):
        _write(path, split)
    return split


def _extended(
    known: Mapping[str, Split], defects: Mapping[str, bool], groups: Mapping[str, str], learned: Sequence[str]
) -> dict[str, Split]:
    split, of = dict(known), _Groups(known, groups)
    seen, held_back = _counts(split, defects)
    for name, defect in defects.items():
        if name not in split:
            seen[defect] += 1
            split[name] = of.part(name) or ("validation" if held_back[defect] < _wanted(seen[defect]) else "train")
            of.add(name, split[name])
            held_back[defect] += split[name] == "validation"
    for name in learned:
        if name not in split and of.part(name) != "validation":
            split[name] = "train"
            of.add(name, "train")
    return split


class _Groups:
    """In which part of the split each group is."""

    def __init__(self, split: Mapping[str, Split], groups: Mapping[str, str]) -> None:
        self._groups = groups
        self._parts: dict[str, set[Split]] = {}
        for name, part in split.items():
            self.add(name, part)

    def part(self, name: str) -> Split | None:
        """Return where an image's group is; None where no image of it is in the split, or it was parted already."""
        found = self._parts.get(self._groups.get(name, name), set())
        return next(iter(found)) if len(found) == 1 else None

    def add(self, name: str, part: Split) -> None:
        """Remember where an image is."""
        self._parts.setdefault(self._groups.get(name, name), set()).add(part)


def split_of_names(
    names: Sequence[str], train: Sequence[str] | None, validation: Sequence[str] | None
) -> dict[str, Split]:
    """Split a plain list of images by the lists given, or every fifth to validation without any.

    Args:
        names: All images.
        train: Names to learn from; None when there is no such list.
        validation: Names to validate on; None when there is no such list.
    """
    if validation is None and train is None:
        validation = names[VALIDATION_EVERY - 1 :: VALIDATION_EVERY] or names[-1:]
    if validation is None:
        validation = [name for name in names if name not in set(train or ())]
    if train is None:
        train = [name for name in names if name not in set(validation)]
    split: dict[str, Split] = dict.fromkeys(train, "train")
    return split | dict.fromkeys(validation, "validation")


def _read(path: Path) -> dict[str, Split]:
    try:
        value = read_json(path)
    except UserError as error:
        raise TrainingError(str(error)) from error
    if not isinstance(value, dict) or any(part not in ("train", "validation") for part in value.values()):
        raise TrainingError("The file of the frozen split is damaged", path=path, hint="Restore it from a backup.")
    return value


def _write(path: Path, split: Mapping[str, Split]) -> None:
    try:
        atomic_write_json(path, split)
    except OSError as error:
        raise TrainingError(f"The split cannot be saved ({error.strerror})", path=path) from error


def _counts(split: Mapping[str, Split], defects: Mapping[str, bool]) -> tuple[dict[bool, int], dict[bool, int]]:
    """Count the images already split, and those of them in validation, apart for defect and clean."""
    seen, held_back = {True: 0, False: 0}, {True: 0, False: 0}
    for name, defect in defects.items():
        if name in split:
            seen[defect] += 1
            held_back[defect] += split[name] == "validation"
    return seen, held_back


def _wanted(count: int) -> int:
    """Images to hold back of `count`."""
    return 0 if count < 2 else max(1, count // VALIDATION_EVERY)


def too_small_for_proof(with_defect: int, clean: int) -> str:
    """Say plainly when validation cannot prove a gain; "" when it can.

    With n images whose Dice varies by a deviation of 0.25 (as it does between images of one model) the mean of a
    validation set is known to ± 2 × 0.25 / √n: ± 0.18 for 8 images. Two models are compared on the same images, which
    halves that: a gain of about 0.1 can just be seen with 8, and none of the usual size with fewer.

    Args:
        with_defect: Validation images with a defect.
        clean: Validation images without.
    """
    if with_defect < ENOUGH_DEFECTS:
        images = "no image" if not with_defect else "1 image" if with_defect == 1 else f"{with_defect} images"
        return (
            f"The check has only {images} with a defect: too few to prove a gain. "
            f"From {ENOUGH_DEFECTS} on it can; one in {VALIDATION_EVERY} of the approved images joins it."
        )
    if not clean:
        return "The check has no clean image: it cannot tell whether false alarms become fewer. Approve clean ones too."
    return ""
