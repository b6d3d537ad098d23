"""The color of a class with its pattern, small, for the list of patterns."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPixmap, QTransform

from scratchgui.core.classes import Pattern
from scratchgui.core.patterns import pattern_tile

_PERIOD: Final = 6
"""After so many px a pattern repeats: closer than over an image, so that it is recognized in little room."""
_CORNER: Final = 3.0
_GROUND: Final = 220
"""So many percent darker than the lines is what lies between them; it hides what is below, such as a chosen row."""


def swatch_icon(color: QColor, pattern: Pattern) -> QIcon:
    """Return a patch of a color and pattern as an icon."""
    return QIcon(_SwatchEngine(color, pattern))


def _brush(color: QColor, pattern: Pattern, origin: QPoint, ratio: float) -> QBrush:
    """Return what fills a patch from a corner on (px), for a screen with so many device pixels per px."""
    if pattern is Pattern.PLAIN:
        return QBrush(color)
    period = max(1, round(_PERIOD * ratio))
    brush = QBrush(_tile(color.rgb(), pattern, period))
    scale = _PERIOD / period
    brush.setTransform(QTransform.fromTranslate(origin.x(), origin.y()).scale(scale, scale))
    return brush


@lru_cache(maxsize=64)
def _tile(color: int, pattern: Pattern, period: int) -> QImage:
    tile = QImage(period, period, QImage.Format.Format_RGB32)
    lines, ground = QColor(color), QColor(color).darker(_GROUND)
    shares = pattern_tile(pattern, period)
    for y in range(period):
        for x in range(period):
            tile.setPixelColor(x, y, _mixed(ground, lines, float(shares[y, x])))
    return tile


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    channels = zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()), strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in channels))


class _SwatchEngine(QIconEngine):
    """Draws a patch when asked, sharp at any pixel density."""

    def __init__(self, color: QColor, pattern: Pattern) -> None:
        super().__init__()
        self._color = color
        self._pattern = pattern

    def clone(self) -> QIconEngine:
        """Return the same once more."""
        return _SwatchEngine(self._color, self._pattern)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the patch into a rectangle."""
        ratio = painter.device().devicePixelRatioF()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_brush(self._color, self._pattern, rect.topLeft(), ratio))
        painter.drawRoundedRect(rect, _CORNER, _CORNER)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a picture for the application's screens."""
        app = QGuiApplication.instance()
        ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
        return self.scaledPixmap(size, mode, state, ratio)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Return a picture of a size in px for a screen with so many device pixels per px."""
        picture = QPixmap(size * scale)
        picture.fill(Qt.GlobalColor.transparent)
        picture.setDevicePixelRatio(scale)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture
