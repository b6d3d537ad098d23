"""A first look at a large picture: put together at half its size and enlarged, until there is time for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, cast

import cv2
from PySide6.QtCore import QObject, QTimer

from scratchgui.canvas.shades import PERIOD
from scratchgui.canvas.viewport import Placement
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QRegion

    from scratchgui.canvas.qimage_bridge import Frame
    from scratchgui.canvas.viewport import Viewport

_AT_ONCE = 1_000_000
"""So many device pixels are put together in full at once: five to eight milliseconds."""

_PAUSE_MS = 60
"""Zooming has ended when nothing rough came for so long."""

_SLICE = 0.006
"""Time that sharpening takes between two events (s)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a picture is put together on.

    Attributes:
        frame: Its memory.
        place: Where the image lies in it.
        image: The pixels that the image covers; may reach beyond the frame.
        edge_width: Width of outlines (px).
        period: After so many device pixels the patterns of classes repeat.
        step: So many device pixels in each direction are one of its pixels.
        blur: How much earlier a coarser version of the image will do (0 … 1, in levels).
    """

    frame: Frame
    place: Placement
    image: Box
    edge_width: int
    period: int
    step: int = 1
    blur: float = 0.0

    @classmethod
    def of(cls, viewport: Viewport, frame: Frame, edge_width: int) -> Sheet:
        """Return what shows a viewport as it is now."""
        return cls(frame, viewport.placement, viewport.image_box, edge_width, PERIOD * edge_width)

    def halved(self, frame: Frame) -> Sheet:
        """Return the same at half the size, in another frame."""
        place = Placement(self.place.x / 2, self.place.y / 2, self.place.zoom / 2)
        x, y = floor(self.image.x / 2), floor(self.image.y / 2)
        image = Box(x, y, ceil(self.image.right / 2) - x, ceil(self.image.bottom / 2) - y)
        return Sheet(frame, place, image, (self.edge_width + 1) // 2, self.period, 2 * self.step, blur=0.5)


def is_large(region: QRegion) -> bool:
    """Tell whether a region of device pixels takes too long to be put together at once."""
    return sum(rect.width() * rect.height() for rect in cast("Iterable[QRect]", region)) > _AT_ONCE


def enlarge(half: Frame, frame: Frame) -> None:
    """Fill a frame of even size with one of half the size."""
    height, width = frame.pixels.shape[:2]
    cv2.resize(half.pixels, (width, height), dst=frame.pixels, interpolation=cv2.INTER_LINEAR)


class Sharpener(QObject):
    """Calls for slices of work once nothing rough has come for a while."""

    def __init__(self, work: Callable[[float], bool], parent: QObject) -> None:
        """Prepare it.

        Args:
            work: Sharpens for about so many seconds; tells whether all is sharp.
            parent: The owner.
        """
        super().__init__(parent)
        self._work = work
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def later(self) -> None:
        """Begin after a pause; each call lets the pause begin anew."""
        self._timer.start(_PAUSE_MS)

    def _step(self) -> None:
        if self._work(_SLICE):
            self._timer.stop()
        elif self._timer.interval():
            self._timer.start(0)
