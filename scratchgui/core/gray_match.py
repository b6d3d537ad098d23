"""Where an image has about the gray level of one of its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray


class GrayMatch:
    """Tells which pixels of a box fit; only the box is looked at, so that it is as quick in images of any size.

    Attributes:
        level: The gray level at the place: the median of 3 × 3 pixels, 0 … 255.
    """

    def __init__(self, image: NDArray[np.uint8], x: int, y: int, tolerance: int) -> None:
        """Take the gray level at a place.

        Args:
            image: uint8 (H, W) gray or (H, W, 3) RGB; not copied.
            x: Column (px); outside of the image the nearest one counts.
            y: Row (px).
            tolerance: How much darker or brighter a pixel may be.
        """
        height, width = image.shape[:2]
        self._image = image
        near = Box(min(max(x, 0), width - 1), min(max(y, 0), height - 1), 1, 1).expanded(1).clipped(width, height)
        self.level = int(np.median(self._gray(near)))
        self._low, self._high = max(0, self.level - tolerance), min(255, self.level + tolerance)

    def __call__(self, box: Box) -> NDArray[np.bool_]:
        """Return which pixels of a box inside the image fit, bool (box height, box width)."""
        gray = self._gray(box)
        return np.asarray((gray >= self._low) & (gray <= self._high))

    def _gray(self, box: Box) -> NDArray[np.uint8]:
        part = self._image[box.slices]
        return part if part.ndim == 2 else np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
