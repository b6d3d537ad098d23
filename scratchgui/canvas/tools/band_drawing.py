"""How a path that is not committed yet looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.canvas.area_drawing import area_colors, under
from scratchgui.canvas.qimage_bridge import premultiplied
from scratchgui.canvas.sampling import gather
from scratchgui.core.band import band
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.band import Piece
    from scratchgui.core.line_map import Points

_THINNEST = 2
"""So wide (device px) a band is seen, however small its image is shown."""
_SHIFT, _FAR = 4, 2.0**30
"""Bits behind the point of OpenCV's coordinates, and their range."""


class BandDrawing:
    """Lines with a width, lightly filled; a light and a dark line lie around them and leave the scratch to be seen.

    From 100% on, exactly the image's pixels are filled that will be marked.

    Attributes:
        color: Of the class that they will get (#rrggbb).
        lines: The parts of the path.
        width: How wide they are (px).
        image: Width and height of the image (px); nothing is shown beside it.
    """

    def __init__(self) -> None:
        self.color = ""
        self.lines: Sequence[Points] = ()
        self.width = 1.0
        self.image = (0, 0)
        self._kept: dict[tuple[int, float], tuple[Points, list[Piece]]] = {}

    def extent(self, lines: Sequence[Points], place: Placement, ratio: float) -> Box:
        """Return the device pixels that some lines may need."""
        around = Box.empty()
        for line in lines:
            (left, top), (right, bottom) = line.min(axis=0).tolist(), line.max(axis=0).tolist()
            inner = Box(int(left), int(top), int(right) - int(left) + 1, int(bottom) - int(top) + 1)
            around = around.union(inner.expanded(int(self.width) + 2))
        return around if around.is_empty else place.device_box(around).expanded(2 * _line(ratio) + 1)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint what lies in the exposed box."""
        seen = self.extent(self.lines, place, ratio).intersection(exposed)
        if seen.is_empty:
            return
        margin = 2 * _line(ratio)
        covered = self._covered(place, seen.expanded(margin))
        around = np.ones((margin + 1,) * 2, np.uint8)
        light = cv2.dilate(covered, around)
        dark = cv2.dilate(light, around)
        # 0 nothing, 1 inside, 2 the line around it, 3 the line around that.
        kinds = np.asarray(3 * dark - light - covered, np.uint8)[margin:-margin, margin:-margin]
        painter.drawImage(seen.x, seen.y, premultiplied(area_colors(self.color).take(kinds)))

    def pieces(self) -> list[Piece]:
        """Return the image's pixels of all lines, in boxes that may overlap and reach beyond the image."""
        return [piece for line in self.lines for piece in band(line, self.width)]

    def _covered(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        covered = np.zeros((box.height, box.width), np.uint8)
        if place.zoom < 1:
            for line in self.lines:
                _draw(covered, line * place.zoom + (place.x - box.x, place.y - box.y), self.width * place.zoom)
        else:
            for where, pixels in (piece for line in self.lines for piece in self._pieces(line)):
                seen = place.device_box(where).intersection(box)
                if not seen.is_empty:
                    covered[seen.relative_to(box).slices] |= _enlarged(where, pixels, place, seen)
        inside = place.device_box(Box(0, 0, *self.image)).intersection(box)
        kept = np.zeros_like(covered)
        part = inside.relative_to(box).slices
        kept[part] = covered[part]
        return kept

    def _pieces(self, line: Points) -> list[Piece]:
        """Return the image's pixels of a line."""
        key = id(line), self.width
        if key not in self._kept:
            lines = {id(each) for each in self.lines}
            self._kept = {old: kept for old, kept in self._kept.items() if old[0] in lines and old[1] == self.width}
            self._kept[key] = line, band(line, self.width)
        return self._kept[key][1]


def _draw(covered: NDArray[np.uint8], line: Points, width: float) -> None:
    """Draw a line in device pixels: about as wide, for the image's own pixels cannot be seen."""
    near = np.clip((line - 0.5) * 2**_SHIFT, -_FAR, _FAR).round().astype(np.int32)
    cv2.polylines(covered, [near], False, 1, max(_THINNEST, round(width)), cv2.LINE_8, _SHIFT)


def _enlarged(where: Box, pixels: NDArray[np.bool_], place: Placement, seen: Box) -> NDArray[np.bool_]:
    """Return which device pixels of a box lie over some pixels of an image, bool (h, w)."""
    rows = under(seen.y, seen.height, place.y, place.zoom) - where.y
    columns = under(seen.x, seen.width, place.x, place.zoom) - where.x
    shown = gather(pixels.view(np.uint8), np.clip(rows, 0, where.height - 1), np.clip(columns, 0, where.width - 1))
    inside = ((rows >= 0) & (rows < where.height))[:, None] & ((columns >= 0) & (columns < where.width))
    return np.asarray((shown > 0) & inside)


def _line(ratio: float) -> int:
    return max(1, round(ratio))
