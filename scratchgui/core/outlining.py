"""Small pictures of an image with the outlines of masks around what they mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.images import as_rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

_SMALL = 300


def outlined(
    image: NDArray[np.uint8], masks: Sequence[tuple[Mask, tuple[int, int, int], int]], side: int
) -> NDArray[np.uint8]:
    """Return an image, RGB, whose longer side is `side` px, with outlines.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        masks: Each with its color and how far its outline keeps off what it marks (px of the picture).
        side: Longer side of the picture (px).
    """
    scale = side / max(image.shape[:2])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    picture = cv2.resize(np.ascontiguousarray(as_rgb(image)), size, interpolation=how)
    for mask, color, reach in masks:
        # Scaled as a share of the pixel: a line of one pixel must not fall between the pixels of the small picture.
        share = cv2.resize((mask > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
        grown = cv2.dilate((share > 0).astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
        rings, _ = cv2.findContours(grown, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, rings, -1, color, 1 if side <= _SMALL else 2, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def box_of_change(before: Mask, after: Mask, smallest: int) -> Box:
    """Return the square, as far as the image reaches, around all that differs between two masks.

    Args:
        before: uint8 (H, W).
        after: uint8 (H, W).
        smallest: Its smallest side (px).
    """
    height, width = before.shape
    rows, columns = np.nonzero(before != after)
    if not rows.size:
        return Box(0, 0, width, height)
    top, bottom, left, right = int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1
    side = max(smallest, round(1.3 * (bottom - top)), round(1.3 * (right - left)))
    across, down = min(side, width), min(side, height)
    x = min(max(0, (left + right - across) // 2), width - across)
    y = min(max(0, (top + bottom - down) // 2), height - down)
    return Box(x, y, across, down)
