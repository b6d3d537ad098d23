"""The pixels that a round brush covers."""

from __future__ import annotations

from functools import lru_cache
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.bool_]
Stamp = tuple[int, int, int]
"""Left column, top row and diameter of a stamp (px)."""

_ON_THE_EDGE = 1e-9
"""Rounding must not leave out a pixel whose center lies exactly on the edge of a tapered stroke (px²)."""


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


def stroke_coverage(
    x0: float, y0: float, x1: float, y1: float, diameter: int, end_diameter: int | None = None
) -> tuple[Coverage, int, int]:
    """Return the pixels that a brush covers when it moves in a straight line; both ways they are the same.

    Args:
        x0: Start, image coordinates (px).
        y0: Start.
        x1: End.
        y1: End.
        diameter: Size of the brush (px), at least 1.
        end_diameter: Its size at the end when it changes evenly on the way; None when it does not.

    Returns:
        Coverage, bool (height, width), and the column and row of its top-left pixel, which may be negative.
    """
    end_diameter = diameter if end_diameter is None else end_diameter
    # In the same order both ways, so that both are rounded in the same way.
    start, end = sorted(
        [(*stamp_origin(x0, y0, diameter), diameter), (*stamp_origin(x1, y1, end_diameter), end_diameter)]
    )
    larger = max(start, end, key=lambda stamp: stamp[2])
    grown = end[2] - start[2]
    way = ((end[0] - start[0]) + grown / 2) ** 2 + ((end[1] - start[1]) + grown / 2) ** 2
    if way <= (grown / 2) ** 2:  # the one holds the other
        return disc(larger[2]), larger[0], larger[1]
    left, top = min(start[0], end[0]), min(start[1], end[1])
    shape = (max(_bottom(start), _bottom(end)) - top, max(_right(start), _right(end)) - left)
    return _capsule(_moved(start, left, top), _moved(end, left, top), shape), left, top


def _right(stamp: Stamp) -> int:
    return stamp[0] + stamp[2]


def _bottom(stamp: Stamp) -> int:
    return stamp[1] + stamp[2]


def _moved(stamp: Stamp, left: int, top: int) -> Stamp:
    return stamp[0] - left, stamp[1] - top, stamp[2]


def _capsule(start: Stamp, end: Stamp, shape: tuple[int, int]) -> Coverage:
    """Pixels (height, width) within half a diameter of the way between two stamps' centers."""
    ax, ay, bx, by = (stamp[axis] + (stamp[2] - 1) / 2 for stamp in (start, end) for axis in (0, 1))
    tapered = start[2] != end[2]
    kind = np.dtype(np.float64 if tapered else np.float32)
    rows: NDArray[np.floating] = np.arange(shape[0]).astype(kind)[:, None] - ay
    columns: NDArray[np.floating] = np.arange(shape[1]).astype(kind)[None, :] - ax
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    along = (columns * dx + rows * dy) / square
    if not tapered:
        along = np.clip(along, 0, 1)
        distance = (columns - along * dx) ** 2 + (rows - along * dy) ** 2
        return np.asarray(distance <= (start[2] / 2) ** 2)
    # The circle on the way that reaches a pixel best is not the nearest one, but one shifted to the thick end.
    first, growth = start[2] / 2, (end[2] - start[2]) / 2
    slope = growth / sqrt(square - growth * growth)
    along = np.clip(along + np.abs(columns * dy - rows * dx) * (slope / square), 0, 1)
    distance = (columns - along * dx) ** 2 + (rows - along * dy) ** 2
    return np.asarray(distance <= (first + along * growth) ** 2 + _ON_THE_EDGE)
