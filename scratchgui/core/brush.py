"""The pixels that a round brush covers."""

from __future__ import annotations

from functools import lru_cache
from math import floor

import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.bool_]


@lru_cache(maxsize=64)
def disc(diameter: int) -> Coverage:
    """Return the round stamp of a brush, bool (diameter, diameter), symmetric in both directions.

    A pixel is covered when its center lies within the circle; diameters of 1 and 2 px are squares.
    """
    offset = np.arange(diameter) - (diameter - 1) / 2
    covered = offset[:, None] ** 2 + offset[None, :] ** 2 <= (diameter / 2) ** 2
    covered.setflags(write=False)
    return covered


def stamp_origin(x: float, y: float, diameter: int) -> tuple[int, int]:
    """Return the top-left pixel (column, row) of a stamp centered as near to the point (x, y) as pixels allow.

    The point is in image coordinates, in which pixel (0, 0) covers 0 … 1.
    """
    # Not round(): it goes to the even neighbor at a half, and a straight stroke would wobble.
    return floor((x - diameter / 2) + 0.5), floor((y - diameter / 2) + 0.5)


def stroke_coverage(x0: float, y0: float, x1: float, y1: float, diameter: int) -> tuple[Coverage, int, int]:
    """Return the pixels that a brush covers when it moves in a straight line.

    Args:
        x0: Start, image coordinates (px).
        y0: Start.
        x1: End.
        y1: End.
        diameter: Size of the brush (px), at least 1.

    Returns:
        Coverage, bool (height, width), and the column and row of its top-left pixel, which may be negative.
    """
    (left0, top0), (left1, top1) = stamp_origin(x0, y0, diameter), stamp_origin(x1, y1, diameter)
    left, top = min(left0, left1), min(top0, top1)
    if (left0, top0) == (left1, top1):
        return disc(diameter), left, top
    covered = _capsule((left0 - left, top0 - top), (left1 - left, top1 - top), diameter)
    return covered, left, top


def _capsule(start: tuple[int, int], end: tuple[int, int], diameter: int) -> Coverage:
    """Pixels within half a diameter of the segment between two stamps' centers, both given by their corners."""
    half = (diameter - 1) / 2
    ax, ay, bx, by = start[0] + half, start[1] + half, end[0] + half, end[1] + half
    width, height = abs(end[0] - start[0]) + diameter, abs(end[1] - start[1]) + diameter
    columns = np.arange(width, dtype=np.float32)[None, :] - ax
    rows = np.arange(height, dtype=np.float32)[:, None] - ay
    dx, dy = bx - ax, by - ay
    along = np.clip((columns * dx + rows * dy) / (dx * dx + dy * dy), 0, 1)
    distance = (columns - along * dx) ** 2 + (rows - along * dy) ** 2
    return np.asarray(distance <= (diameter / 2) ** 2)
