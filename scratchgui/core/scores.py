"""All scores of one model over many images, each with what is known about its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.bootstrap import interval_of, value_of
from scratchgui.core.metrics import compare
from scratchgui.core.ranking import aupro, auroc, rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.bootstrap import Interval, Statistic
    from scratchgui.core.mask import Mask
    from scratchgui.core.metrics import ImageScores
    from scratchgui.core.ranking import Ranking

MEANING = {
    "mark": "mean mark of the images: Dice with a defect; 1 for silence, 0 for a false alarm without",
    "dice": "mean per-image Dice over images with a defect",
    "iou": "mean per-image IoU over images with a defect",
    "false_alarm_rate": "share of clean images on which something is marked",
    "region_recall": "share of true defects found",
    "region_precision": "share of marked regions that are defects",
    "aupro": "area under the per-region overlap up to 30% of the clean pixels",
    "auroc": "how surely a defective image scores higher than a clean one",
}
"""Every score by name, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one model made of one image."""

    scores: ImageScores
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score over images, and where it lies with 95% certainty; None where undefined or not to be told."""

    value: float | None
    interval: Interval | None


def score(mask: Mask, probability: NDArray[np.uint8], truth: Mask) -> Result:
    """Compare a mask, uint8 (H, W), and the probabilities it was cut out of, uint8 (C, H, W), with the truth.

    Raises:
        ValueError: They differ in size.
    """
    return Result(compare(mask, truth), rank(probability, truth))


def statistics(results: Sequence[Result]) -> dict[str, Statistic]:
    """Return every score as a function of how often each image counts."""
    rows = [result.scores for result in results]
    rankings = [result.ranking for result in results]
    regions = [row.regions for row in rows]
    marked = [row.marked for row in rows]
    return {
        "mark": _mean([row.mark for row in rows]),
        "dice": _mean([row.dice for row in rows]),
        "iou": _mean([row.iou for row in rows]),
        "false_alarm_rate": _mean([row.false_alarm for row in rows]),
        "region_recall": _share([row.found for row in rows], regions),
        "region_precision": _share([row.confirmed for row in rows], marked),
        "aupro": lambda weights: aupro(rankings, weights),
        "auroc": lambda weights: auroc(rankings, weights),
    }


def estimates(results: Sequence[Result], *, seed: int = 0) -> dict[str, Estimate]:
    """Return every score with its interval, by name."""
    count = len(results)
    return {
        name: Estimate(value_of(statistic, count), interval_of(statistic, count, seed=seed))
        for name, statistic in statistics(results).items()
    }


def difference(old: Sequence[Result], new: Sequence[Result], name: str = "mark", *, seed: int = 0) -> Estimate:
    """Return by how much a score of two models on the same images differs: new minus old, drawn in pairs."""
    before, after = statistics(old)[name], statistics(new)[name]

    def gain(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return after(weights) - before(weights)

    return Estimate(value_of(gain, len(old)), interval_of(gain, len(old), seed=seed))


def _mean(values: Sequence[float | bool | None]) -> Statistic:
    """Mean over the images that define a value."""
    defined = [value is not None for value in values]
    return _share([float(value or 0) for value in values], defined)


def _share(parts: Sequence[float], wholes: Sequence[float]) -> Statistic:
    """One sum over another."""
    part, whole = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)

    def divided(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((weights @ part) / (weights @ whole))

    return divided
