"""Connected pixels of one class and their numbers, band by band: memory does not grow with the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

BAND_PIXELS = 16_000_000
"""Size of a band (px): OpenCV's numbers of its pixels need 64 MB, those of a whole image of 400 megapixels 1.6 GB."""


@dataclass(frozen=True, slots=True)
class Components:
    """Connected components (8-neighborhood), one entry each.

    Attributes:
        boxes: First column, first row, last column + 1 and last row + 1, int64 (N, 4).
        areas: Number of pixels, int64 (N,).
        middles: Mean column and row, float64 (N, 2).
        means: Mean of the values in the component, float64 (N,); 0 without values.
        highest: Highest value in the component, uint8 (N,); 0 without values.
    """

    boxes: NDArray[np.int64]
    areas: NDArray[np.int64]
    middles: NDArray[np.float64]
    means: NDArray[np.float64]
    highest: NDArray[np.uint8]


def components(mask: Mask, label: int, values: NDArray[np.uint8] | None = None) -> Components:
    """Return the connected components of a label.

    Args:
        mask: uint8 (H, W).
        label: The label.
        values: What mean and maximum are taken of, uint8 (H, W).
    """
    pieces: list[Components] = []
    touching: list[tuple[int, int]] = []
    above, first = np.zeros(mask.shape[1], np.int64), 0
    for top, bottom in bands(*mask.shape):
        numbers, piece = _measured(mask[top:bottom] == label, None if values is None else values[top:bottom], top)
        touching += _pairs(above, _counted_on(numbers[0], first))
        above = _counted_on(numbers[-1], first)
        pieces.append(piece)
        first += len(piece.areas)
    return _joined(pieces, _groups(first, touching))


def bands(height: int, width: int, overlap: int = 0) -> Iterator[tuple[int, int]]:
    """Yield first row and last row + 1 of each band of an image; neighbors share `overlap` rows."""
    rows = max(1, BAND_PIXELS // max(1, width))
    for top in range(0, height, rows):
        yield top, min(height, top + rows + overlap)


def _measured(
    binary: NDArray[np.bool_], values: NDArray[np.uint8] | None, top: int
) -> tuple[NDArray[np.int32], Components]:
    """Return the number of each pixel, 0 for background, and the components of a band that begins at a row."""
    count, found, stats, centers = cv2.connectedComponentsWithStats(binary.view(np.uint8), connectivity=8)
    numbers = np.asarray(found, np.int32)
    left, upper, width, height, areas = np.asarray(stats[1:], np.int64).T
    boxes = np.stack([left, upper + top, left + width, upper + height + top], axis=1)
    means, highest = np.zeros(count - 1), np.zeros(count - 1, np.uint8)
    if values is not None:
        # Only the pixels of regions: a mask is nearly all background.
        where = np.flatnonzero(numbers)
        index, value = numbers.ravel()[where] - 1, values.reshape(-1)[where]
        means = np.bincount(index, weights=value, minlength=count - 1) / areas
        np.maximum.at(highest, index, value)
    return numbers, Components(boxes, areas, np.add(centers[1:], (0.0, top), dtype=np.float64), means, highest)


def _counted_on(numbers: NDArray[np.int32], first: int) -> NDArray[np.int64]:
    """Return the numbers of a row, 0 for background, if `first` components come before those of its band."""
    return np.where(numbers > 0, numbers.astype(np.int64) + first, 0)


def _pairs(above: NDArray[np.int64], below: NDArray[np.int64]) -> set[tuple[int, int]]:
    """Return the numbers of components that touch between two rows, at corners too."""
    found: set[tuple[int, int]] = set()
    for one, other in ((above, below), (above[1:], below[:-1]), (above[:-1], below[1:])):
        both = np.flatnonzero((one > 0) & (other > 0))
        found.update(zip(one[both].tolist(), other[both].tolist(), strict=True))
    return found


def _groups(count: int, touching: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Return for each of the components 1 … count which group of those that touch it belongs to, (count,)."""
    if not touching:
        return np.arange(count)
    parents = list(range(count + 1))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for one, other in touching:
        parents[root(other)] = root(one)
    return np.unique([root(number) for number in range(1, count + 1)], return_inverse=True)[1]


def _joined(pieces: list[Components], groups: NDArray[np.intp]) -> Components:
    """Return the components that pieces make which touch."""
    count = int(groups.max(initial=-1)) + 1
    boxes, areas, middles, means, highest = (
        np.concatenate([getattr(piece, name) for piece in pieces]) for name in Components.__dataclass_fields__
    )
    if count == len(groups):
        return Components(boxes, areas, middles, means, highest)
    ends = np.tile(np.array([2**62, 2**62, -1, -1]), (count, 1))
    np.minimum.at(ends[:, :2], groups, boxes[:, :2])
    np.maximum.at(ends[:, 2:], groups, boxes[:, 2:])
    most = np.zeros(count, np.uint8)
    np.maximum.at(most, groups, highest)
    whole = np.bincount(groups, weights=areas, minlength=count)
    columns, rows, mean = (
        np.bincount(groups, weights=part * areas, minlength=count) / whole
        for part in (middles[:, 0], middles[:, 1], means)
    )
    return Components(ends, whole.astype(np.int64), np.stack([columns, rows], axis=1), mean, most)
