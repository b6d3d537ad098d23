"""Cheapest paths along lines of an image, from one point to any other."""

from __future__ import annotations

from math import ceil, hypot
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from scratchgui.core.cheapest_paths import CheapestPaths
from scratchgui.core.geometry import Box
from scratchgui.core.images import as_gray
from scratchgui.core.ridge import path_cost, ridge_strength, scales_for

if TYPE_CHECKING:
    from scratchgui.core.ridge import Gray, Ridge

Points = NDArray[np.float64]
"""A line through points, float64 (N, 2): columns and rows in image coordinates (px), pixel 0 being 0 … 1."""

_NODES = 28_000
"""A map of so many cells is made in about 5 ms."""
_WORTH_IT = 0.95
"""A path that costs more than so much of the straight way follows nothing."""
_READ = 1_000_000
"""Of larger windows not every pixel is read (px²)."""


class LineMap:
    """Paths from a start. A map of a window around start and mouse is made once and kept while the mouse is in it.

    All paths of one map are branches of one tree, so that a small move of the mouse changes little.
    """

    def __init__(self, image: NDArray[np.uint8], start: tuple[float, float], ridge: Ridge, width: float | None) -> None:
        """Prepare.

        Args:
            image: uint8 (H, W) gray or (H, W, 3) RGB; not copied.
            start: Where all paths begin (px); outside of the image, at its nearest pixel.
            ridge: Along which lines.
            width: How wide they are (px); None for any width.
        """
        self._image = image
        self._start = start
        self._ridge = ridge
        self._width = width
        self._window = Box.empty()
        self.cell = 1
        self._shape = (0, 0)
        self._paths: CheapestPaths | None = None

    def path_to(self, x: float, y: float) -> Points:
        """Return the cheapest path to a point (px), start and end included; a straight line where none is better."""
        ends = np.array([self._start, (x, y)], np.float64)
        paths = self._paths
        if paths is None or not self._holds(x, y):
            paths = self._paths = self._make(x, y)
        cells = paths.to(*self._cell(x, y))
        # Steps are straight or diagonal: even over plain surface they add up to more than the straight way.
        steps = np.diff(cells, axis=0)
        way = paths.price(cells) * np.hypot(steps[:, 0], steps[:, 1]).sum()
        if way > _WORTH_IT * self._straight(paths, ends):
            return ends
        middle = (cells[1:-1, ::-1] + 0.5) * self.cell + (self._window.x, self._window.y)
        return np.vstack([ends[:1], middle, ends[1:]])

    def _holds(self, x: float, y: float) -> bool:
        """Tell whether a point is far enough inside of the window for paths to swing out around it."""
        image = Box(0, 0, self._image.shape[1], self._image.shape[0])
        inner, wide = self._window.expanded(-_margin(self._start, x, y) // 2), self._window
        left = wide.x if wide.x == image.x else inner.x
        top = wide.y if wide.y == image.y else inner.y
        right = wide.right if wide.right == image.right else inner.right
        bottom = wide.bottom if wide.bottom == image.bottom else inner.bottom
        return (
            left <= max(x, 0) and top <= max(y, 0) and min(x, image.right) <= right and min(y, image.bottom) <= bottom
        )

    def _make(self, x: float, y: float) -> CheapestPaths:
        height, width = self._image.shape[:2]
        (x0, y0), margin = self._start, _margin(self._start, x, y)
        left, top = int(min(x, x0)), int(min(y, y0))
        ends = Box(left, top, int(max(x, x0)) - left + 1, int(max(y, y0)) - top + 1)
        self._window = ends.expanded(margin).clipped(width, height)
        self.cell = 1
        while self._window.area > _NODES * self.cell**2:
            self.cell *= 2
        cost = path_cost(self._strength())
        self._shape = cost.shape[0], cost.shape[1]
        return CheapestPaths(cost, *self._cell(x0, y0))

    def _strength(self) -> Gray:
        """Return the strength of lines a cell; of the finer pixels in a cell the strongest counts."""
        window, cell = self._window, self.cell
        skipped = 1
        while window.area > _READ * skipped**2 and 2 * skipped <= cell:
            skipped *= 2
        part = as_gray(np.ascontiguousarray(self._image[window.slices][::skipped, ::skipped]))
        fine = max(1, cell // 2)
        rows, columns = ceil(window.height / cell), ceil(window.width / cell)
        if fine > skipped:
            size = columns * cell // fine, rows * cell // fine
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        scales = scales_for(None if self._width is None else self._width / fine)
        strength = ridge_strength(np.asarray(part, np.float32), scales, self._ridge)
        if cell == fine:
            return strength
        pooled = cv2.dilate(strength, np.ones((2, 2), np.uint8), anchor=(0, 0))
        return np.asarray(pooled[::2, ::2][:rows, :columns], np.float32)

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        rows, columns = self._shape
        row, column = int((y - self._window.y) // self.cell), int((x - self._window.x) // self.cell)
        return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

    def _straight(self, paths: CheapestPaths, ends: Points) -> float:
        """Return what the straight way costs (cells)."""
        length = hypot(*(ends[1] - ends[0])) / self.cell
        way = np.linspace(ends[0], ends[1], max(2, ceil(length))).tolist()
        return paths.price(np.array([self._cell(x, y) for x, y in way])) * length


def _margin(start: tuple[float, float], x: float, y: float) -> int:
    """How far a path may swing out (px)."""
    return 16 + int(0.25 * hypot(x - start[0], y - start[1]))
