"""From probabilities to a mask: the one place where window, command line and training cut."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.components import bands
from scratchgui.core.mask import labels_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask


def quantized_threshold(threshold: float) -> int:
    """Return the lowest of the 256 steps of probability that counts as defect.

    Never 0: where the model says "certainly not", no threshold makes a defect.
    """
    return min(255, max(1, math.ceil(threshold * 255 - 1e-9)))


def cut(probability: NDArray[np.uint8], threshold: float, *, min_area: int = 0) -> Mask:
    """Return the label map of a prediction.

    Args:
        probability: Quantized probability of each class, uint8 (C, H, W), 255 = 1.
        threshold: Probability from which on a pixel is a defect (0 … 1).
        min_area: Connected regions (8-neighborhood, one class) smaller than this are left out (px²).

    Returns:
        uint8 (H, W): 0 background, else the likeliest class, 1 … C.
    """
    step = quantized_threshold(threshold)
    if len(probability) == 1:
        mask = np.asarray(cv2.threshold(probability[0], step - 1, 1, cv2.THRESH_BINARY)[1], np.uint8)
    else:
        likeliest = np.asarray(probability.argmax(axis=0) + 1, np.uint8)
        mask = np.where(probability.max(axis=0) >= step, likeliest, np.uint8(0))
    if min_area > 1:
        _drop_small(mask, min_area)
    return mask


def _drop_small(mask: Mask, min_area: int) -> None:
    """Clear the small regions of each class in place."""
    x, y, width, height = cv2.boundingRect(mask)
    part = mask[y : y + height, x : x + width]
    for label in labels_in(part):
        # A small region lies in one band with none of its pixels at a cut: so far do the bands overlap.
        for top, bottom in bands(height, width, overlap=min_area + 1):
            _drop_small_between_cuts(part[top:bottom], label, min_area, cut_above=top > 0, cut_below=bottom < height)


def _drop_small_between_cuts(band: Mask, label: int, min_area: int, *, cut_above: bool, cut_below: bool) -> None:
    """Clear small regions of a class but those that may go on where the band was cut."""
    binary = np.asarray(band == label, np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8)
    top, bottom = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    small = stats[:, cv2.CC_STAT_AREA] < min_area
    small &= ~((cut_above & (top == 0)) | (cut_below & (bottom == len(band))))
    small[0] = False
    if count > 1 and small.any():
        band[small[labels]] = 0
