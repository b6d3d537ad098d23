"""An outline that is drawn free-hand and corner by corner, and the pixels within."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygonF

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.canvas.viewport import Placement

Point = tuple[float, float]


class Outline:
    """Points in image coordinates (px), in parts: a corner, or a free-hand line.

    Attributes:
        points: All points, the first one first.
        starts: Index of the first point of each part.
    """

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.starts: list[int] = []

    def begin_part(self, point: Point) -> None:
        """Add a corner; a free-hand line may go on from it."""
        self.starts.append(len(self.points))
        self.points.append(point)

    def extend(self, point: Point) -> None:
        """Add a point to the last part."""
        self.points.append(point)

    def drop_part(self) -> None:
        """Take the last part back."""
        del self.points[self.starts.pop() :]

    def clear(self) -> None:
        """Take everything back."""
        self.points.clear()
        self.starts.clear()

    def inside(self, width: int, height: int) -> tuple[Box, NDArray[np.bool_]]:
        """Return the box of the closed outline within an image (px) and the pixels whose centers lie inside."""
        window = extent(self.points).clipped(width, height)
        return window, coverage(self.points, window)

    def path(self, place: Placement) -> QPainterPath:
        """Return the open line in device pixels."""
        path = QPainterPath()
        path.addPolygon(
            QPolygonF([QPointF(place.x + x * place.zoom, place.y + y * place.zoom) for x, y in self.points])
        )
        return path


def extent(points: Sequence[Point]) -> Box:
    """Return the smallest box (px) around points in image coordinates."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    left, top = floor(min(xs)), floor(min(ys))
    return Box(left, top, ceil(max(xs)) - left, ceil(max(ys)) - top)


def coverage(points: Sequence[Point], window: Box, scale: float = 1.0) -> NDArray[np.bool_]:
    """Return which pixels of a window have their centers inside a closed outline, bool (window height, width).

    Unlike OpenCV's fillPoly, which adds the pixels under the outline itself, this has no bias: a square of 10 px has
    100 pixels. What a self-crossing outline goes around belongs to it.

    Args:
        points: The outline.
        window: The pixels that are asked for.
        scale: The window's pixels per unit of the points.
    """
    values = np.zeros((max(0, window.height), max(0, window.width)), np.uint8)
    if window.is_empty:
        return values.view(np.bool_)
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x * scale - window.x, y * scale - window.y) for x, y in points]))
    path.closeSubpath()
    path.setFillRule(Qt.FillRule.WindingFill)
    image = QImage(values.data, window.width, window.height, window.width, QImage.Format.Format_Grayscale8)
    painter = QPainter(image)
    painter.fillPath(path, QColor(255, 255, 255))
    painter.end()
    return np.asarray(values > 0)
