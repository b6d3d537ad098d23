"""What the model predicts and the mask does not hold, for the tools that pick from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.canvas.layers import Layer, Look, candidate_look
from scratchgui.canvas.sampling import sample_labels
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.pyramid import MaxPyramid
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.classes import Pattern

_CELL, _MOST_BOXES = 5, 24
"""Boxes around marks are made of cells of 2^5 px; more boxes than these are one."""


class Candidates(Layer):
    """The prediction where the mask is background; both have pyramids already, so that this costs no memory."""

    def __init__(self, prediction: MaxPyramid, mask: MaxPyramid, look: Look) -> None:
        self.pyramid = prediction
        self.look = look
        self._mask = mask

    def sample(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        """Return the label of each device pixel of a box within the image, uint8 (h, w)."""
        predicted = sample_labels(self.pyramid, place, box)
        return np.where(sample_labels(self._mask, place, box) == 0, predicted, np.uint8(0))


def candidates(
    prediction: Layer | None,
    mask: Layer | None,
    opacity: float,
    colors: tuple[str, ...],
    patterns: tuple[Pattern, ...] = (),
) -> list[Layer]:
    """Return the layer of what can still be picked, if there is one.

    Args:
        prediction: What the model marks.
        mask: What is marked already.
        opacity: How much the mask covers the image (0 … 1).
        colors: Of the classes, as in `class_table`.
        patterns: Of the classes.
    """
    if prediction is None or mask is None:
        return []
    return [Candidates(prediction.pyramid, mask.pyramid, candidate_look(opacity, colors, patterns))]


def marked_boxes(layer: Layer | None) -> list[Box]:
    """Return boxes (px), a few at most, outside of which a layer has no marks."""
    if layer is None:
        return []
    levels = layer.pyramid.levels
    height, width = levels[0].shape
    if not layer.pyramid.complete:
        return [Box(0, 0, width, height)]
    level = min(_CELL, len(levels) - 1)
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.minimum(levels[level], 1))
    found = [Box(*row[:4]) for row in stats[1:].tolist()]
    if count - 1 > _MOST_BOXES:
        found = [Box(*cv2.boundingRect(levels[level]))]
    side = 1 << level
    return [Box(box.x * side, box.y * side, box.width * side, box.height * side) for box in found]
