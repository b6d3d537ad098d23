"""How wide a region is, where two are nearest to each other, and what a cut takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray


def mean_width(pixels: NDArray[np.bool_]) -> float:
    """Return about how wide a region is across its length (px), at least 1.

    Args:
        pixels: Which pixels belong to it, bool (H, W).
    """
    padded = np.pad(np.asarray(pixels, np.uint8), 1)
    if not cv2.countNonZero(np.asarray(cv2.erode(padded, np.ones((2, 2), np.uint8)))):
        return 1.0
    # Across a band of width w the distances to the outside average (w + 2) / 4.
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return max(1.0, 4 * float(np.mean(distance[padded > 0])) - 2)


def closest_points(
    first: tuple[Box, NDArray[np.bool_]], second: tuple[Box, NDArray[np.bool_]]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the two pixels, column and row (px), at which two regions are nearest to each other."""
    from scipy.spatial import cKDTree  # takes a tenth of a second, which the start of the window should not

    ours, theirs = _border(*first), _border(*second)
    distances, nearest = cKDTree(theirs).query(ours)
    best = int(np.argmin(distances))
    (x0, y0), (x1, y1) = ours[best].tolist(), theirs[nearest[best]].tolist()
    return (x0, y0), (x1, y1)


def cut_line(x0: int, y0: int, x1: int, y1: int) -> tuple[Box, NDArray[np.bool_]]:
    """Return the pixels of a line, 1 to 2 px wide, that no connected region crosses (8-neighborhood).

    Args:
        x0: Column of one end (px).
        y0: Row.
        x1: Column of the other end.
        y1: Row.

    Returns:
        The line's box and its pixels, bool (box height, box width).
    """
    box = Box(min(x0, x1), min(y0, y1), abs(x1 - x0) + 1, abs(y1 - y0) + 1)
    drawn = np.zeros((box.height, box.width), np.uint8)
    ends = (x0 - box.x, y0 - box.y), (x1 - box.x, y1 - box.y)
    cv2.line(drawn, *ends, 1, 1, cv2.LINE_4)  # steps along edges: nothing slips through diagonally
    return box, drawn > 0


def _border(box: Box, pixels: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return column and row of the pixels at a region's border, (N, 2)."""
    padded = np.pad(np.asarray(pixels, np.uint8), 1)
    inner = np.asarray(cv2.erode(padded, np.ones((3, 3), np.uint8)))
    rows, columns = np.nonzero((padded - inner)[1:-1, 1:-1])
    return np.stack([columns + box.x, rows + box.y], axis=1)
