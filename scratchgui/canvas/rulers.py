"""Rulers along the top and left edge of a canvas, in image pixels."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from scratchgui.canvas.room import RULER, round_length
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from scratchgui.canvas.decorated_view import DecoratedView
    from scratchgui.canvas.room import Room
    from scratchgui.canvas.viewport import Placement

_APART = 64
"""Labels are at least so far from each other (logical px)."""
_DARK = QColor(36, 36, 36), QColor(90, 90, 90), QColor(176, 176, 176)
_LIGHT = QColor(238, 238, 238), QColor(160, 160, 160), QColor(80, 80, 80)
_MARK = QColor(76, 154, 255)
_LONG, _SHORT = 18, 5


class Rulers:
    """Ticks and numbers; the place of the mouse is marked."""

    def __init__(self, view: DecoratedView, room: Room) -> None:
        self._view = view
        self._room = room
        self._mouse: tuple[float, float] | None = None

    def follow(self, at: tuple[float, float] | None) -> None:
        """Mark a point of the screen (device px), or none."""
        if self._room.rulers:
            self._repaint_marks()
            self._mouse = at
            self._repaint_marks()

    def _repaint_marks(self) -> None:
        if self._mouse is not None:
            wide = round(RULER * self._view.devicePixelRatioF())
            x, y = (floor(part) for part in self._mouse)
            self._view.update_screen(Box(x - 2, 0, 5, wide))
            self._view.update_screen(Box(0, y - 2, wide, 5))

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint what lies in the exposed part."""
        wide = round(RULER * ratio)
        if not self._room.rulers or not all(self._view.viewport.image) or min(exposed.x, exposed.y) >= wide:
            return
        painter.save()
        font = QFont(painter.font())
        font.setPixelSize(round(9 * ratio))
        painter.setFont(font)
        width, height = self._view.turn.screen
        ground, line, _ = _DARK if self._view.dark else _LIGHT
        painter.fillRect(0, 0, width, wide, ground)
        painter.fillRect(0, 0, wide, height, ground)
        self._paint_axis(painter, place, width, ratio, down=False)
        self._paint_axis(painter, place, height, ratio, down=True)
        painter.fillRect(0, 0, wide, wide, ground)
        thin = max(1, round(ratio))
        painter.fillRect(0, wide - thin, width, thin, line)
        painter.fillRect(wide - thin, 0, thin, height, line)
        if self._mouse is not None:
            painter.fillRect(floor(self._mouse[0]), 0, thin, wide, _MARK)
            painter.fillRect(0, floor(self._mouse[1]), wide, thin, _MARK)
        painter.restore()

    def _axis(self, place: Placement, *, down: bool) -> tuple[float, float]:
        """Return where the image's pixel 0 is on the screen along an edge, and how far one pixel on is (device px)."""
        turn = self._view.turn
        along = 0 if down == bool(turn.quarters % 2) else 1  # column or row of the image
        ends = [(place.x + step * place.zoom * (1 - along), place.y + step * place.zoom * along) for step in (0, 1)]
        zero, one = (turn.to_screen(*end)[1 if down else 0] for end in ends)
        return zero, one - zero

    def _paint_axis(self, painter: QPainter, place: Placement, length: int, ratio: float, *, down: bool) -> None:
        zero, step = self._axis(place, down=down)
        major = max(1.0, round_length(2.5 * _APART * ratio / abs(step)))
        minor = major / 10 if major >= 10 else 1.0
        ends = sorted(((0 - zero) / step, (length - zero) / step))
        wide, thin = round(RULER * ratio), max(1, round(ratio))
        _, line, text = _DARK if self._view.dark else _LIGHT
        for index in range(floor(ends[0] / minor), ceil(ends[1] / minor) + 1):
            value = index * minor
            at = floor(zero + value * step)
            labeled = abs(value / major - round(value / major)) < 1e-6
            tick = round((_LONG if labeled else _SHORT) * ratio)
            painter.fillRect(*((wide - tick, at, tick, thin) if down else (at, wide - tick, thin, tick)), line)
            if labeled:
                painter.setPen(text)
                _paint_number(painter, f"{value:.0f}", at, ratio, down=down)


def _paint_number(painter: QPainter, text: str, at: int, ratio: float, *, down: bool) -> None:
    """Paint a number behind its tick; at the left edge it reads upwards."""
    gap, wide, long = round(3 * ratio), round((RULER - 6) * ratio), round(_APART * ratio)
    before = painter.fontMetrics().horizontalAdvance(text) + gap if down else -gap
    if at - before < round(RULER * ratio):
        return  # the corner would cut it, and a cut number is another number
    if not down:
        painter.drawText(
            QRect(at + gap, 0, long, wide), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text
        )
        return
    painter.save()
    painter.translate(0, at - gap)
    painter.rotate(-90)
    painter.drawText(QRect(0, 0, long, wide), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
