"""The chosen defect: its outline, which pulses once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QObject, QVariantAnimation, Signal

from scratchgui.canvas.region_outline import RegionOutline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.core.regions import Region

_PULSE_MS = 120
_WIDE = 6.0
_LARGEST = 16_000_000
"""A region in a larger box (px²) is not outlined: its box must do."""


class Highlight(QObject):
    """Outlines one region.

    Signals:
        pulsed(): The outline looks different now.

    Attributes:
        outline: The outline itself.
        motion: Whether it pulses when a region is chosen.
    """

    pulsed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.outline = RegionOutline()
        self.motion = True
        self._pulse = QVariantAnimation(self, startValue=_WIDE, endValue=1.0, duration=_PULSE_MS)
        self._pulse.valueChanged.connect(self._show)

    def choose(self, region: Region | None, mask: Mask | None) -> None:
        """Outline a region of a label map (H, W), or nothing."""
        self._pulse.stop()
        self.outline.width = 1.0
        found = None if region is None or mask is None else pixels_of(region, mask)
        self.outline.set_region(found)
        if found is not None and self.motion:
            self._pulse.start()

    def _show(self, width: float) -> None:
        self.outline.width = width
        self.pulsed.emit()


def pixels_of(region: Region, mask: Mask) -> tuple[Box, NDArray[np.bool_]] | None:
    """Return the region's box and pixels, bool (box height, box width); None when the mask does not hold it."""
    height, width = mask.shape
    box = region.box
    if box.clipped(width, height) != box or box.area > _LARGEST:
        return None
    same = np.asarray(mask[box.slices] == region.label, np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(same, connectivity=8)
    for index in range(1, count):
        if (stats[index, :4] == (0, 0, box.width, box.height)).all():
            return box, np.asarray(labels == index)
    return None
