"""How surely a score is known: bootstrap intervals over images."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

Statistic: TypeAlias = "Callable[[NDArray[np.float64]], NDArray[np.float64]]"
"""A score for B ways to count n images: weights, float64 (B, n), to values, float64 (B,), NaN where undefined."""
Interval: TypeAlias = tuple[float, float]

RESAMPLES = 2000
LEVEL = 0.95
_AT_ONCE = 4_000_000
"""So many weights are held at once."""
_EQUAL = 1e-9
"""Drawn scores that are no further apart are one."""
_DEFINED_SHARE = 0.5
"""Where fewer of the resamples define the score, nothing can be said."""


def value_of(statistic: Statistic, count: int) -> float | None:
    """Return a score over `count` images; None where none defines it."""
    if not count:
        return None
    value = float(statistic(np.ones((1, count)))[0])
    return value if np.isfinite(value) else None


def interval_of(statistic: Statistic, count: int, *, seed: int = 0, resamples: int = RESAMPLES) -> Interval | None:
    """Return where a score lies with 95% certainty, were the images drawn anew from where they came from.

    The images are drawn with replacement; bias and skewness are corrected for (BCa: Efron, "Better Bootstrap
    Confidence Intervals", JASA 1987). The same seed draws the same images: the difference of two models' scores is a
    statistic like any other.

    Args:
        statistic: The score.
        count: Number of images.
        seed: Of the random numbers.
        resamples: How often the images are drawn.

    Returns:
        Lower and upper end; None where fewer than two images say something about the score, or all say the same: no
        false alarm on four images does not mean that there is none on the next.
    """
    value = value_of(statistic, count)
    if value is None or count < 2:
        return None
    left_out = np.concatenate([statistic(part) for part in _without_one(count)])
    drawn = np.concatenate([statistic(part) for part in _weights(count, seed, resamples)])
    defined = np.sort(drawn[np.isfinite(drawn)])
    # A score that hangs on one image is undefined without it.
    if not np.isfinite(left_out).all() or len(defined) < _DEFINED_SHARE * resamples:
        return None
    if np.ptp(defined) < _EQUAL:
        return None
    low, high = np.quantile(defined, _corrected(value, defined, left_out))
    return float(min(low, value)), float(max(high, value))


def _without_one(count: int) -> Iterator[NDArray[np.float64]]:
    """Yield the weights that leave out one image each, some at a time."""
    step = max(1, _AT_ONCE // count)
    for first in range(0, count, step):
        rows = min(step, count - first)
        yield 1 - np.eye(rows, count, first)


def _weights(count: int, seed: int, resamples: int) -> Iterator[NDArray[np.float64]]:
    """Yield how often each image is drawn, some resamples at a time."""
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // count)
    for first in range(0, resamples, step):
        rows = min(step, resamples - first)
        places = rng.integers(count, size=(rows, count)) + np.arange(rows)[:, None] * count
        yield np.bincount(places.ravel(), minlength=rows * count).reshape(rows, count).astype(np.float64)


def _corrected(value: float, drawn: NDArray[np.float64], left_out: NDArray[np.float64]) -> list[float]:
    """Return which quantiles of the drawn scores are the ends of the interval."""
    normal = NormalDist()
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    below = (np.searchsorted(drawn, value) + np.searchsorted(drawn, value, "right")) / 2 / len(drawn)
    if not 0 < below < 1:
        return ends
    bias = normal.inv_cdf(below)
    away = left_out.mean() - left_out
    spread = float((away**2).sum())
    skew = float((away**3).sum()) / (6 * spread**1.5) if spread**1.5 > 0 else 0.0
    shifted = [bias + normal.inv_cdf(end) for end in ends]
    return [normal.cdf(bias + z / max(1e-6, 1 - skew * z)) for z in shifted]
