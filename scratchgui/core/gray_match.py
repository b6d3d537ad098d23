"""Where an image has about the gray level of one of its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.images import as_gray

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
        self.level = int(np.median(as_gray(image[near.slices])))
        self._low, self._high = max(0, self.level - tolerance), min(255, self.level + tolerance)

    def __call__(self, box: Box) -> NDArray[np.bool_]:
        """Return which pixels of a box inside the image fit, bool (box height, box width)."""
        gray = as_gray(self._image[box.slices])
        return np.asarray((gray >= self._low) & (gray <= self._high))
