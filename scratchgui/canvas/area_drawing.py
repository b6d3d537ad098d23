"""Pixels that a gesture is about to change, shown on the screen's pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from scratchgui.canvas.layers import class_table
from scratchgui.canvas.qimage_bridge import premultiplied
from scratchgui.canvas.region_outline import reduced
from scratchgui.canvas.sampling import gather, mask_level
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.viewport import Placement

Sampler: TypeAlias = "Callable[[Placement, Box], NDArray[np.uint8]]"

_OPACITY = 0.25
_ERASED, _LIGHT, _DARK = 0x60000000, 0xFFFFFFFF, 0xC8000000
_LEVELS = 16
"""More halvings than any zoom asks for."""


class Highlighting(ABC):
    """Pixels lightly filled with the color of their class within a light and a dark line.

    Attributes:
        color: Of the class that the pixels get (#rrggbb); empty when they are erased.
    """

    def __init__(self) -> None:
        self.color = ""

    @abstractmethod
    def extent(self, place: Placement, ratio: float) -> Box:
        """Return the device pixels that it may need."""

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint what lies in the exposed box."""
        seen = self.extent(place, ratio).intersection(exposed)
        if seen.is_empty:
            return
        width, margin = max(1, round(ratio)), _margin(ratio)
        wide = seen.expanded(margin)
        covered = self._covered(place, wide)
        marked = Box(*cv2.boundingRect(covered))
        # The part that is not clear, and of that what is to be painted: a box around a scratch is mostly empty.
        part = marked.expanded(margin).clipped(wide.width, wide.height)
        painted = part.intersection(Box(margin, margin, seen.width, seen.height))
        if marked.is_empty or painted.is_empty:
            return
        covered = covered[part.slices]
        around = np.ones((2 * width + 1,) * 2, np.uint8)
        inner, outer = cv2.erode(covered, around), cv2.dilate(covered, around)
        # 0 nothing, 1 inside, 2 the line inside, 3 the line outside: the last two show on any surface.
        kinds = np.asarray(3 * outer - covered - inner, np.uint8)[painted.relative_to(part).slices]
        colors = premultiplied(area_colors(self.color).take(kinds))
        painter.drawImage(wide.x + painted.x, wide.y + painted.y, colors)

    @abstractmethod
    def _covered(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        """Return 1 for each device pixel of a box that is covered, uint8 (h, w)."""


class AreaDrawing(Highlighting):
    """One area."""

    def __init__(self) -> None:
        super().__init__()
        self._box = Box.empty()
        self._pixels: NDArray[np.bool_] | None = None
        self._levels: dict[int, NDArray[np.bool_]] = {}

    def set_area(self, found: tuple[Box, NDArray[np.bool_]] | None) -> None:
        """Show pixels, bool (box height, box width), of a box (px), or nothing."""
        self._box, self._pixels = found or (Box.empty(), None)
        self._levels.clear()

    def extent(self, place: Placement, ratio: float) -> Box:
        """Return the device pixels that it may need."""
        return Box.empty() if self._pixels is None else place.device_box(self._box).expanded(_margin(ratio) + 1)

    def _covered(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        assert self._pixels is not None
        level = mask_level(place.zoom, _LEVELS)
        if level not in self._levels:
            self._levels[level] = np.pad(reduced(self._box, self._pixels, level), 1)
        padded, scale = self._levels[level], place.zoom * 2.0**level
        # One row and column more on each side stand for all that lies outside.
        rows = under(box.y, box.height, place.y, scale) - (self._box.y >> level) + 1
        columns = under(box.x, box.width, place.x, scale) - (self._box.x >> level) + 1
        height, width = padded.shape
        return gather(padded.view(np.uint8), np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1))


class MarksDrawing(Highlighting):
    """What is marked inside a box, as it is drawn already: nothing has to be looked up in the image's own pixels.

    Attributes:
        marks: Returns the label of each device pixel of a box within the image, uint8 (h, w); None for no marks.
        box: The image pixels that are looked at.
        hidden: Labels that are not shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.marks: Sampler | None = None
        self.hidden: frozenset[int] = frozenset()
        self.box = Box.empty()

    def extent(self, place: Placement, ratio: float) -> Box:
        """Return the device pixels that it may need."""
        nothing = self.marks is None or self.box.is_empty
        return Box.empty() if nothing else place.device_box(self.box).expanded(_margin(ratio) + 1)

    def _covered(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        covered = np.zeros((box.height, box.width), np.uint8)
        part = place.device_box(self.box).intersection(box)
        if self.marks is not None and not part.is_empty:
            covered[part.relative_to(box).slices] = visible(self.marks(place, part), self.hidden)
        return covered


def visible(labels: NDArray[np.uint8], hidden: Collection[int]) -> NDArray[np.bool_]:
    """Return where labels, uint8 (h, w), are neither background nor hidden."""
    table = np.arange(256) > 0
    table[list(hidden)] = False
    return table.take(labels)


def area_colors(color: str) -> NDArray[np.uint32]:
    """Return the premultiplied colors of nothing, the fill, the inner line and the outer one, uint32 (4,).

    Args:
        color: Of the class that fills (#rrggbb); empty for a dark fill, where pixels are erased.
    """
    fill = class_table(_OPACITY, (color,))[1] if color else _ERASED
    return np.array([0, fill, _LIGHT, _DARK], np.uint32)


def under(start: int, count: int, origin: float, scale: float) -> NDArray[np.intp]:
    """Return the row (or column) that lies under the middle of each device pixel from `start` on; may be outside.

    Args:
        start: First device pixel.
        count: How many there are.
        origin: Where row 0 begins (device px).
        scale: Device pixels per row.
    """
    position: NDArray[np.float64] = np.floor((np.arange(start, start + count) + (0.5 - origin)) / scale)
    return position.astype(np.intp)


def _margin(ratio: float) -> int:
    return max(1, round(ratio)) + 1
