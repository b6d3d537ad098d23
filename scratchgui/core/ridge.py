"""How much each pixel looks like the middle of a line, and what a path along such lines costs."""

from __future__ import annotations

from enum import StrEnum
from math import ceil, floor
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from scratchgui.core.geometry import Box
from scratchgui.core.images import as_gray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cv2.typing import MatLike

Gray = NDArray[np.float32]
"""Gray levels, or what was made of them, float32 (H, W)."""

SCALES: Final = (1.0, 2.0, 4.0)
"""Where the width of a line is not known, these are tried (px; standard deviation of the Gaussian)."""

_SIGMA_A_WIDTH: Final = 0.3
"""A bar of width 1 answers best to a second derivative at about this standard deviation: 1 / sqrt(12)."""
_FLOOR: Final = 0.06
"""Cost of the best line relative to plain surface: how far around a path goes to stay on a line."""
_WEAKEST: Final = 1.5
"""Strength (gray levels) that counts as a line where there is nothing stronger."""


class Ridge(StrEnum):
    """Which lines are looked for."""

    EITHER = "either"
    DARK = "dark"
    BRIGHT = "bright"


def scales_for(width: float | None) -> tuple[float, ...]:
    """Return the standard deviations (px) at which lines of a width (px) are looked for; None for any width."""
    return SCALES if width is None else (max(0.8, width * _SIGMA_A_WIDTH),)


def ridge_strength(gray: Gray, scales: Sequence[float], ridge: Ridge) -> Gray:
    """Return how much each pixel is the middle of a line, 0 … about the line's contrast in gray levels.

    The larger eigenvalue of the second derivatives, made comparable between scales.

    Args:
        gray: Gray levels.
        scales: Standard deviations of the Gaussian (px); the strongest answer counts.
        ridge: Lines of which kind.
    """
    best = np.zeros_like(gray)
    for scale in scales:
        size = _kernel_size(scale)
        blurred = cv2.GaussianBlur(gray, (size, size), scale, borderType=cv2.BORDER_REPLICATE)
        # A fourth: the kernel of three pixels smooths across by 1 2 1.
        xx = cv2.Sobel(blurred, cv2.CV_32F, 2, 0, ksize=3, scale=0.25, borderType=cv2.BORDER_REPLICATE)
        yy = cv2.Sobel(blurred, cv2.CV_32F, 0, 2, ksize=3, scale=0.25, borderType=cv2.BORDER_REPLICATE)
        xy = cv2.Sobel(blurred, cv2.CV_32F, 1, 1, ksize=3, scale=0.25, borderType=cv2.BORDER_REPLICATE)
        mean, spread = (xx + yy) / 2, cv2.magnitude((xx - yy) / 2, xy)
        best = np.maximum(best, _comparable(_of_kind(mean, ridge) + spread, scale))
    return best


def path_cost(strength: Gray) -> Gray:
    """Return what a path pays for each pixel of its way: 1 on plain surface, little on the strongest lines."""
    sample = strength[::3, ::3]
    noise = float(np.median(sample))
    contrast = max(float(np.percentile(sample, 99)) - noise, _WEAKEST)
    line = np.clip((strength - noise) / contrast, 0.0, 1.0)
    return np.asarray(_FLOOR / (_FLOOR + line), np.float32)


def ridge_across(levels: Gray, scales: Sequence[float], ridge: Ridge) -> Gray:
    """Return the strength of lines that run along the rows of a strip; they are averaged a little on their way.

    Args:
        levels: Gray levels.
        scales: Standard deviations of the Gaussian (rows); the strongest answer counts.
        ridge: Lines of which kind.
    """
    best = np.zeros_like(levels)
    for scale in scales:
        size = (9, _kernel_size(scale))
        blurred = cv2.GaussianBlur(levels, size, 2.0, sigmaY=scale, borderType=cv2.BORDER_REPLICATE)
        second = cv2.Sobel(blurred, cv2.CV_32F, 0, 2, ksize=1, borderType=cv2.BORDER_REPLICATE)
        best = np.maximum(best, _comparable(_of_kind(second, ridge), scale))
    return best


def _kernel_size(scale: float) -> int:
    return 2 * max(1, round(3 * scale)) + 1


def _of_kind(curvature: MatLike, ridge: Ridge) -> MatLike:
    """Return the second derivative with the sign that makes the wanted lines positive."""
    return {Ridge.DARK: curvature, Ridge.BRIGHT: -curvature, Ridge.EITHER: np.abs(curvature)}[ridge]


def _comparable(answer: MatLike, scale: float) -> MatLike:
    """Scale to the power of 1.5 lets a bar answer best at its own width; 2 would prefer wide shadows."""
    return answer * np.float32(scale**1.5)


def nearest_ridge(
    image: NDArray[np.uint8], x: float, y: float, reach: float, ridge: Ridge, width: float | None
) -> tuple[float, float]:
    """Return the middle of the line nearest to a point (px), or the point itself where there is none.

    Args:
        image: uint8 (H, W) gray or (H, W, 3) RGB.
        x: Column of the point.
        y: Row of the point.
        reach: How far away the line may be (px).
        ridge: Lines of which kind.
        width: How wide they are (px); None for any width.
    """
    scales = scales_for(width)
    radius = ceil(reach)
    around = Box(floor(x), floor(y), 1, 1).expanded(radius + ceil(3 * max(scales)))
    window = around.clipped(image.shape[1], image.shape[0])
    if window.is_empty:
        return x, y
    strength = ridge_strength(np.asarray(as_gray(image[window.slices]), np.float32), scales, ridge)
    rows, columns = np.ogrid[: window.height, : window.width]
    far = ((columns + window.x + 0.5 - x) ** 2 + (rows + window.y + 0.5 - y) ** 2) / max(reach, 1.0) ** 2
    # The farther the weaker: along a line the point stays about where it is. Little so near by, where the click
    # may be on the bright margin of a dark line.
    rated = strength * np.clip(1 - far**2, 0, 1)
    row, column = np.unravel_index(int(rated.argmax()), rated.shape)
    if strength[row, column] < 2 * _WEAKEST + 2 * float(np.median(strength)):
        return x, y
    return float(column + window.x) + 0.5, float(row + window.y) + 0.5
