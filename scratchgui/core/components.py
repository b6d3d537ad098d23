"""Connected pixels of one class, measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.runs import runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.runs import Runs


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
    runs = runs_of(mask, label)
    count, groups = runs.groups()
    rows, columns, lengths = runs.rows, runs.columns, runs.lengths
    areas = np.bincount(groups, lengths.astype(float), count)
    boxes = np.tile(np.array([2**62, 2**62, -1, -1]), (count, 1))
    for side, places in enumerate((columns, rows)):
        np.minimum.at(boxes[:, side], groups, places)
    for side, places in enumerate((columns + lengths, rows + 1), 2):
        np.maximum.at(boxes[:, side], groups, places)
    middles = np.stack(
        [np.bincount(groups, lengths * places, count) / areas for places in (columns + (lengths - 1) / 2, rows)],
        axis=1,
    )
    means, highest = np.zeros(count), np.zeros(count, np.uint8)
    if values is not None:
        totals, most = _measured(runs, values)
        means = np.bincount(groups, totals.astype(float), count) / areas
        np.maximum.at(highest, groups, most)
    return Components(boxes, areas.astype(np.int64), middles, means, highest)


def _measured(runs: Runs, values: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return sum, int64 (N,), and maximum, uint8 (N,), of the values in each run."""
    flat = values.reshape(-1)
    found = np.concatenate([np.empty(0, np.uint8), *(flat[part] for part in runs.pixels())])
    firsts = np.cumsum(runs.lengths) - runs.lengths
    if not len(firsts):
        return firsts, found
    return np.add.reduceat(found, firsts, dtype=np.int64), np.maximum.reduceat(found, firsts)
