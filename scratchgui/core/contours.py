"""The outlines of defects as polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.regions import Region

_DEVIATION = 0.3
"""How far a polygon may lie beside the outline (px); the middle of no pixel lies so near to it."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """The outline of a region; (0, 0) is the corner of the image, (0.5, 0.5) the middle of its first pixel.

    Attributes:
        outer: Column and row of each corner (px), float64 (N, 2); closed from the last to the first.
        holes: The same of each hole.
    """

    outer: NDArray[np.float64]
    holes: tuple[NDArray[np.float64], ...]

    @property
    def area(self) -> float:
        """Area without the holes (px²)."""
        return _area(self.outer) - sum(_area(hole) for hole in self.holes)


def outline(mask: Mask, region: Region) -> Polygon:
    """Return the outline of a region of a label map, uint8 (H, W), simplified by less than half a pixel.

    It runs through the middles of the edges between the region and what is around it, as where half of a pixel is
    covered: a scratch of one pixel has its width, and one that runs diagonally has straight sides. It holds the middles
    of the region's pixels and of no others.
    """
    rings, parents = _rings(mask[region.box.slices] == region.label)
    # Others of its class may reach into the region's box, but none can touch all four sides of it too.
    whole = Box(0, 0, 2 * region.box.width + 1, 2 * region.box.height + 1)
    own = next(index for index, ring in enumerate(rings) if Box(*cv2.boundingRect(ring)) == whole)
    holes = tuple(_simple(ring, region.box) for ring, parent in zip(rings, parents, strict=True) if parent == own)
    return Polygon(_simple(rings[own], region.box), holes)


def _rings(pixels: NDArray[np.bool_]) -> tuple[list[NDArray[np.int32]], list[int]]:
    """Return all outlines of pixels, bool (H, W), and for those of holes which outline they lie in, else -1.

    Points are two for each pixel's side: those with two even coordinates are corners, the others middles of edges.
    """
    height, width = pixels.shape
    # Each pixel becomes 3 × 3 points, of which neighbors share one row: its corners, the middles of its edges, its own.
    points = np.zeros((2 * height + 1, 2 * width + 1), np.uint8)
    rows, columns = np.nonzero(pixels)
    for down, right in np.ndindex(3, 3):
        points[2 * rows + down, 2 * columns + right] = 1
    found, tree = cv2.findContours(points, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    parents = [] if tree is None else tree.reshape(-1, 4)[:, 3].tolist()
    return [np.asarray(ring, np.int32).reshape(-1, 2) for ring in found], parents


def _simple(ring: NDArray[np.int32], box: Box) -> NDArray[np.float64]:
    """Return the middles of edges alone, those that are needed, in pixels of the image."""
    middles = ring[ring.sum(axis=1) % 2 == 1].astype(np.float32) / 2
    kept = cv2.approxPolyDP(middles, _DEVIATION, closed=True).reshape(-1, 2)
    return np.asarray(kept + np.array([box.x, box.y]), np.float64)


def _area(ring: NDArray[np.float64]) -> float:
    x, y = ring.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
