"""The brush's outline at the mouse: the pixels that a click would cover."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from scratchgui.core.brush import stamp_origin
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from scratchgui.canvas.viewport import Placement

_DARK = QColor(0, 0, 0, 200)
_LIGHT = QColor(255, 255, 255, 240)
_TINY = 7.0
_ARM, _HOLE = 9.0, 4.0


class BrushCursor:
    """A circle of the brush's true size, dark and light so that it shows on any surface.

    Attributes:
        visible: Whether the tool in use has a brush and the mouse is over the canvas.
        diameter: Size of the brush (image px).
    """

    def __init__(self) -> None:
        self.visible = False
        self.diameter = 20
        self._x = 0.0
        self._y = 0.0

    def move(self, x: float, y: float) -> None:
        """Put the middle at a point of the view (device px)."""
        self._x, self._y = x, y

    def extent(self, place: Placement, ratio: float) -> Box:
        """Return the device pixels that it needs; empty when it is hidden."""
        if not self.visible:
            return Box.empty()
        rect, reach = self._rect(place), 3 * ratio
        if rect.width() < _TINY * ratio:
            reach += (_HOLE + _ARM) * ratio
        x, y = floor(rect.left() - reach), floor(rect.top() - reach)
        return Box(x, y, ceil(rect.right() + reach) - x, ceil(rect.bottom() + reach) - y)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint it; below 7 px with a cross around it, so that it is found."""
        if self.extent(place, ratio).intersection(exposed).is_empty:
            return
        rect = self._rect(place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.diameter > 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, outwards in ((_DARK, 1.0), (_LIGHT, 0.0)):
            painter.setPen(QPen(color, max(1.0, ratio), j=Qt.PenJoinStyle.MiterJoin))
            around = (outwards + 0.5) * ratio
            self._outline(painter, rect.adjusted(-around, -around, around, around))
        if rect.width() < _TINY * ratio:
            _paint_cross(painter, rect.center(), ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _rect(self, place: Placement) -> QRectF:
        left, top = stamp_origin(*place.to_image(self._x, self._y), self.diameter)
        side = self.diameter * place.zoom
        return QRectF(place.x + left * place.zoom, place.y + top * place.zoom, side, side)

    def _outline(self, painter: QPainter, rect: QRectF) -> None:
        """Brushes of 1 and 2 px are squares."""
        if self.diameter > 2:
            painter.drawEllipse(rect)
        else:
            painter.drawRect(rect)


def _paint_cross(painter: QPainter, middle: QPointF, ratio: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    x, y = floor(middle.x()) + 0.5, floor(middle.y()) + 0.5
    for color, width in ((_DARK, 3 * ratio), (_LIGHT, ratio)):
        pen = QPen(color, max(1.0, width))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        near, far = (_HOLE + 2) * ratio, (_HOLE + _ARM) * ratio
        painter.drawLines(
            [
                QLineF(x - far, y, x - near, y),
                QLineF(x + near, y, x + far, y),
                QLineF(x, y - far, x, y - near),
                QLineF(x, y + near, x, y + far),
            ]
        )
