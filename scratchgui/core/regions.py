"""Connected defects of a label map."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from scratchgui.core.components import components
from scratchgui.core.flood import connected
from scratchgui.core.geometry import Box
from scratchgui.core.mask import labels_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scratchgui.core.components import Components
    from scratchgui.core.mask import Mask

_Found: TypeAlias = "tuple[int, int, int, int, int, int, float | None, float | None, tuple[float, float]]"
"""Area with a minus sign, row, column, class, width, height, mean and highest probability, centroid."""


@dataclass(frozen=True, slots=True)
class Region:
    """One connected defect (8-neighborhood).

    Attributes:
        number: 1 for the largest of its image, 2 for the next, …
        label: Class of the defect, 1 … N.
        box: Bounding box (px).
        area: Number of pixels (px²).
        area_ratio: Area as a share of the image (0 … 1).
        mean_probability: Mean of the model's probability over the region (0 … 1); None without a prediction.
        max_probability: Highest probability in the region; None without a prediction.
        centroid: Mean column and row (px).
    """

    number: int
    label: int
    box: Box
    area: int
    area_ratio: float
    mean_probability: float | None
    max_probability: float | None
    centroid: tuple[float, float]


def find_regions(mask: Mask, probability: NDArray[np.uint8] | None = None, *, min_area: int = 1) -> list[Region]:
    """Return the defects of a label map, the largest first.

    Args:
        mask: uint8 (H, W).
        probability: Quantized probability of each class, uint8 (C, H, W), 255 = 1; classes that the model does not
            know have none.
        min_area: Smaller regions are left out (px²).
    """
    found: list[_Found] = []
    for label in labels_in(mask):
        values = probability[label - 1] if probability is not None and label <= len(probability) else None
        found += _of_class(label, components(mask, label, values), min_area, measured=values is not None)
    found.sort(key=itemgetter(0, 1, 2))
    size = max(1, mask.size)
    return [
        Region(number, label, Box(x, y, width, height), -area, -area / size, mean, highest, center)
        for number, (area, y, x, label, width, height, mean, highest, center) in enumerate(found, 1)
    ]


def _of_class(label: int, found: Components, min_area: int, *, measured: bool) -> Iterator[_Found]:
    """Yield what is known of each region, in plain numbers: there may be thousands."""
    large = found.areas >= min_area
    areas = (-found.areas[large]).tolist()
    left, top, right, bottom = found.boxes[large].T
    sides = (values.tolist() for values in (top, left, right - left, bottom - top))
    means = (found.means[large] / 255).tolist() if measured else [None] * len(areas)
    highest = (found.highest[large] / 255).tolist() if measured else means
    centers = map(tuple, found.middles[large].tolist())
    for area, y, x, width, height, mean, most, center in zip(areas, *sides, means, highest, centers, strict=True):
        yield area, y, x, label, width, height, mean, most, center


def region_at(mask: Mask, x: int, y: int) -> tuple[Box, NDArray[np.bool_]] | None:
    """Return the connected region of one class at a pixel.

    Only the tiles that it lies in are looked at, so that this is quick in images of any size.

    Args:
        mask: uint8 (H, W).
        x: Column (px).
        y: Row (px).

    Returns:
        The region's box and its pixels, bool (box height, box width); None on background or outside the image.
    """
    height, width = mask.shape
    inside = 0 <= x < width and 0 <= y < height
    return connected(mask, x, y) if inside and mask[y, x] else None


def nearest_label(labels: Mask, x: int, y: int, reach: int) -> tuple[int, int, int] | None:
    """Return the marked pixel nearest to a place, so that a scratch one pixel wide can be pointed at.

    Args:
        labels: uint8 (H, W); 0 is not marked.
        x: Column (px); may be outside.
        y: Row (px).
        reach: How far it may be away (px).

    Returns:
        Its column, row and squared distance (px²); None when nothing is so near.
    """
    height, width = labels.shape
    window = Box(x, y, 1, 1).expanded(reach).clipped(width, height)
    rows, columns = np.nonzero(labels[window.slices])
    if not rows.size:
        return None
    squares = (columns + (window.x - x)) ** 2 + (rows + (window.y - y)) ** 2
    best = int(np.argmin(squares))
    if squares[best] > reach * reach:
        return None
    return int(columns[best]) + window.x, int(rows[best]) + window.y, int(squares[best])
