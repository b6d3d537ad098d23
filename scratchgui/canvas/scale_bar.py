"""A bar of a round length at the canvas's bottom left corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from scratchgui.canvas.badge import badge_font
from scratchgui.canvas.room import round_length
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from scratchgui.canvas.image_view import ImageView
    from scratchgui.canvas.room import Room
    from scratchgui.canvas.viewport import Placement
    from scratchgui.model.view_state import ViewState

_LONGEST, _PADDING, _HEIGHT = 120, 8, 34
_BACKGROUND, _FRONT = QColor(20, 20, 20, 190), QColor(245, 245, 245)


class ScaleBar:
    """Shows a length in image pixels, or in millimeters once the size of a pixel is known."""

    def __init__(self, view: ImageView, state: ViewState, room: Room) -> None:
        self._view = view
        self._state = state
        self._room = room

    def length(self, ratio: float) -> tuple[float, str]:
        """Return how long the bar is (device px), and what stands above it."""
        zoom, size = self._view.viewport.zoom, self._state.mm_per_px
        if size is None:
            pixels = max(1.0, round_length(_LONGEST * ratio / zoom))
            return pixels * zoom, f"{pixels:,.0f} px"
        longest = _LONGEST * ratio / zoom * size
        unit, factor = ("mm", 1.0) if longest >= 0.1 else ("µm", 1000.0)
        shown = round_length(longest * factor)
        return shown / factor / size * zoom, f"{shown:,g} {unit}"

    def extent(self, ratio: float) -> Box:
        """Return where it lies on the screen (device px)."""
        width = round(self.length(ratio)[0]) + round(2 * _PADDING * ratio)
        left, height = round(self._room.start * ratio), round(_HEIGHT * ratio)
        right = round((left + width) / ratio)
        bottom = self._room.bottom(self._room.start, right, self._view.height())
        return Box(left, round(bottom * ratio) - height, width, height)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint bar and length."""
        if not self._state.scale_bar or not all(self._view.viewport.image):
            return
        box = self.extent(ratio)
        if box.expanded(2).intersection(exposed).is_empty:
            return
        long, text = self.length(ratio)
        painter.save()
        font = badge_font(painter.font(), ratio)
        font.setPixelSize(round(11 * ratio))
        painter.setFont(font)
        wide = max(box.width, QFontMetrics(font).horizontalAdvance(text) + round(2 * _PADDING * ratio))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BACKGROUND)
        painter.drawRoundedRect(QRect(box.x, box.y, wide, box.height), 4 * ratio, 4 * ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(_FRONT)
        bar = round(8 * ratio)
        words = QRect(box.x, box.y + round(3 * ratio), wide, box.height - bar - round(7 * ratio))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)
        self._paint_bar(painter, box.x + (wide - round(long)) // 2, box.bottom - round(6 * ratio), round(long), ratio)
        painter.restore()

    @staticmethod
    def _paint_bar(painter: QPainter, x: int, bottom: int, long: int, ratio: float) -> None:
        line, tick = max(1, round(1.5 * ratio)), round(6 * ratio)
        painter.fillRect(x, bottom - line, long, line, _FRONT)
        painter.fillRect(x, bottom - tick, line, tick, _FRONT)
        painter.fillRect(x + long - line, bottom - tick, line, tick, _FRONT)
