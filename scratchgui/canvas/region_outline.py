"""The exact outline of one region, along the edges of its pixels."""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLine, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from scratchgui.canvas.pyramid import halve_max
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.viewport import Placement

_DARK = QColor(0, 0, 0, 190)
_LIGHT = QColor(255, 255, 255)


class RegionOutline:
    """A light line between dark ones around a region, seen on any surface.

    Attributes:
        width: Width of the light line (logical px); more while it pulses.
    """

    def __init__(self) -> None:
        self.width = 1.0
        self._box = Box.empty()
        self._pixels: NDArray[np.bool_] | None = None
        self._lines: dict[int, NDArray[np.intp]] = {}

    @property
    def box(self) -> Box:
        """The region's box (px); empty without a region."""
        return self._box

    def set_region(self, found: tuple[Box, NDArray[np.bool_]] | None) -> None:
        """Outline the pixels, bool (box height, box width), of a box (px), or nothing."""
        self._box, self._pixels = found or (Box.empty(), None)
        self._lines.clear()

    def extent(self, place: Placement, ratio: float) -> Box:
        """Return the device pixels that the outline may need, with its pulse."""
        return Box.empty() if self._pixels is None else place.device_box(self._box).expanded(round(10 * ratio))

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the outline."""
        if self._pixels is None or self.extent(place, ratio).intersection(exposed).is_empty:
            return
        level = max(0, ceil(log2(1 / place.zoom) - 1e-9))
        if level not in self._lines:
            self._lines[level] = edges(reduced(self._box, self._pixels, level))
        scale = place.zoom * 2**level
        corner = np.array([self._box.x >> level, self._box.y >> level] * 2)
        ends = np.rint((self._lines[level] + corner) * scale).astype(int) + np.array([place.x, place.y] * 2)
        lines = [QLine(*line) for line in ends.tolist()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for color, width in ((_DARK, self.width + 2), (_LIGHT, self.width)):
            pen = QPen(color, max(1, round(width * ratio)))
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)
            painter.setPen(pen)
            painter.drawLines(lines)


def edges(pixels: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the lines between covered pixels and the others as x0, y0, x1, y1: (N, 4), in pixels of the array."""
    padded = np.zeros((pixels.shape[0] + 2, pixels.shape[1] + 2), bool)
    padded[1:-1, 1:-1] = pixels
    across = np.ascontiguousarray(padded.T)
    horizontal = _runs(padded[1:, 1:-1] != padded[:-1, 1:-1])
    vertical = _runs(across[1:, 1:-1] != across[:-1, 1:-1])
    return np.concatenate([horizontal, vertical[:, [1, 0, 3, 2]]])


def _runs(change: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Join neighboring changes of a row to lines x0, y, x1, y."""
    # With a gap between the rows, what follows another value in the whole array begins and ends a run by turns.
    apart = np.zeros((change.shape[0], change.shape[1] + 2), bool)
    apart[:, 1:-1] = change
    turns = np.flatnonzero(apart.reshape(-1)[1:] != apart.reshape(-1)[:-1])
    rows, columns = np.divmod(turns.reshape(-1, 2), apart.shape[1])
    return np.stack([columns[:, 0], rows[:, 0], columns[:, 1], rows[:, 0]], axis=1)


def reduced(box: Box, pixels: NDArray[np.bool_], level: int) -> NDArray[np.bool_]:
    """Return the pixels of a box (px) at a level of the pyramid, aligned with its pixels: none of them is lost."""
    step = 1 << level
    labels = np.pad(pixels.astype(np.uint8), ((box.y % step, 0), (box.x % step, 0)))
    for _ in range(level):
        labels = halve_max(labels)
    return labels.view(np.bool_)
