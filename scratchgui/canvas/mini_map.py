"""The whole image, small, at a canvas's corner: shows where the view is, and moves it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from scratchgui.canvas.magnified import SmallPicture
from scratchgui.canvas.room import EDGE
from scratchgui.canvas.turning import Turn

if TYPE_CHECKING:
    from scratchgui.canvas.room import Room
    from scratchgui.canvas.zoom_view import ZoomView
    from scratchgui.model.view_state import ViewState

_LONGEST = 168
_FRAME = QColor(128, 128, 128)
_SHADE = QColor(0, 0, 0, 110)
_DARK, _LIGHT = QColor(0, 0, 0, 200), QColor(255, 255, 255, 240)
_OFTEN_MS = 250


class MiniMap(QWidget):
    """Shown while the image is larger than the view."""

    def __init__(self, view: ZoomView, state: ViewState, room: Room) -> None:
        super().__init__(view)
        self._view = view
        self._state = state
        self._room = room
        self._picture = SmallPicture(view)
        self._later = QTimer(self, singleShot=True, interval=_OFTEN_MS)
        self._later.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click or drag to move the view")
        self.setMouseTracking(True)
        self.hide()
        view.moved.connect(self.follow)
        state.mini_map_changed.connect(self.follow)

    def follow(self, *_: object) -> None:
        """Show or hide it, give it its place, and show where the view is."""
        view = self._view
        image, box = view.viewport.image, view.viewport.image_box
        larger = box.width > view.viewport.view[0] or box.height > view.viewport.view[1]
        if not (self._state.mini_map and all(image) and larger):
            self.hide()
            return
        scale = _LONGEST / max(image)
        width, height = (max(24, ceil(side * scale)) for side in image)
        if view.turn.quarters % 2:
            width, height = height, width
        right = view.width() - EDGE
        bottom = self._room.bottom(right - width, right, view.height())
        self.setGeometry(right - width, bottom - height, width, height)
        self.show()
        self.update()

    def refresh_later(self) -> None:
        """Show what was painted, soon."""
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image with its mask, darker where the view is not."""
        ratio, turn = self.devicePixelRatioF(), self._view.turn
        wide, high = round(self.width() * ratio), round(self.height() * ratio)
        width, height = (high, wide) if turn.quarters % 2 else (wide, high)
        picture = self._picture.whole(width, height)
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        painter.fillRect(0, 0, wide + 1, high + 1, _FRAME)
        painter.save()
        painter.translate(wide / 2, high / 2)
        painter.rotate(90 * turn.quarters)
        painter.drawImage(QPointF(-width / 2, -height / 2), picture, QRect(0, 0, width, height))
        painter.restore()
        seen = self._seen(ratio)
        for part in _around(seen, wide, high):
            painter.fillRect(part, _SHADE)
        for color, line in ((_DARK, 3.0), (_LIGHT, 1.5)):
            painter.setPen(QPen(color, line * ratio, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(seen)
        painter.setPen(QPen(_FRAME, ratio))
        painter.drawRect(QRectF(0, 0, wide, high).adjusted(0.5, 0.5, -ratio / 2, -ratio / 2))
        painter.end()

    def _seen(self, ratio: float) -> QRectF:
        """Return what the view shows (device px of the map), at least a few pixels of it."""
        width, height = self._view.turn.screen
        wide, high = self.width() * ratio, self.height() * ratio
        corners = [self._to_map(*self._view.turn.to_picture(x, y), ratio) for x, y in ((0, 0), (width, height))]
        rect = QRectF(QPointF(*corners[0]), QPointF(*corners[1])).normalized()
        rect = rect.intersected(QRectF(1, 1, wide - 2, high - 2))
        grow = max(0.0, (6 * ratio - min(rect.width(), rect.height())) / 2)
        return rect.adjusted(-grow, -grow, grow, grow)

    @property
    def _turn(self) -> Turn:
        """The view's rotation, of a square of side 1."""
        return Turn(self._view.turn.quarters)

    def _to_map(self, x: float, y: float, ratio: float) -> tuple[float, float]:
        """Return where a point of the view's picture is on the map (device px)."""
        columns, rows = self._view.viewport.placement.to_image(x, y)
        width, height = self._view.viewport.image
        wide, high = self.width() * ratio, self.height() * ratio
        part_x, part_y = self._turn.to_screen(columns / width, rows / height)
        return part_x * wide, part_y * high

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the view there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the view along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def _go_to(self, at: QPointF) -> None:
        """Bring what is at a point of the map (logical px) into the middle of the view."""
        part_x, part_y = self._turn.to_picture(at.x() / self.width(), at.y() / self.height())
        place, viewport = self._view.viewport.placement, self._view.viewport
        x, y = place.x + part_x * viewport.image[0] * place.zoom, place.y + part_y * viewport.image[1] * place.zoom
        self._view.pan(viewport.view[0] / 2 - x, viewport.view[1] / 2 - y)


def _around(hole: QRectF, width: float, height: float) -> list[QRectF]:
    """Return what of a rectangle from (0, 0) lies around a hole."""
    return [
        QRectF(0, 0, width, hole.top()),
        QRectF(0, hole.bottom(), width, height - hole.bottom()),
        QRectF(0, hole.top(), hole.left(), hole.height()),
        QRectF(hole.right(), hole.top(), width - hole.right(), hole.height()),
    ]
