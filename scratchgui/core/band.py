"""The pixels of a line with a width."""

from __future__ import annotations

from functools import reduce
from math import ceil, floor, hypot
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scratchgui.core.line_map import Points

Piece = tuple[Box, "NDArray[np.bool_]"]
"""A box (px) and which of its pixels are meant, bool (box height, box width)."""

_TURN, _STRAIGHT = 0.08, 24.0
"""Points are left out until the line has turned by so much (radians) or gone so far (px): it moves by 0.2 px."""
_CORNER = 0.1
"""A corner between long steps is not left out when the line would move by more there (px)."""
_LONGEST = 128
"""Parts of the line are not longer (px), so that a diagonal needs no box of its size."""
_PIECE = 256 * 256
"""Largest box of several parts together (px²)."""
_ASIDE = (1 / 64, 1 / 37)
"""The line is moved by so little (px): of two pixels equally far from it, one is covered, and 2 px are not 3."""


def band(points: Points, width: float) -> list[Piece]:
    """Return the pixels whose centers are within half the width of a line, in boxes that may overlap.

    Args:
        points: At least one point; the ends are round.
        width: Width (px); below 1 it is 1, so that the band has no gaps.
    """
    radius = max(1.0, width) / 2
    pieces: list[Piece] = []
    run: list[Piece] = []
    around = Box.empty()
    for part in _parts(points):
        capsule = _capsule(*part, radius)
        wider = around.union(capsule[0])
        if run and wider.area > _PIECE:
            pieces.append(joined(run))
            run, wider = [], capsule[0]
        run.append(capsule)
        around = wider
    return [*pieces, joined(run)]


def _parts(points: Points) -> Iterator[tuple[float, float, float, float]]:
    """Yield the ends of short straight parts that make up a line."""
    kept = _without_straight(points)
    if len(kept) == 1:
        yield (*kept[0], *kept[0])
    for (x0, y0), (x1, y1) in zip(kept[:-1].tolist(), kept[1:].tolist(), strict=True):
        count = max(1, ceil(hypot(x1 - x0, y1 - y0) / _LONGEST))
        dx, dy = (x1 - x0) / count, (y1 - y0) / count
        for at in range(count):
            yield x0 + at * dx, y0 + at * dy, x0 + (at + 1) * dx, y0 + (at + 1) * dy


def _without_straight(points: Points) -> Points:
    steps = np.diff(points, axis=0)
    moving = np.hypot(steps[:, 0], steps[:, 1]) > 1e-6
    steps, points = steps[moving], np.concatenate([points[:1], points[1:][moving]])
    if len(points) < 3:
        return points
    turns = np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))
    turned = np.floor(np.cumsum(np.abs(turns)) / _TURN)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    gone = np.floor(np.cumsum(lengths)[:-1] / _STRAIGHT)
    corners = np.abs(turns) * np.minimum(lengths[:-1], lengths[1:]) > _CORNER
    kept = (np.diff(turned + gone, prepend=0) > 0) | corners
    return np.asarray(points[np.concatenate([[True], kept, [True]])], np.float64)


def _capsule(x0: float, y0: float, x1: float, y1: float, radius: float) -> Piece:
    left, top = floor(min(x0, x1) - radius), floor(min(y0, y1) - radius)
    box = Box(left, top, ceil(max(x0, x1) + radius) - left, ceil(max(y0, y1) + radius) - top)
    rows = np.arange(box.height, dtype=np.float32)[:, None] + np.float32(top + 0.5 - y0 - _ASIDE[1])
    columns = np.arange(box.width, dtype=np.float32)[None, :] + np.float32(left + 0.5 - x0 - _ASIDE[0])
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy
    if square > 0:
        along = np.clip((columns * dx + rows * dy) / square, 0, 1)
        rows, columns = rows - along * dy, columns - along * dx
    return box, np.asarray(columns**2 + rows**2 <= radius**2)


def joined(pieces: Sequence[Piece]) -> Piece:
    """Return pieces, one at least, as one; a single one is not copied."""
    if len(pieces) == 1:
        return pieces[0]
    around = reduce(Box.union, (box for box, _ in pieces))
    pixels = np.zeros((around.height, around.width), np.bool_)
    for box, covered in pieces:
        pixels[box.relative_to(around).slices] |= covered
    return around, pixels
