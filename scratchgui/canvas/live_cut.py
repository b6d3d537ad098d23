"""The prediction at another threshold, cut for the pixels of the screen alone, so that a slider acts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.canvas.layers import Layer, Look
from scratchgui.canvas.sampling import sample_labels
from scratchgui.core.cutting import labels_of_ranked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.pyramid import MaxPyramid
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box


class LiveCut(Layer):
    """What reaches a threshold, from the pyramid of the probability, or of `ranked` numbers for several classes.

    Specks, holes, gaps and faint pixels are as the threshold alone leaves them, until the whole image was cut.

    Attributes:
        step: From which of the 256 steps of probability on a pixel is marked.
        over: The whole image was cut, and this ends as soon as the smaller versions of that are built.
    """

    def __init__(self, probability: MaxPyramid, look: Look, step: int) -> None:
        self.pyramid = probability
        self.look = look
        self.step = step
        self.over = False

    def sample(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        """Return the label of each device pixel of a box within the image, uint8 (h, w)."""
        values = sample_labels(self.pyramid, place, box)
        if values.dtype == np.uint16:
            return labels_of_ranked(values.view(np.uint16), self.step)
        return np.asarray(cv2.threshold(values, self.step - 1, 1, cv2.THRESH_BINARY)[1], np.uint8)
