"""How an open outline looks."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath

from scratchgui.canvas.area_drawing import area_colors, under
from scratchgui.canvas.double_line import draw_double
from scratchgui.canvas.qimage_bridge import premultiplied
from scratchgui.canvas.sampling import gather
from scratchgui.canvas.tools.outline import Outline, coverage, extent
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.canvas.tools.outline import Point
    from scratchgui.canvas.viewport import Placement

_HANDLE = 3.0
"""Half the side of the square at a corner (logical px)."""


class LassoDrawing:
    """The line so far, the loose end to the mouse and back to the first point, corners, and the area lightly filled.

    From 100% on, exactly the image's pixels are filled that closing the outline here would change.

    Attributes:
        mouse: Where the mouse is (image px).
        ratio: Device pixels per logical pixel, as of the last repaint.
    """

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self.mouse: Point = (0.0, 0.0)
        self.ratio = 1.0

    def extent(self, place: Placement) -> Box:
        """Return the device pixels around all that is shown."""
        return self.around(self._outline.points, place)

    def around(self, points: Sequence[Point], place: Placement) -> Box:
        """Return the device pixels around the lines between points (image px) and the mouse."""
        seen = _seen([*points, self.mouse], place)
        return seen.expanded(ceil((_HANDLE + 3) * self.ratio))  # corners and lines reach beyond the points

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float, color: str) -> None:
        """Paint what lies in the exposed box; the fill has a color (#rrggbb), or is dark with none."""
        self.ratio = ratio
        if not self._outline.points:
            return
        self._fill(painter, place, exposed, color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, mouse = self._outline.path(place), _device(place, self.mouse)
        draw_double(painter, line, ratio)
        loose = QPainterPath(line.currentPosition())
        loose.lineTo(mouse)
        loose.lineTo(_device(place, self._outline.points[0]))
        draw_double(painter, loose, ratio, dashed=True)
        corners, half = QPainterPath(), _HANDLE * ratio
        for start in self._outline.starts:
            at = _device(place, self._outline.points[start])
            corners.addRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
        draw_double(painter, corners, ratio)

    def _fill(self, painter: QPainter, place: Placement, exposed: Box, color: str) -> None:
        points = [*self._outline.points, self.mouse]
        seen = _seen(points, place).intersection(exposed)
        if seen.is_empty:
            return
        covered = _covered(points, place, seen)
        painter.drawImage(seen.x, seen.y, premultiplied(area_colors(color).take(covered)))


def _covered(points: list[Point], place: Placement, seen: Box) -> NDArray[np.uint8]:
    """Return 1 for each device pixel of a box that is to be filled, uint8 (h, w)."""
    if place.zoom < 1:
        moved = [(x + place.x / place.zoom, y + place.y / place.zoom) for x, y in points]
        return coverage(moved, seen, place.zoom).view(np.uint8)
    rows = under(seen.y, seen.height, place.y, place.zoom)
    columns = under(seen.x, seen.width, place.x, place.zoom)
    left, top = int(columns[0]), int(rows[0])
    window = Box(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)
    return gather(coverage(points, window).view(np.uint8), rows - top, columns - left)


def _seen(points: Sequence[Point], place: Placement) -> Box:
    return extent([(place.x + x * place.zoom, place.y + y * place.zoom) for x, y in points])


def _device(place: Placement, point: Point) -> QPointF:
    return QPointF(place.x + point[0] * place.zoom, place.y + point[1] * place.zoom)
