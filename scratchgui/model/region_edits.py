"""Joining and cutting defects of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.region_shape import closest_points, cut_line, mean_width
from scratchgui.core.regions import region_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.model.mask_document import MaskDocument

Found: TypeAlias = "tuple[Box, NDArray[np.bool_]]"
"""A region: its box (px) and which pixels of the box belong to it."""


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
    line = cut_line(*start, *end)
    divided = [
        (found[0], away) for found in _crossed(document.mask, line) if (away := _divided(found, line)) is not None
    ]
    chosen = [item for item in divided if item[0] == only] or divided
    document.begin_stroke(0)
    for box, away in chosen:
        document.paint(box, away)
    return document.end_stroke("Cut defect")


def _crossed(mask: Mask, line: Found) -> Iterator[Found]:
    """Yield each region of a mask that has pixels on a line."""
    box, pixels = line
    left = pixels & (mask[box.slices] > 0)
    while left.any():
        row, column = (int(value) for value in np.unravel_index(np.argmax(left), left.shape))
        found = region_at(mask, box.x + column, box.y + row)
        assert found is not None
        ours, theirs = _overlap(box, found[0])
        left[ours] &= ~found[1][theirs]
        yield found


def _divided(found: Found, line: Found) -> NDArray[np.bool_] | None:
    """Return a region's pixels on a line, bool (region's box); None when what remains is still connected."""
    box, pixels = found
    away = np.zeros_like(pixels)
    ours, theirs = _overlap(box, line[0])
    away[ours] = line[1][theirs]
    away &= pixels
    count, _ = cv2.connectedComponents(np.asarray(pixels & ~away, np.uint8), connectivity=8)
    return away if count > 2 else None


def _overlap(box: Box, other: Box) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where two boxes overlap, as slices within each."""
    common = box.intersection(other)

    def within(outer: Box) -> tuple[slice, slice]:
        return Box(common.x - outer.x, common.y - outer.y, common.width, common.height).slices

    return within(box), within(other)
