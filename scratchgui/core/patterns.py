"""The tiles that the patterns of classes are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.classes import Pattern

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINE = 4
"""A pixel's share of a line is counted on so many points in each direction."""
_LINE, _CROSSING, _DOT = 0.5, 0.3, 0.25
"""Width of a stripe, of a crossed line, and radius of a dot, in parts of the period."""


@lru_cache(maxsize=32)
def pattern_tile(pattern: Pattern, period: int) -> NDArray[np.float32]:
    """Return how much of each pixel a line or dot covers (0 … 1), float32 (period, period). Do not write into it.

    Tiles put beside each other in both directions fit. Nothing of a plain one is covered.
    """
    at = (np.arange(period * _FINE) + 0.5) / (period * _FINE)
    x, y = at[None, :], at[:, None]
    if pattern is Pattern.DIAGONAL:
        covered = (x + y) % 1 < _LINE
    elif pattern is Pattern.CROSSED:
        covered = ((x + y) % 1 < _CROSSING) | ((x - y) % 1 < _CROSSING)
    elif pattern is Pattern.DOTTED:
        covered = _in_dot(x, y, 0.25) | _in_dot(x, y, 0.75)
    else:
        covered = np.zeros((at.size, at.size), np.bool_)
    shares: NDArray[np.float32] = covered.reshape(period, _FINE, period, _FINE).mean(axis=(1, 3), dtype=np.float32)
    return shares


def _in_dot(x: NDArray[np.float64], y: NDArray[np.float64], center: float) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (x - center) ** 2 + (y - center) ** 2 < _DOT**2
    return inside
