"""Connected defects of a label map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.components import components
from scratchgui.core.flood import connected
from scratchgui.core.geometry import Box
from scratchgui.core.mask import labels_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask


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
    found: list[Region] = []
    for label in labels_in(mask):
        values = probability[label - 1] if probability is not None and label <= len(probability) else None
        found += _regions_of_class(mask, label, values, min_area)
    found.sort(key=lambda region: (-region.area, region.box.y, region.box.x))
    return [replace(region, number=number) for number, region in enumerate(found, 1)]


def _regions_of_class(mask: Mask, label: int, values: NDArray[np.uint8] | None, min_area: int) -> list[Region]:
    found = components(mask, label, values)
    regions = []
    for index in np.flatnonzero(found.areas >= min_area).tolist():
        left, top, right, bottom = found.boxes[index].tolist()
        column, row = found.middles[index].tolist()
        area = int(found.areas[index])
        mean = highest = None
        if values is not None:
            mean, highest = float(found.means[index]) / 255, int(found.highest[index]) / 255
        box = Box(left, top, right - left, bottom - top)
        regions.append(Region(0, label, box, area, area / mask.size, mean, highest, (column, row)))
    return regions


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
