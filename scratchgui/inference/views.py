"""What the network sees of an image besides its tiles as they are: mirrored ones, and nothing of ignored parts."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scratchgui.core.geometry import Box

Polygon: TypeAlias = "tuple[tuple[int, int], ...]"
"""Corners (x, y) in px of the image."""


def averaged_over_flips(
    infer: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """Return what runs a network over tiles (N, H, W, 3) as they are and mirrored, and gives the mean (N, C, H, W)."""

    def run(tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        total = infer(tiles).copy()
        for axes in ((1,), (2,), (1, 2)):
            mirrored = infer(np.flip(tiles, axes))
            total += np.flip(mirrored, tuple(axis + 1 for axis in axes))
        total /= 4
        return total

    return run


@dataclass(frozen=True, slots=True)
class Ignored:
    """Polygons of an image that nobody looks at.

    Attributes:
        polygons: Their corners.
        inside: The part of the image that goes through the network (px).
        size: Width and height of what goes through the network (px), which may be scaled down.
    """

    polygons: tuple[Polygon, ...]
    inside: Box
    size: tuple[int, int]

    def covers(self, box: Box) -> bool:
        """Tell whether all pixels of a box, px of what goes through the network, are ignored."""
        across, down = self.inside.width / self.size[0], self.inside.height / self.size[1]
        left, top = floor(box.x * across) + self.inside.x, floor(box.y * down) + self.inside.y
        right = min(ceil(box.right * across) + self.inside.x, self.inside.right)
        bottom = min(ceil(box.bottom * down) + self.inside.y, self.inside.bottom)
        seen = np.ones((bottom - top, right - left), np.uint8)
        for polygon in self.polygons:
            cv2.fillPoly(seen, [np.asarray(polygon, np.int32) - (left, top)], 0)
        return not cv2.countNonZero(seen)
