"""How defects are cut out of what a model sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Cutting:
    """From the probability of each pixel to defects; beyond threshold and smallest area, all is off unless set.

    Attributes:
        threshold: Probability from which on a pixel counts as defect (0 … 1).
        min_area: Smaller regions are left out, at the very end (px²).
        low_threshold: Pixels down to this probability (0 … 1) count too where they hang together with one that reaches
            the threshold; without effect where it is not below that, and None for none.
        largest_hole: What a region encloses is filled up to this size (px²); 0 fills nothing.
        longest_gap: Pieces of a scratch that go on in the same direction are joined across so much (px); 0 joins none.
    """

    threshold: float = 0.5
    min_area: int = 0
    low_threshold: float | None = None
    largest_hole: int = 0
    longest_gap: int = 0


def quantized_threshold(threshold: float) -> int:
    """Return the lowest of the 256 steps of probability that counts as defect.

    Never 0: where the model says "certainly not", no threshold makes a defect.
    """
    return min(255, max(1, math.ceil(threshold * 255 - 1e-9)))


def ranked(probability: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return highest probability and likeliest class of each pixel as one number, uint16 (H, W).

    The higher of two numbers is that of the more probable class, the first of equals; see `labels_of_ranked`.

    Args:
        probability: Quantized probability of each class, uint8 (C, H, W).
    """
    best = np.zeros(probability.shape[1:], np.uint16)
    for label, values in enumerate(probability, 1):
        np.maximum(best, values.astype(np.uint16) << 8 | (256 - label), out=best)
    return best


def labels_of_ranked(values: NDArray[np.uint16], step: int) -> NDArray[np.uint8]:
    """Return the class, 1 … C, where `ranked` numbers reach one of the 256 steps of probability, else 0."""
    return np.where(values >= step << 8, 256 - (values & 255), 0).astype(np.uint8)
