"""Smaller versions of an image and of a mask, each half the size of the one before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scratchgui.core.geometry import Box

_SMALLEST = 1
"""Halving ends when the longer side is not above this (px)."""

_PIXELS_A_SLICE = 2_000_000
"""Work of one slice (source pixels): one to three milliseconds."""


_BLOCK = 1024
"""Width of the parts of a slice that cost nearly nothing when they are empty (px, even)."""

_LARGEST_UPDATE = 4_000_000
"""A larger change (px²) is not brought to the other levels at once, but built like a new mask."""


class Pyramid(ABC):
    """Level 0 is the base itself; level k has sides of about 1 / 2^k. Built in slices, so that nothing waits for it.

    Attributes:
        levels: Level 0, 1, 2, …; (H, W) or (H, W, 3), of the base's type. Complete when `complete`.
    """

    def __init__(self, base: NDArray[np.uint8]) -> None:
        self.levels: list[NDArray[np.uint8]] = [base]
        while max(self.levels[-1].shape[:2]) > _SMALLEST:
            height, width = self.levels[-1].shape[:2]
            self.levels.append(np.zeros(((height + 1) // 2, (width + 1) // 2, *base.shape[2:]), base.dtype))
        self._done = 0
        self._work: Iterator[None] | None = self._slices()

    @property
    def complete(self) -> bool:
        """Tell whether all levels are built."""
        return self._work is None

    def has_level(self, level: int) -> bool:
        """Tell whether this level is built."""
        return level <= self._done

    def advance(self, seconds: float) -> bool:
        """Build for about so long, one slice at least; return whether there is nothing left to do."""
        until = perf_counter() + seconds
        while self._work is not None:
            if next(self._work, self) is self:
                self._work = None
            if perf_counter() >= until:
                break
        return self.complete

    def _slices(self) -> Iterator[None]:
        for level in range(1, len(self.levels)):
            source, target = self.levels[level - 1], self.levels[level]
            rows = max(2, _PIXELS_A_SLICE // source.shape[1] & ~1)
            for row in range(0, source.shape[0], rows):
                part = source[row : row + rows]
                target[row // 2 : row // 2 + (part.shape[0] + 1) // 2] = self._halve(part)
                yield
            self._done = level

    @staticmethod
    @abstractmethod
    def _halve(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a band of even rows (but for the last one) at half its size, rounded up."""


class MeanPyramid(Pyramid):
    """Levels of an image: each pixel is the mean of four, so that nothing flickers when zooming.

    Attributes:
        table: What each value is shown as, uint8 (256,), or (65536,) for a base of 16 bits; None for itself.
    """

    def __init__(self, base: NDArray[np.uint8] | NDArray[np.uint16], table: NDArray[np.uint8] | None = None) -> None:
        """Show a picture, uint8, or uint16 with a table; (H, W) or RGB (H, W, 3)."""
        super().__init__(cast("NDArray[np.uint8]", base))
        self.table = table
        self._previews: dict[int, NDArray[np.uint8]] = {}

    def best(self, level: int) -> NDArray[np.uint8]:
        """Return a level; until it is built, a coarse one of the same size made from single pixels."""
        if self.has_level(level):
            self._previews.pop(level, None)
            return self.levels[level]
        if level not in self._previews:
            height, width = self.levels[level].shape[:2]
            nearest = cv2.resize(self.levels[0], (width, height), interpolation=cv2.INTER_NEAREST)
            self._previews[level] = cast("NDArray[np.uint8]", nearest)
        return self._previews[level]

    @staticmethod
    def _halve(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
        even = _even(part)
        size = (even.shape[1] // 2, even.shape[0] // 2)
        return cast("NDArray[np.uint8]", cv2.resize(even, size, interpolation=cv2.INTER_AREA))


class MaxPyramid(Pyramid):
    """Levels of a label map or a probability: the maximum survives, so that a scratch of one pixel stays visible."""

    def rebase(self, base: NDArray[np.uint8]) -> None:
        """Take another map of the same size; the levels show the old one until they are rebuilt."""
        self.levels[0] = base
        self._work = self._slices()

    def update(self, box: Box) -> None:
        """Bring all levels up to date after the pixels of a box (px) were written; large ones when they are built."""
        if box.area > _LARGEST_UPDATE:
            self._work = self._slices()
            return
        x, y, right, bottom = box.x, box.y, box.right, box.bottom
        for level in range(1, len(self.levels)):
            x, y, right, bottom = x // 2, y // 2, (right + 1) // 2, (bottom + 1) // 2
            part = self.levels[level - 1][2 * y : 2 * bottom, 2 * x : 2 * right]
            self.levels[level][y:bottom, x:right] = halve_max(part)

    def occupied(self, box: Box) -> tuple[int, int]:
        """Return between which columns (px) within a box there may be anything but zero; 0, 0 for nowhere."""
        if not self.complete:
            return box.x, box.right
        level = min(max(0, box.height.bit_length() - 2), len(self.levels) - 1)
        rows = slice(max(0, box.y >> level), (box.bottom - 1 >> level) + 1)
        first = max(0, box.x >> level)
        found = np.flatnonzero(self.levels[level][rows, first : (box.right - 1 >> level) + 1].any(axis=0))
        if not found.size:
            return 0, 0
        return (first + int(found[0])) << level, (first + int(found[-1]) + 1) << level

    @staticmethod
    def _halve(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = part.shape
        halved = np.zeros(((height + 1) // 2, (width + 1) // 2), part.dtype)
        for x in range(0, width, _BLOCK):
            block = part[:, x : x + _BLOCK]
            if cv2.countNonZero(block):
                halved[:, x // 2 : (x + _BLOCK) // 2] = halve_max(block)
        return halved


def halve_max(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the maximum of each 2 × 2 pixels, uint8 ((H + 1) // 2, (W + 1) // 2)."""
    even = _even(part)
    rows = np.maximum(even[0::2], even[1::2])
    return np.maximum(rows[:, 0::2], rows[:, 1::2])


def _even(part: NDArray[Any]) -> NDArray[np.uint8]:
    """Repeat the last row and column where the number is odd."""
    height, width = part.shape[:2]
    if height % 2 or width % 2:
        part = np.pad(part, ((0, height % 2), (0, width % 2), *([(0, 0)] * (part.ndim - 2))), mode="edge")
    return part
