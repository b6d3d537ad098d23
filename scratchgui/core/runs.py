"""Marked pixels as unbroken rows of them: work and memory grow with what is marked, not with the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

BAND_PIXELS = 16_000_000
"""How much of a mask is looked at at once (px)."""
_WRITTEN_AT_ONCE = 4_000_000
"""How many pixels are written at once."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Unbroken rows of pixels in the order in which one reads.

    A place is row * (image width + 1) + column, so that the end of a row and the start of the next do not touch.

    Attributes:
        starts: Place of the first pixel, int64 (N,).
        ends: Place of the last pixel + 1, int64 (N,).
        stride: Image width + 1.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    stride: int

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of pixels, int64 (N,)."""
        return self.ends - self.starts

    @property
    def rows(self) -> NDArray[np.int64]:
        """Row of each, int64 (N,)."""
        return self.starts // self.stride

    @property
    def columns(self) -> NDArray[np.int64]:
        """Column of each first pixel, int64 (N,)."""
        return self.starts % self.stride

    def where(self, chosen: NDArray[np.bool_]) -> Runs:
        """Return some of them, chosen by bool (N,)."""
        return Runs(self.starts[chosen], self.ends[chosen], self.stride)

    def groups(self, *, corners: bool = True) -> tuple[int, NDArray[np.int64]]:
        """Return how many connected components there are, and which of them each run belongs to, int64 (N,).

        They are counted from 0 in the order of their first pixels.

        Args:
            corners: Whether pixels hang together by their corners too (8-neighborhood).
        """
        reach = int(corners)
        # Which runs of the next row each one touches: they lie between these two.
        first = np.searchsorted(self.ends, self.starts + (self.stride + 1 - reach))
        after = np.searchsorted(self.starts, self.ends + (self.stride + reach))
        counts = np.maximum(after - first, 0)
        above = np.repeat(np.arange(len(counts)), counts)
        below = np.arange(len(above)) - np.repeat(np.cumsum(counts) - counts - first, counts)
        return _connected(len(counts), above, below)

    def pixels(self) -> Iterator[NDArray[np.int64]]:
        """Yield the indices of all pixels in the flattened image, int64, in parts."""
        starts, lengths = self.starts - self.rows, self.lengths
        totals = np.cumsum(lengths)
        first = 0
        while first < len(starts):
            done = totals[first] - lengths[first]
            last = max(first + 1, int(np.searchsorted(totals, done + _WRITTEN_AT_ONCE)))
            part = lengths[first:last]
            shift = starts[first:last] - (totals[first:last] - part - done)
            yield np.arange(int(part.sum())) + np.repeat(shift, part)
            first = last


def runs_of(mask: Mask, label: int, *, other: bool = False) -> Runs:
    """Return the pixels of a label map, uint8 (H, W), that have a label, or those that have another."""
    height, width = mask.shape
    stride = width + 1
    compare = np.not_equal if other else np.equal
    rows = max(1, BAND_PIXELS // max(1, stride))
    changes = []
    for top in range(0, height, rows):
        part = mask[top : top + rows]
        # One clear pixel before each row and at the very end, so that every run begins and ends.
        padded = np.zeros(len(part) * stride + 1, bool)
        compare(part, label, out=padded[:-1].reshape(-1, stride)[:, 1:])
        changes.append(np.flatnonzero(padded[1:] != padded[:-1]) + top * stride)
    places = np.concatenate(changes) if changes else np.empty(0, np.int64)
    return Runs(places[0::2], places[1::2], stride)


def _connected(count: int, above: NDArray[np.int64], below: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Return the number of connected parts of a graph, and the part of each node, counted in their order.

    (SciPy does the same in about the same time, but takes a tenth of a second to be imported.)
    """
    roots = np.arange(count)
    while len(above):
        one, other = roots[above], roots[below]
        apart = one != other
        above, below, one, other = above[apart], below[apart], one[apart], other[apart]
        np.minimum.at(roots, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(higher := roots[roots], roots):
            roots = higher
    is_root = roots == np.arange(count)
    return int(is_root.sum()), (np.cumsum(is_root) - 1)[roots]
