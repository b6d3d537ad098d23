"""How well probabilities tell defect from surface at whatever threshold: AUPRO for pixels, AUROC for images.

Nothing is kept of an image but counts at the 256 steps of probability, so that both are sums over images: a hundred
images take as long as reading them, and so do thousands of resamples of them (see `core.bootstrap`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

LARGEST_FALSE_SHARE = 0.3
"""AUPRO is taken up to this share of clean pixels marked, as in the paper and in anomalib."""
SCORE_PIXELS = 8
"""So many pixels must reach the score of an image: a maximum that single pixels cannot make."""
_STEPS = 256


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one image adds to both areas; classes are not told apart.

    Attributes:
        score: Step of probability (0 … 255) of the image, see `score_of`.
        regions: True defects (8-neighborhood).
        overlap: Share of each true defect's pixels at each step, summed over the defects, float64 (256,).
        background: Pixels of no defect at each step, float64 (256,).
    """

    score: int
    regions: int
    overlap: NDArray[np.float64]
    background: NDArray[np.float64]


def histogram_of(highest: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the number of pixels, uint8 (H, W), at each of the 256 steps, int64 (256,)."""
    counts = cv2.calcHist([highest], [0], None, [_STEPS], [0, _STEPS])
    return np.asarray(counts.ravel(), np.int64)


def score_of(histogram: NDArray[np.int64]) -> int:
    """Return the score of an image: the highest step that at least 8 of its pixels reach."""
    reached = np.cumsum(histogram[::-1])[::-1]
    wanted = min(SCORE_PIXELS, int(reached[0]))
    return int(np.flatnonzero(reached >= wanted)[-1])


def rank(probability: NDArray[np.uint8], truth: Mask) -> Ranking:
    """Count where the pixels of an image lie.

    Args:
        probability: Quantized probability of each class, uint8 (C, H, W), 255 = 1.
        truth: uint8 (H, W).

    Raises:
        ValueError: The two differ in size.
    """
    if probability.shape[1:] != truth.shape:
        raise ValueError(f"probability {probability.shape[1:]} and truth {truth.shape} differ in size")
    highest = probability[0] if len(probability) == 1 else probability.max(axis=0)
    counts = histogram_of(highest)
    marked = np.asarray(truth > 0, np.uint8)
    count, labels = cv2.connectedComponents(marked, connectivity=8) if marked.any() else (1, marked)
    inside = labels > 0
    # Number of the defect and step as one number.
    pairs = (labels[inside].astype(np.int64) - 1) * _STEPS + highest[inside]
    each = np.bincount(pairs, minlength=(count - 1) * _STEPS).reshape(count - 1, _STEPS)
    overlap = (each / each.sum(axis=1, keepdims=True)).sum(axis=0)
    return Ranking(score_of(counts), count - 1, overlap, (counts - each.sum(axis=0)).astype(np.float64))


def aupro(rankings: Sequence[Ranking], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area under the per-region overlap, from 0 to 1.

    For every threshold: the mean share found of a defect, over the share of clean pixels that is marked; the area up
    to a share of 0.3, over 0.3 (Bergmann et al., "The MVTec Anomaly Detection Dataset", IJCV 2021; the definition of
    anomalib's AUPRO). Steps in between are joined by straight lines.

    Args:
        rankings: The images.
        weights: How often each image counts, float64 (B, images), for B ways to count them.

    Returns:
        float64 (B,); NaN where no defect or no clean pixel counts.
    """
    regions = weights @ np.array([item.regions for item in rankings], np.float64)
    overlap = weights @ np.stack([item.overlap for item in rankings])
    background = weights @ np.stack([item.background for item in rankings])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _from_the_top(overlap) / regions[:, None]
        false = _from_the_top(background) / background.sum(axis=1, keepdims=True)
        return _area_up_to(false, found, LARGEST_FALSE_SHARE) / LARGEST_FALSE_SHARE


def auroc(rankings: Sequence[Ranking], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how surely a defective image has a higher score than a clean one; equal scores count half.

    Args:
        rankings: The images.
        weights: How often each image counts, float64 (B, images), for B ways to count them.

    Returns:
        float64 (B,), from 0 to 1; NaN where no defective or no clean image counts.
    """
    scores = np.array([item.score for item in rankings])
    defective = np.array([item.regions > 0 for item in rankings])
    at_step = np.zeros((2, len(rankings), _STEPS))
    at_step[defective.astype(int), np.arange(len(rankings)), scores] = 1
    clean, bad = weights @ at_step[0], weights @ at_step[1]
    below = np.cumsum(clean, axis=1) - clean
    with np.errstate(invalid="ignore"):
        pairs = clean.sum(axis=1) * bad.sum(axis=1)
        return np.asarray((bad * (below + clean / 2)).sum(axis=1) / pairs)


def _from_the_top(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much lies at each step or above, the highest step first, and nothing before that."""
    return np.pad(np.cumsum(counts[:, ::-1], axis=1), ((0, 0), (1, 0)))


def _area_up_to(x: NDArray[np.float64], y: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Return the area under lines through points, (B, N) with growing x, from 0 to a limit."""
    left, width = x[:, :-1], np.diff(x, axis=1)
    taken = np.clip(limit - left, 0, width)
    rise = np.diff(y, axis=1) * np.divide(taken, width, out=np.zeros_like(width), where=width > 0)
    area = np.sum(taken * (y[:, :-1] + rise / 2), axis=1)
    return np.where(np.isfinite(y[:, -1]) & np.isfinite(x[:, -1]), area, np.nan)
