"""Whether marks of the same images, by two models, differ by more than chance."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Deviation of the difference between two marks of an image that is assumed before any was seen, as if of one image.
_USUAL_DEVIATION = 0.3


def is_clearly_worse(later: Sequence[float], before: Sequence[float]) -> bool:
    """Tell whether marks of the same images fell by more than a standard error of the mean difference.

    The rule of one standard error: L. Breiman, J. Friedman, R. Olshen, C. Stone, "Classification and Regression Trees",
    1984.
    """
    falls = [old - new for new, old in zip(later, before, strict=True)]
    mean = sum(falls) / len(falls)
    variance = (sum((fall - mean) ** 2 for fall in falls) + _USUAL_DEVIATION**2) / len(falls)
    return mean > sqrt(variance / len(falls))
