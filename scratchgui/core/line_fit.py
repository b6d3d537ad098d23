"""Brings a rough line onto the scratch that it follows."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np

from scratchgui.core.cheapest_paths import CheapestPaths
from scratchgui.core.ridge import Ridge, path_cost, ridge_across, scales_for
from scratchgui.core.strip import length_of, normals, smoothed, spaced, straightened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.line_map import Points

_COLUMNS: Final = 256
_ROWS: Final = 8
"""Cells along a strip, and on each side of its middle: the way through them takes about 2 ms."""
_FINE: Final = 16
"""In a cell lines are looked for in up to so many rows."""
_SMOOTHING: Final = 2.0


def fitted(image: NDArray[np.uint8], rough: Points, reach: float, ridge: Ridge, width: float | None) -> Points:
    """Return a smooth line along the ridge near a rough one; both ends stay.

    Args:
        image: uint8 (H, W) gray or (H, W, 3) RGB.
        rough: The line to begin with.
        reach: How far the ridge may be away from it (px).
        ridge: Lines of which kind.
        width: How wide they are (px); None for any width.
    """
    line = rough
    # Each time the line is as near as a row; where that is wider than a pixel it is not near enough.
    while (reach := min(reach, length_of(line) / 2)) >= 1:
        line = _nearer(image, line, reach, ridge, width)
        if reach <= _ROWS:
            break
        reach *= 2 / _ROWS
    return line


def _nearer(image: NDArray[np.uint8], rough: Points, reach: float, ridge: Ridge, width: float | None) -> Points:
    guide = spaced(rough, 1.0, _COLUMNS)
    along = length_of(rough) / (len(guide) - 1)
    guide = smoothed(guide, max(1.0, reach / along / 2))
    step = reach / _ROWS
    fine = min(_FINE, max(1, ceil(step)))
    scales = [scale * fine / step for scale in scales_for(width)]
    count, beside = (2 * _ROWS + 1) * fine, ceil(2 * max(scales))
    offsets = (np.arange(-beside, count + beside, dtype=np.float64) - (count - 1) / 2) * (step / fine)
    strength = ridge_across(straightened(image, guide, offsets), scales, ridge)[beside:-beside]
    # In each cell the strongest row counts, so that a thin scratch is not passed between two rows.
    pooled = strength.reshape(2 * _ROWS + 1, fine, len(guide)).max(axis=1)
    rows, columns = CheapestPaths(path_cost(pooled), _ROWS, 0).to(_ROWS, len(guide) - 1).T
    middle = np.bincount(columns, rows) / np.bincount(columns)
    moved = guide + normals(guide) * ((middle - _ROWS) * step)[:, None]
    return smoothed(spaced(moved, 1.0, 4 * _COLUMNS), _SMOOTHING)
