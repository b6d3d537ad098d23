"""From probabilities to a mask: the one place where window, command line and training cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.cutting import Cutting, quantized_threshold
from scratchgui.core.joining import join_pieces
from scratchgui.core.refining import drop_faint, drop_small, fill_holes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask


def cut(probability: NDArray[np.uint8], cutting: Cutting) -> Mask:
    """Return the label map of a prediction.

    Args:
        probability: Quantized probability of each class, uint8 (C, H, W), 255 = 1.
        cutting: From which probability on a pixel counts, and what is made of those that do.

    Returns:
        uint8 (H, W): 0 background, else the likeliest class, 1 … C.
    """
    step = quantized_threshold(cutting.threshold)
    mask = _labels(probability, step)
    labels = range(1, len(probability) + 1)
    if cutting.low_threshold is not None and (low := quantized_threshold(cutting.low_threshold)) < step:
        sure, mask = mask, _labels(probability, low)
        for label in labels:
            drop_faint(mask, sure, label)
    for refine, limit in (
        (fill_holes, cutting.largest_hole),
        (join_pieces, cutting.longest_gap),
        (drop_small, cutting.min_area),
    ):
        for label in labels if limit else ():
            refine(mask, label, limit)
    return mask


def _labels(probability: NDArray[np.uint8], step: int) -> Mask:
    """Return the likeliest class of each pixel where it reaches a step of probability, else 0."""
    mask = _reached(probability[0], step)
    highest = probability[0]
    for label, values in enumerate(probability[1:], 2):
        # The first one of equals counts, as with argmax, which takes ten times as long.
        higher = np.asarray(cv2.compare(values, highest, cv2.CMP_GT), np.uint8)
        cv2.copyTo(_reached(values, step) * np.uint8(label), higher, mask)
        highest = np.asarray(cv2.max(values, highest), np.uint8)
    return mask


def _reached(values: NDArray[np.uint8], step: int) -> Mask:
    """Return 1 where values reach a step, else 0."""
    return np.asarray(cv2.threshold(values, step - 1, 1, cv2.THRESH_BINARY)[1], np.uint8)
