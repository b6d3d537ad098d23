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


def extend_split(path: Path, defects: Mapping[str, bool]) -> dict[str, Split]:
    """Add new images to the frozen split; those in it stay where they are.

    Of the images with a defect, and of the clean ones, every fifth goes to validation and the second one first, so
    that two reviewed images are enough to begin with.

    Args:
        path: File of the split.
        defects: Whether an image has a defect, by its name, in the order in which the images were reviewed.

    Returns:
        The part of every image in `defects`, and of those that were in the split before.

    Raises:
        TrainingError: The file is damaged or cannot be written.
    """
    split = _read(path) if path.is_file() else {}
    known = len(split)
    seen, held_back = _counts(split, defects)
    for name, defect in defects.items():
        if name not in split:
            seen[defect] += 1
            split[name] = "validation" if held_back[defect] < _wanted(seen[defect]) else "train"
            held_back[defect] += split[name] == "validation"
    if len(split) > known:
        try:
            atomic_write_json(path, split)
        except OSError as error:
            raise TrainingError(f"The split cannot be saved ({error.strerror})", path=path) from error
    return split


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
