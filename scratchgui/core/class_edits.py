"""Changing a project's list of defect classes: labels never move, so that masks stay true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scratchgui.core.classes import CLASS_COLORS, class_color, present
from scratchgui.core.project import DefectClass

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST: Final = 255
"""Classes that a mask can hold."""


def with_added(classes: Sequence[DefectClass]) -> tuple[list[DefectClass], int]:
    """Return the classes with a new one, and its label: that of a removed class, or the next.

    Raises:
        ValueError: There are 255 already.
    """
    free = next((label for label, item in enumerate(classes, 1) if item.removed), len(classes) + 1)
    if free > MOST:
        raise ValueError("a mask holds 255 classes")
    used = {item.color.lower() for item in present(classes).values()}
    names = {item.name for item in present(classes).values()}
    color = next((color for color in CLASS_COLORS if color not in used), class_color(free))
    name = next(name for number in range(free, free + MOST) if (name := f"class {number}") not in names)
    made = DefectClass(name=name, color=color)
    return [*classes[: free - 1], made, *classes[free:]], free


def with_changed(classes: Sequence[DefectClass], label: int, **changes: object) -> list[DefectClass]:
    """Return the classes with other values for one of them; a digit is taken from the class that had it chosen.

    Raises:
        ValueError: A value is not possible.
    """
    digit = changes.get("digit")
    renewed = [item.model_copy(update={"digit": 0}) if digit and item.digit == digit else item for item in classes]
    renewed[label - 1] = DefectClass.model_validate({**renewed[label - 1].model_dump(), **changes})
    return renewed


def without(classes: Sequence[DefectClass], label: int) -> list[DefectClass]:
    """Return the classes without one. The labels of the others stay: in between, an empty place is left."""
    left = with_changed(classes, label, removed=True, hidden=False, locked=False, digit=0)
    while len(left) > 1 and left[-1].removed:
        left.pop()
    return left
