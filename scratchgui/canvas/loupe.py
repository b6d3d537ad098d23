"""A magnifying glass beside the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from scratchgui.canvas.magnified import SmallPicture
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from scratchgui.canvas.image_view import ImageView
    from scratchgui.canvas.viewport import Placement
    from scratchgui.model.view_state import ViewState

_SIDE, _AWAY = 184, 28
"""Diameter, and distance from the mouse (logical px)."""
_TIMES = 4
_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor(255, 255, 255, 235)


class Loupe:
    """A circle of what is under the mouse, four times as large, but never smaller than 100%."""

    def __init__(self, view: ImageView, state: ViewState) -> None:
        self._view = view
        self._state = state
        self._picture = SmallPicture(view)
        self._at: tuple[float, float] | None = None

    def follow(self, at: tuple[float, float] | None) -> None:
        """Magnify what is at a point of the picture (device px), or nothing."""
        self._view.update_screen(self.extent())
        self._at = at
        self._view.update_screen(self.extent())

    def extent(self) -> Box:
        """Return where it is on the screen (device px); empty while it is off."""
        if self._at is None or not self._state.loupe or not all(self._view.viewport.image):
            return Box.empty()
        rect = self._rect(self._view.devicePixelRatioF())
        return Box(rect.x(), rect.y(), rect.width(), rect.height()).expanded(3)

    def _rect(self, ratio: float) -> QRect:
        """Return its square: above the mouse at the right, or where there is room."""
        assert self._at is not None
        side, away = round(_SIDE * ratio), round(_AWAY * ratio)
        x, y = (round(part) for part in self._view.turn.to_screen(*self._at))
        width, _ = self._view.turn.screen
        left = x + away if x + away + side <= width else x - away - side
        top = y - away - side if y - away - side >= 0 else y + away
        return QRect(left, top, side, side)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the circle, the pixel under the mouse in its middle."""
        if self._at is None or self.extent().intersection(exposed).is_empty:
            return
        rect = self._rect(ratio)
        zoom = max(_TIMES * place.zoom, 1.0)
        picture = self._picture.around(*place.to_image(*self._at), zoom, rect.width())
        circle = QPainterPath()
        circle.addEllipse(rect)
        painter.save()
        painter.setClipPath(circle, Qt.ClipOperation.IntersectClip)
        middle = QPointF(rect.x() + rect.width() / 2, rect.y() + rect.height() / 2)
        painter.translate(middle)
        painter.rotate(90 * self._view.turn.quarters)
        painter.drawImage(
            QPointF(-rect.width() / 2, -rect.height() / 2), picture, QRect(0, 0, rect.width(), rect.height())
        )
        painter.restore()
        _paint_frame(painter, rect, middle, ratio)


def _paint_frame(painter: QPainter, rect: QRect, middle: QPointF, ratio: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((_DARK, 3.0), (_LIGHT, 1.5)):
        painter.setPen(QPen(color, width * ratio, c=Qt.PenCapStyle.FlatCap))
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            near, far = 6 * ratio, 12 * ratio
            start, end = QPointF(dx * near, dy * near), QPointF(dx * far, dy * far)
            painter.drawLine(middle + start, middle + end)
    painter.restore()
