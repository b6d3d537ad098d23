"""A line with what lies to its left and right, laid out straight."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.images import as_gray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.line_map import Points
    from scratchgui.core.ridge import Gray

_REMAP_LIMIT = 32_000
"""OpenCV's remap addresses pixels by 16 bits."""


def length_of(points: Points) -> float:
    """Return the length of a line (px)."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def spaced(points: Points, step: float, most: int) -> Points:
    """Return points at even distances along a line, both ends included.

    Args:
        points: The line.
        step: Their distance (px); the last one may be half as far or half as far again.
        most: How many points at most: of a longer line they are farther apart. At least 2.
    """
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    step = max(step, along[-1] / (most - 1))
    count = max(2, floor(along[-1] / step + 0.5) + 1)
    # From the start on, so that a line that goes on stays as it was.
    at = np.append(np.arange(count - 1) * step, along[-1])
    return np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], axis=1)


def smoothed(points: Points, sigma: float) -> Points:
    """Return evenly spaced points smoothed along the line; both ends stay.

    Args:
        points: The line.
        sigma: Standard deviation of the Gaussian, in points.
    """
    if len(points) < 3 or sigma <= 0:
        return points
    chord = np.linspace(points[0], points[-1], len(points))
    reach = min(ceil(4 * sigma), len(points) - 1)
    # Mirrored about its ends the way from the straight line stays 0 there.
    way = np.pad(points - chord, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    return np.asarray(chord + blurred(way, sigma)[reach:-reach], np.float64)


def blurred(columns: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Return each column of float64 (N, M) smoothed by a Gaussian of a standard deviation (rows); its ends go on."""
    # scipy has filters of one dimension, but takes a third of a second to load: the start of the window should not.
    size = 2 * ceil(4 * sigma) + 1
    found = cv2.GaussianBlur(columns, (1, size), 1.0, sigmaY=sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float64).reshape(columns.shape)


def normals(points: Points) -> Points:
    """Return the direction to the left of the line at each of at least two points, length 1."""
    along = np.gradient(points, axis=0)
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    return np.stack([-along[:, 1] / length, along[:, 0] / length], axis=1)


def straightened(image: NDArray[np.uint8], points: Points, offsets: NDArray[np.float64]) -> Gray:
    """Return gray levels beside a line, float32 (offsets, points); outside of the image its edge goes on.

    Args:
        image: uint8 (H, W) gray or (H, W, 3) RGB.
        points: The line.
        offsets: How far to the left (px).
    """
    height, width = image.shape[:2]
    across = normals(points)
    xs = points[:, 0] + offsets[:, None] * across[:, 0] - 0.5
    ys = points[:, 1] + offsets[:, None] * across[:, 1] - 0.5
    xs, ys = np.clip(xs, 0, width - 1), np.clip(ys, 0, height - 1)
    left, top = int(xs.min()), int(ys.min())
    box = Box(left, top, int(xs.max()) + 2 - left, int(ys.max()) + 2 - top).clipped(width, height)
    if max(box.width, box.height) > _REMAP_LIMIT and len(points) > 4:
        middle = len(points) // 2
        parts = [straightened(image, part, offsets) for part in (points[:middle], points[middle:])]
        return np.concatenate(parts, axis=1)
    maps = (xs - left).astype(np.float32), (ys - top).astype(np.float32)
    found = cv2.remap(image[box.slices], *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(as_gray(np.asarray(found, np.uint8)), np.float32)
