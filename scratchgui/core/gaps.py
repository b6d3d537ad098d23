"""Closing the gaps of scratches that were found in pieces."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.brush import stroke_coverage
from scratchgui.core.geometry import Box
from scratchgui.core.morphology import CleanUp, Piece
from scratchgui.core.region_shape import closest_points, mean_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

_ALONG = cos(radians(30))
"""How well a gap must lie in the direction of the pieces beside it."""
_LONG = 2.0
"""From this ratio of length to width on a piece has a direction."""
_LOOK = 24
"""How much of a piece is looked at to tell its direction (px)."""


def close_gaps(mask: Mask, regions: Sequence[Piece], reach: int) -> CleanUp:
    """Join pieces of the same class that go on in the same direction beyond a gap.

    Args:
        mask: uint8 (H, W); only its background is painted over.
        regions: Its regions.
        reach: Longest gap (px).
    """
    changes = []
    for first, second in _neighbors(regions, reach):
        bridge = _bridge(first, second, reach)
        if bridge is not None:
            free = _on_background(mask, bridge, first.label)
            if free.pixels.any():
                changes.append(free)
    return CleanUp(tuple(changes), len(changes))


def _neighbors(regions: Sequence[Piece], reach: int) -> Iterator[tuple[Piece, Piece]]:
    """Yield the pairs of one class whose boxes are at most so far apart (px)."""
    sides = np.array([(r.box.x, r.box.y, r.box.right, r.box.bottom, r.label) for r in regions], int).reshape(-1, 5)
    for index, first in enumerate(regions):
        rest = sides[index + 1 :]
        box = first.box.expanded(reach)
        near = (rest[:, 0] <= box.right) & (rest[:, 2] >= box.x) & (rest[:, 1] <= box.bottom) & (rest[:, 3] >= box.y)
        for other in np.flatnonzero(near & (rest[:, 4] == first.label)).tolist():
            yield first, regions[index + 1 + other]


def _bridge(first: Piece, second: Piece, reach: int) -> Piece | None:
    """Return the pixels between two pieces if one goes on in the other."""
    start, end = closest_points((first.box, first.pixels), (second.box, second.pixels))
    gap = float(np.hypot(end[0] - start[0], end[1] - start[1])) - 1
    if gap > reach or not _in_line(_end_at(first, start), _end_at(second, end)):
        return None
    width = max(1, round(min(mean_width(first.pixels), mean_width(second.pixels))))
    covered, x, y = stroke_coverage(start[0] + 0.5, start[1] + 0.5, end[0] + 0.5, end[1] + 0.5, width)
    return Piece(Box(x, y, covered.shape[1], covered.shape[0]), covered, first.label)


def _end_at(piece: Piece, point: tuple[int, int]) -> NDArray[np.float64]:
    """Return the piece's pixels near a point, column and row, (N, 2)."""
    near = Box(*point, 1, 1).expanded(_LOOK).intersection(piece.box)
    rows, columns = np.nonzero(piece.pixels[near.relative_to(piece.box).slices])
    return np.stack([columns + near.x, rows + near.y], axis=1).astype(float)


def _in_line(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    """Tell whether two ends lie in the direction of those that have one; one at least must."""
    way = second.mean(axis=0) - first.mean(axis=0)
    way /= max(1e-9, float(np.hypot(*way)))
    directions = [found for end in (first, second) if (found := _direction(end)) is not None]
    return bool(directions) and all(abs(float(found @ way)) >= _ALONG for found in directions)


def _direction(points: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the unit vector along elongated points (N, 2), or None for a blob."""
    if len(points) < 3:
        return None
    values, vectors = np.linalg.eigh(np.cov(points.T) + np.eye(2) / 12)  # a pixel is no point
    return np.asarray(vectors[:, 1], np.float64) if values[1] >= _LONG**2 * values[0] else None


def _on_background(mask: Mask, piece: Piece, label: int) -> Piece:
    height, width = mask.shape
    box = piece.box.clipped(width, height)
    return Piece(box, piece.pixels[box.relative_to(piece.box).slices] & (mask[box.slices] == 0), label)
