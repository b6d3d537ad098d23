"""Joining and cutting defects of a document."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.region_shape import closest_points, cut_line, mean_width
from scratchgui.core.regions import region_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.model.mask_document import MaskDocument

Found: TypeAlias = "tuple[Box, NDArray[np.bool_]]"
"""A region: its box (px) and which pixels of the box belong to it."""

_LONGEST_PART = 512
"""A longer cut is looked at in parts (px)."""


def join(document: MaskDocument, first: Found, second: Found, labels: tuple[int, int]) -> bool:
    """Make two regions one, as one undo step: a bridge as wide as the thinner one joins their closest points.

    Args:
        document: Its mask is changed.
        first: The one whose class the other gets.
        second: The other one; it may be in the mask or not.
        labels: The classes of both.

    Returns:
        Whether it could be done; not where one of the classes is locked.
    """
    open_labels = document.open_labels()
    if open_labels is not None and not open_labels[list(labels)].all():
        return False
    document.begin_stroke(labels[0], over={0, *labels})
    document.paint(*second)
    (x0, y0), (x1, y1) = closest_points(first, second)
    width = max(1, round(min(mean_width(first[1]), mean_width(second[1]))))
    document.extend_stroke(x0 + 0.5, y0 + 0.5, x1 + 0.5, y1 + 0.5, width)
    return document.end_stroke("Join defects")


def cut(document: MaskDocument, ends: tuple[int, int, int, int], only: Box | None = None) -> bool:
    """Erase a line of 1 to 2 px through the regions that it divides, as one undo step.

    Args:
        document: Its mask is cut.
        ends: Column and row of one end and of the other (px); may be outside the image.
        only: Box of a region; if the line divides that one, others are left as they are.

    Returns:
        Whether a region was divided.
    """
    height, width = document.mask.shape
    inside, start, end = cv2.clipLine((0, 0, width, height), ends[:2], ends[2:])
    if not inside:
        return False
    line = _in_parts(*start, *end)
    divided = [
        (found[0], away) for found in _crossed(document.mask, line) if (away := _divided(found, line)) is not None
    ]
    chosen = [item for item in divided if item[0] == only] or divided
    document.begin_stroke(0)
    for box, away in chosen:
        document.paint(box, away)
    return document.end_stroke("Cut defect")


def _in_parts(x0: int, y0: int, x1: int, y1: int) -> list[Found]:
    """Return the pixels of a cut between two pixels; a long one in parts, as the box around it may be most of an image.

    Each part begins where the one before ends, so that no region crosses between them.
    """
    parts = max(1, ceil(max(abs(x1 - x0), abs(y1 - y0)) / _LONGEST_PART))
    ends = np.rint(np.linspace((x0, y0), (x1, y1), parts + 1)).astype(int).tolist()
    return [cut_line(*start, *end) for start, end in pairwise(ends)]


def _crossed(mask: Mask, line: Sequence[Found]) -> list[Found]:
    """Return each region of a mask that has pixels on a line."""
    crossed: list[Found] = []
    for box, pixels in line:
        left = pixels & (mask[box.slices] > 0)
        for known in crossed:
            _take_away(left, box, known)
        while left.any():
            row, column = (int(value) for value in np.unravel_index(np.argmax(left), left.shape))
            found = region_at(mask, box.x + column, box.y + row)
            assert found is not None
            _take_away(left, box, found)
            crossed.append(found)
    return crossed


def _take_away(pixels: NDArray[np.bool_], box: Box, found: Found) -> None:
    ours, theirs = _overlap(box, found[0])
    pixels[ours] &= ~found[1][theirs]


def _divided(found: Found, line: Sequence[Found]) -> NDArray[np.bool_] | None:
    """Return a region's pixels on a line, bool (region's box); None when what remains is still connected."""
    box, pixels = found
    away = np.zeros_like(pixels)
    for part, drawn in line:
        ours, theirs = _overlap(box, part)
        away[ours] |= drawn[theirs]
    away &= pixels
    count, _ = cv2.connectedComponents(np.asarray(pixels & ~away, np.uint8), connectivity=8)
    return away if count > 2 else None


def _overlap(box: Box, other: Box) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where two boxes overlap, as slices within each."""
    common = box.intersection(other)

    def within(outer: Box) -> tuple[slice, slice]:
        return Box(common.x - outer.x, common.y - outer.y, common.width, common.height).slices

    return within(box), within(other)
