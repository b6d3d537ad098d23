"""What follows from a project's list of defect classes: colors, labels, digit keys. Imports nothing heavy."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.project import DefectClass

CLASS_COLORS: Final = ("#ff5a1f", "#56b4e9", "#f0e442", "#cc79a7", "#00b894", "#b388ff")
"""Colors of new classes, told apart by color-blind people too; with more classes they begin again."""


class Pattern(StrEnum):
    """What a class is filled with, so that it is told apart without its color."""

    PLAIN = "plain"
    DIAGONAL = "diagonal"
    CROSSED = "crossed"
    DOTTED = "dotted"


def pattern_of(item: DefectClass) -> Pattern:
    """Return the pattern of a class; plain for one that this program does not know."""
    try:
        return Pattern(item.pattern)
    except ValueError:
        return Pattern.PLAIN


def class_color(label: int) -> str:
    """Return the color of class 1 … 255 as #rrggbb where a project gives it none."""
    return CLASS_COLORS[(label - 1) % len(CLASS_COLORS)]


def present(classes: Sequence[DefectClass]) -> dict[int, DefectClass]:
    """Return the classes that are not removed, by their labels."""
    return {label: item for label, item in enumerate(classes, 1) if not item.removed}


def digits(classes: Sequence[DefectClass]) -> dict[int, int]:
    """Return the label that each digit key 1 … 9 stands for.

    The digits that were chosen come first; of the rest each class has its label's, if that is free.
    """
    here = present(classes)
    found: dict[int, int] = {}
    for label, item in here.items():
        if item.digit:
            found.setdefault(item.digit, label)
    for label, item in here.items():
        if not item.digit and label <= 9:
            found.setdefault(label, label)
    return dict(sorted(found.items()))
