"""What the mouse points at: a region of the mask, or of the prediction where the mask has none."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.regions import nearest_label, region_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.core.mask import Mask

_REACH, _FARTHEST = 3.0, 200
"""How far beside a region it still is pointed at: in device px, and at most in image px."""


@dataclass(frozen=True, slots=True)
class Target:
    """One region.

    Attributes:
        x: Column of one of its pixels (px).
        y: Row of that pixel.
        box: Its bounding box (px).
        pixels: Which pixels of the box belong to it, bool (box height, box width).
        label: Its class.
        predicted: Whether it is the model's, and not in the mask.
    """

    x: int
    y: int
    box: Box
    pixels: NDArray[np.bool_]
    label: int
    predicted: bool

    @property
    def region(self) -> tuple[Box, NDArray[np.bool_]]:
        """Box and pixels together."""
        return self.box, self.pixels

    def holds(self, x: int, y: int) -> bool:
        """Tell whether it covers a pixel."""
        inside = self.box.x <= x < self.box.right and self.box.y <= y < self.box.bottom
        return bool(inside and self.pixels[y - self.box.y, x - self.box.x])


class TargetFinder:
    """Looks for regions under the mouse; only at a window around it, so that it is quick in images of any size."""

    def __init__(self, host: ToolHost) -> None:
        self._host = host

    @property
    def reach(self) -> int:
        """How far beside a region it is still found (image px); 0 from 400% on."""
        return min(_FARTHEST, floor(_REACH / self._host.placement.zoom))

    def find(self, x: int, y: int) -> Target | None:
        """Return the region at or next to a pixel; the mask's where both are as near."""
        marked, picked = self._near(x, y, self.marked), self._near(x, y, self.candidates)
        if picked is None or (marked is not None and marked[2] <= picked[2]):
            return None if marked is None else self.in_mask(*marked[:2])
        return self._target(self._host.prediction, *picked[:2], predicted=True)

    def candidate(self, x: int, y: int) -> Target | None:
        """Return the predicted region at or next to a pixel that is not in the mask."""
        near = self._near(x, y, self.candidates)
        return None if near is None else self._target(self._host.prediction, *near[:2], predicted=True)

    def deletable(self, x: int, y: int) -> Target | None:
        """Return the region of the mask at or next to a pixel; of the prediction while the mask does not count."""
        if self._host.own_mask is None:
            return self.candidate(x, y)
        near = self._near(x, y, self.marked)
        return None if near is None else self.in_mask(*near[:2])

    def in_mask(self, x: int, y: int) -> Target | None:
        """Return the region of the inspector's mask that covers a pixel."""
        return self._target(self._host.own_mask, x, y, predicted=False)

    def marked(self, window: Box) -> Mask | None:
        """Return what the inspector's mask marks in a window inside the image, uint8 (h, w)."""
        own = self._host.own_mask
        return None if own is None else self._drawn(own[window.slices])

    def candidates(self, window: Box) -> Mask | None:
        """Return what the model marks and the inspector's mask does not, uint8 (h, w)."""
        own, predicted = self._host.own_mask, self._host.prediction
        if predicted is None:
            return None
        labels = self._drawn(predicted[window.slices])
        return labels if own is None else np.where(own[window.slices] == 0, labels, np.uint8(0))

    def _drawn(self, labels: Mask) -> Mask:
        """Return labels, uint8 (h, w), without those of hidden classes."""
        hidden = self._host.editor.classes.hidden
        return np.where(np.isin(labels, list(hidden)), np.uint8(0), labels) if hidden else labels

    def _near(self, x: int, y: int, labels_in: Callable[[Box], Mask | None]) -> tuple[int, int, int] | None:
        shown, reach = self._host.shown_mask, self.reach
        if shown is None:
            return None
        height, width = shown.shape
        window = Box(x, y, 1, 1).expanded(reach).clipped(width, height)
        labels = None if window.is_empty else labels_in(window)
        found = None if labels is None else nearest_label(labels, x - window.x, y - window.y, reach)
        return None if found is None else (found[0] + window.x, found[1] + window.y, found[2])

    @staticmethod
    def _target(labels: Mask | None, x: int, y: int, *, predicted: bool) -> Target | None:
        found = None if labels is None else region_at(labels, x, y)
        if labels is None or found is None:
            return None
        return Target(x, y, *found, int(labels[y, x]), predicted)
