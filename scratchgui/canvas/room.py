"""What of a canvas is free for aids at its corners, and lengths that read well."""

from __future__ import annotations

from math import floor, log10
from typing import Final

from PySide6.QtCore import QRect

EDGE: Final = 12
"""Distance of the aids from the edges (logical px)."""
RULER: Final = 18
"""Width of a ruler (logical px)."""


class Room:
    """Where bars and rulers leave room; everything is in logical px.

    Attributes:
        rulers: Whether rulers run along the top and left edge.
        bars: What floats over the canvas's bottom edge; empty for nothing.
        top: How many rows what floats at the top edge, under the ruler, may cover.
    """

    def __init__(self) -> None:
        self.rulers = False
        self.bars = QRect()
        self.top = 0

    @property
    def covered(self) -> int:
        """How many columns at the left, and rows at the top, the rulers cover."""
        return RULER if self.rulers else 0

    @property
    def start(self) -> int:
        """First column, and first row, that aids use."""
        return EDGE + self.covered

    def margins(self, height: int) -> tuple[int, int, int, int]:
        """Return what a fitted image leaves free: left, top, right and bottom, in a canvas of a height."""
        bottom = 0 if self.bars.isEmpty() else height - self.bars.top()
        return self.start, self.start + self.top, EDGE, EDGE + bottom

    def bottom(self, left: int, right: int, height: int) -> int:
        """Return the row above which something from a column to another may end, in a canvas of a height."""
        beside = self.bars.isEmpty() or right + EDGE <= self.bars.left() or left - EDGE >= self.bars.right()
        return (height if beside else self.bars.top()) - EDGE


def round_length(longest: float) -> float:
    """Return the largest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2 …) that is not above a length."""
    power = 10.0 ** floor(log10(longest))
    return max((step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9)), default=power)
