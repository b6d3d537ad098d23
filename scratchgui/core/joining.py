"""Joining the pieces of scratches that were found with gaps, all those of an image at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, tan
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.brush import stroke_coverage
from scratchgui.core.geometry import Box
from scratchgui.core.runs import Runs, runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

_LONG, _SHORTEST = 2.0, 5.0
"""From this ratio of length to width, and from this length (px) on, a piece has a direction."""
_LOOK = 24
"""How much of a piece is looked at to tell the direction of its end (px); twice its width where that is more."""
_AGREE = cos(radians(30))
"""How well the directions of two ends must agree."""
_AHEAD = tan(radians(20))
"""How far beside the direction of one end the other one may lie, as a share of the way between them."""


@dataclass(frozen=True, slots=True)
class _Axes:
    """The principal axes of groups of pixels.

    Attributes:
        middles: Mean column and row (px), float64 (N, 2).
        directions: Unit vector along each group, float64 (N, 2).
        lengths: Length along it (px), float64 (N,); that of a straight band is exact.
        widths: The same across.
    """

    middles: NDArray[np.float64]
    directions: NDArray[np.float64]
    lengths: NDArray[np.float64]
    widths: NDArray[np.float64]

    @property
    def are_long(self) -> NDArray[np.bool_]:
        """Which have a direction, bool (N,)."""
        return (self.lengths >= _LONG * self.widths) & (self.lengths >= _SHORTEST)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Ends of pieces: where their middle lines stop (px), their directions outward, (N, 2), and widths (px), (N,)."""

    tips: NDArray[np.float64]
    directions: NDArray[np.float64]
    widths: NDArray[np.float64]
    groups: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Rows of pixels of several groups: first column, last column + 1, row and group, int64 (N,) each."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    row: NDArray[np.int64]
    group: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> _Lines:
        """Return some of them, or all in another order."""
        return _Lines(self.left[chosen], self.right[chosen], self.row[chosen], self.group[chosen])


def join_pieces(mask: Mask, label: int, longest: int) -> None:
    """Join, in place, long pieces of a class that go on in the same direction beyond a gap; only background is filled.

    Args:
        mask: uint8 (H, W).
        label: The class.
        longest: Longest gap (px).
    """
    ends = _ends(runs_of(mask, label))
    for first, second in _pairs(ends, longest):
        _bridge(mask, label, ends, first, second)


def _ends(runs: Runs) -> _Ends:
    """Return both ends of each region that is long."""
    count, groups = runs.groups()
    lines = _Lines(runs.columns, runs.columns + runs.lengths, runs.rows, groups)
    whole = _axes(lines, count)
    lines = lines.where(whole.are_long[groups])
    near, points = _near_ends(lines, whole)
    ends = _axes(near, len(points))
    outward = ends.directions * _signs(((points - ends.middles) * ends.directions).sum(axis=1))[:, None]
    tips = ends.middles + outward * _reach(near, ends.middles, outward)[:, None]
    group = np.repeat(np.flatnonzero(whole.are_long), 2)
    kept = ends.are_long
    return _Ends(tips[kept], outward[kept], ends.widths[kept], group[kept])


def _axes(lines: _Lines, count: int) -> _Axes:
    """Return the axes of groups 0 … count - 1; those without pixels have no length."""
    lengths = np.maximum(lines.right - lines.left, 0).astype(float)
    areas = np.maximum(np.bincount(lines.group, lengths, count), 1)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(lines.group, lengths * values, count) / areas)

    columns, rows = (lines.left + lines.right - 1) / 2, lines.row.astype(float)
    x, y = mean(columns), mean(rows)
    across, down = columns - x[lines.group], rows - y[lines.group]
    # A pixel is a square and no point: it has a spread of its own.
    xx, yy, xy = mean(across**2 + lengths**2 / 12), mean(down**2) + 1 / 12, mean(across * down)
    half, spread = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    angle = np.arctan2(2 * xy, xx - yy) / 2
    directions = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    long, wide = np.sqrt(12 * (half + spread)), np.sqrt(12 * np.maximum(half - spread, 1 / 12))
    return _Axes(np.stack([x, y], axis=1), directions, long, wide)


def _near_ends(lines: _Lines, whole: _Axes) -> tuple[_Lines, NDArray[np.float64]]:
    """Return what lies near the ends of each long group, end by end, and the outermost pixels, (2 * groups, 2)."""
    order = np.argsort(lines.group, kind="stable")
    lines = lines.where(order)
    groups, first, counts = np.unique(lines.group, return_index=True, return_counts=True)
    points = _outermost(lines, whole, first).reshape(-1, 2)
    look = np.repeat(np.maximum(_LOOK, 2 * whole.widths[groups]).astype(np.int64), 2)
    # The rows of a group once for each of its ends.
    counts, starts = np.repeat(counts, 2), np.repeat(first, 2)
    end = np.repeat(np.arange(len(counts)), counts)
    index = np.arange(len(end)) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
    twice, (x, y), reach = lines.where(index), points[end].T, look[end]
    left, right = np.maximum(twice.left, x - reach), np.minimum(twice.right, x + reach + 1)
    near = (left < right) & (np.abs(twice.row - y) <= reach)
    return _Lines(left, right, twice.row, end).where(near), points.astype(float)


def _outermost(lines: _Lines, whole: _Axes, first: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return column and row of the first and last pixel of each group along its direction, int64 (N, 2, 2)."""
    columns, rows = np.concatenate([lines.left, lines.right - 1]), np.tile(lines.row, 2)
    group = np.tile(lines.group, 2)
    along = columns * whole.directions[group, 0] + rows * whole.directions[group, 1]
    order = np.lexsort((along, group))
    last = np.append(first[1:], len(lines.left)) if len(first) else first
    chosen = np.stack([order[2 * first], order[2 * last - 1]], axis=1)
    return np.stack([columns[chosen], rows[chosen]], axis=2)


def _reach(lines: _Lines, middles: NDArray[np.float64], outward: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each group goes on from its middle in a direction (px)."""
    farthest = np.zeros(len(middles))
    (x, y), (dx, dy) = middles[lines.group].T, outward[lines.group].T
    for columns in (lines.left, lines.right - 1):
        np.maximum.at(farthest, lines.group, (columns - x) * dx + (lines.row - y) * dy)
    return farthest


def _signs(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values < 0, -1.0, 1.0)


def _pairs(ends: _Ends, longest: int) -> list[tuple[int, int]]:
    """Return which ends go on in each other, the nearest first; each one at most once."""
    from scipy.spatial import cKDTree  # takes a tenth of a second, which the start of the window should not

    if not len(ends.tips):
        return []
    pairs = cKDTree(ends.tips).query_pairs(longest + 1 + 1e-6, output_type="ndarray")
    pairs = pairs[ends.groups[pairs[:, 0]] != ends.groups[pairs[:, 1]]]
    one, other = pairs.T
    way = ends.tips[other] - ends.tips[one]
    agree = -(ends.directions[one] * ends.directions[other]).sum(axis=1) >= _AGREE
    beside = np.minimum(ends.widths[one], ends.widths[other]) / 2
    fitting = agree & _is_ahead(ends.directions[one], way, beside) & _is_ahead(ends.directions[other], -way, beside)
    order = np.argsort(np.hypot(*way[fitting].T), kind="stable")
    chosen: list[tuple[int, int]] = []
    used: set[int] = set()
    for first, second in pairs[fitting][order].tolist():
        if not used & {first, second}:
            used |= {first, second}
            chosen.append((first, second))
    return chosen


def _is_ahead(
    directions: NDArray[np.float64], way: NDArray[np.float64], beside: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell whether ways lead on in directions, both (N, 2); those of wide ends may lie so much beside (px)."""
    along = (way * directions).sum(axis=1)
    across = np.abs(way[:, 0] * directions[:, 1] - way[:, 1] * directions[:, 0])
    return np.asarray((along > 0) & (across <= np.maximum(along * _AHEAD, beside)))


def _bridge(mask: Mask, label: int, ends: _Ends, first: int, second: int) -> None:
    """Draw a bridge of the width of the narrower end, from within one end to within the other."""
    width = min(ends.widths[first], ends.widths[second])
    (x0, y0), (x1, y1) = (ends.tips[end] - ends.directions[end] * (width / 2) for end in (first, second))
    covered, x, y = stroke_coverage(x0 + 0.5, y0 + 0.5, x1 + 0.5, y1 + 0.5, max(1, round(width)))
    around = Box(x, y, covered.shape[1], covered.shape[0])
    box = around.clipped(mask.shape[1], mask.shape[0])
    part = mask[box.slices]
    part[covered[box.relative_to(around).slices] & (part == 0)] = label
