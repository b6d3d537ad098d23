"""Which images crops are cut from, how often, and where in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.runs import runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.manifest import ManifestEntry
    from scratchgui.core.mask import Mask

_SPOTS = 2048
"""Places that are kept of an image for each reason to cut there."""
_FEWEST_WITH_DEFECT, _MOST_WITH_DEFECT = 0.5, 0.85
"""Share of the crops that come from images with a defect, where there are clean ones too."""
# How often a crop is placed where …: of an image with defects that nobody had to correct, three in four are on one.
_ON_DEFECT, _ON_MISSED, _ON_FALSE_ALARM, _ANYWHERE = 3.0, 2.0, 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Spots:
    """Where crops of one image are placed.

    Attributes:
        reasons: Pixels to have in the crop, as row and column, int32 (N, 2), N > 0, one array a reason.
        chances: How often each reason counts, with the chance of none (a crop from anywhere) at the end; sum 1.
    """

    reasons: tuple[NDArray[np.int32], ...]
    chances: tuple[float, ...]

    def pick(self, rng: np.random.Generator) -> tuple[int, int] | None:
        """Return row and column of a pixel to have in the crop; None for a crop from anywhere."""
        reason = int(np.searchsorted(np.cumsum(self.chances), rng.random(), side="right"))
        if reason >= len(self.reasons):
            return None
        places = self.reasons[reason]
        row, column = places[int(rng.integers(len(places)))]
        return int(row), int(column)


def spots_of(labels: Mask, *, classes: int, began: Mask | None = None, whole: bool = True) -> Spots:
    """Return where to cut crops of an image.

    Args:
        labels: Label map, uint8 (H, W); what is above `classes` is not learned from.
        classes: Number of classes.
        began: The model's mask that the inspector corrected, uint8 (H, W); None where nothing is known of it.
        whole: Crops may come from anywhere; otherwise from what is learned from alone.
    """
    learned = np.asarray(cv2.threshold(labels, classes, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    defect = _marked(labels) & learned
    reasons = [(defect, _ON_DEFECT)]
    if began is not None:
        was = _marked(began)
        reasons += [(defect & ~was, _ON_MISSED), (was & ~defect & learned, _ON_FALSE_ALARM)]
    if not whole:
        reasons.append((learned, _ANYWHERE))
    found = [(spots, chance) for places, chance in reasons if len(spots := _spread(places))]
    anywhere = _ANYWHERE if whole or not found else 0.0
    total = sum(chance for _, chance in found) + anywhere
    chances = [chance / total for _, chance in found]
    return Spots(tuple(spots for spots, _ in found), (*chances, anywhere / total))


def _marked(mask: Mask) -> NDArray[np.uint8]:
    """Return 255 where a label map is not 0, else 0."""
    return np.asarray(cv2.threshold(mask, 0, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _spread(places: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return pixels, int32 (N, 2) as row and column, of what is 255; the same at each call.

    A region counts by the root of its area: a short scratch is not lost beside a large stain.
    """
    runs = runs_of(places, 255)
    if not len(runs.starts):
        return np.empty((0, 2), np.int32)
    count, groups = runs.groups()
    lengths = runs.lengths
    areas = np.bincount(groups, lengths, count)
    # Each run has its share of its region's chance.
    ends = np.cumsum(lengths / np.sqrt(areas[groups]))
    rng = np.random.default_rng(0)
    chosen = np.minimum(np.searchsorted(ends, rng.random(_SPOTS) * ends[-1], side="right"), len(ends) - 1)
    columns = runs.columns[chosen] + (rng.random(_SPOTS) * lengths[chosen]).astype(np.int64)
    return np.stack([runs.rows[chosen], columns], axis=1).astype(np.int32)


def chances_of(entries: Sequence[ManifestEntry]) -> NDArray[np.float64]:
    """Return how often to learn from each image, float64 (N,) of sum 1: by its weight, and so that both kinds count.

    Where there are images with a defect and clean ones, the former give between a half and 85% of the crops.
    """
    weights = np.array([entry.weight for entry in entries])
    masked = np.array([entry.mask is not None for entry in entries], np.bool_)
    share = float(weights[masked].sum() / weights.sum())
    if 0 < share < 1:
        wanted = min(max(share, _FEWEST_WITH_DEFECT), _MOST_WITH_DEFECT)
        weights = weights * np.where(masked, wanted / share, (1 - wanted) / (1 - share))
    return np.asarray(weights / weights.sum())


def order_of(rng: np.random.Generator, chances: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return which image each of an epoch's crops is cut from, int64 (count,).

    Each comes as often as its chance says, give or take one: not by dice, so that none is left out by bad luck.
    """
    ends = np.cumsum(chances)
    steps = (np.arange(count) + rng.random()) / count * ends[-1]
    numbers = np.minimum(np.searchsorted(ends, steps, side="right"), len(ends) - 1)
    # Neighbors in the list would otherwise always share what is rounded.
    return rng.permutation(numbers)
