"""The connected pixels around a place that have about its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIRST = 256
"""Reach of the first window (px): most defects lie within."""
_FARTHEST, _MOST = 2048, 300_000
"""Reach of the largest window (px), and the most pixels for which a larger one is looked at: about 10 ms of work."""


@dataclass(frozen=True, slots=True)
class Area:
    """Connected pixels.

    Attributes:
        box: Their bounding box (px).
        pixels: Which pixels of the box belong to them, bool (box height, box width).
        complete: Whether these are all; otherwise the area goes on where nobody looked.
    """

    box: Box
    pixels: NDArray[np.bool_]
    complete: bool


def similar_area(values: NDArray[np.uint8], x: int, y: int, tolerance: int) -> Area:
    """Return the pixels around a place that are about as bright, connected by sides or corners.

    Windows around the place are looked at, each twice as wide as the one before, while the area goes on beyond them
    and is still small: a long thin scratch is followed far, a whole surface is cut off.

    Args:
        values: uint8 (H, W), or (H, W, 3), in which each channel has to fit.
        x: Column (px), inside.
        y: Row (px), inside.
        tolerance: How far a value may be from that of the place, the median of 3 × 3 pixels.
    """
    height, width = values.shape[:2]
    near = values[Box(x, y, 1, 1).expanded(1).clipped(width, height).slices]
    level = np.floor(np.median(near, axis=(0, 1)))
    reach = _FIRST
    while True:
        window = Box(x, y, 1, 1).expanded(reach).clipped(width, height)
        fits = np.asarray(cv2.inRange(values[window.slices], level - tolerance, level + tolerance), np.uint8)
        fits[y - window.y, x - window.x] = 255
        inside, pixels = _flood(fits, x - window.x, y - window.y)
        box = _moved(inside, window)
        area = Area(box, pixels, complete=not _goes_on(box, window, values))
        if area.complete or reach >= _FARTHEST or np.count_nonzero(pixels) > _MOST:
            return area
        reach *= 2


def _flood(fits: NDArray[np.uint8], x: int, y: int) -> tuple[Box, NDArray[np.bool_]]:
    """Return the pixels that are not 0 around one of them: their box, and bool (box height, box width)."""
    height, width = fits.shape
    reached = np.zeros((height + 2, width + 2), np.uint8)  # OpenCV wants a border
    *_, rect = cv2.floodFill(fits, reached, (x, y), 1, flags=8 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY)
    box = Box(*(int(value) for value in rect))
    return box, np.asarray(reached[1:-1, 1:-1][box.slices] == 1)


def _moved(box: Box, window: Box) -> Box:
    return Box(box.x + window.x, box.y + window.y, box.width, box.height)


def _goes_on(box: Box, window: Box, values: NDArray[np.uint8]) -> bool:
    """Tell whether an area reaches a side of the window that is not the image's own."""
    height, width = values.shape[:2]
    return (
        (box.x == window.x > 0)
        or (box.y == window.y > 0)
        or (box.right == window.right < width)
        or (box.bottom == window.bottom < height)
    )
