"""What is kept and added when a label map is cut out of a probability, over images of any size at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.runs import runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.runs import Runs


def drop_faint(mask: Mask, sure: Mask, label: int) -> None:
    """Clear, in place, regions (8-neighborhood) of a class without a sure pixel.

    Args:
        mask: uint8 (H, W).
        sure: The same without the pixels that count only beside others, uint8 (H, W).
        label: The class.
    """
    runs, certain = runs_of(mask, label), runs_of(sure, label)
    count, groups = runs.groups()
    kept = np.zeros(count, bool)
    kept[groups[np.searchsorted(runs.starts, certain.starts, side="right") - 1]] = True
    _write(mask, runs.where(~kept[groups]), 0)


def drop_small(mask: Mask, label: int, area: int) -> None:
    """Clear, in place, regions (8-neighborhood) of a class that are smaller than an area (px²)."""
    runs = runs_of(mask, label)
    count, groups = runs.groups()
    _write(mask, runs.where(_areas(runs, count, groups)[groups] < area), 0)


def fill_holes(mask: Mask, label: int, largest: int) -> None:
    """Fill, in place, background that a region of a class encloses, where the hole is not above an area (px²).

    What touches the edge of the image is no hole. Other classes in a hole stay, but count to its area.
    """
    runs = runs_of(mask, label, other=True)
    count, groups = runs.groups(corners=False)
    holes = _areas(runs, count, groups) <= largest
    rows, columns = runs.rows, runs.columns
    at_edge = (rows == 0) | (rows == len(mask) - 1) | (columns == 0) | (columns + runs.lengths == mask.shape[1])
    holes[groups[at_edge]] = False
    flat = mask.reshape(-1)
    for part in runs.where(holes[groups]).pixels():
        flat[part[flat[part] == 0]] = label


def _areas(runs: Runs, count: int, groups: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(np.bincount(groups, runs.lengths, count), np.float64)


def _write(mask: Mask, runs: Runs, label: int) -> None:
    flat = mask.reshape(-1)
    for part in runs.pixels():
        flat[part] = label
