"""How defects are cut out of what a model sees."""

from __future__ import annotations

import math
from dataclasses import dataclass


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
