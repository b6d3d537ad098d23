"""The icon family: SVG files in ``resources/icons``, drawn in the theme's colors at any pixel density."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from scratchgui.ui import theme
from scratchgui.ui.svg import icon_path, svg_bytes

_CACHE_SIZE: Final = 512


def icon(name: str, color: str | None = None) -> QIcon:
    """Return an icon that follows the theme.

    Args:
        name: File name in ``resources/icons`` without ``.svg``.
        color: A token of the theme (``"accent"``, ``"ng"`` …) or a color; by default the text's color,
            and the disabled color where the control is disabled.
    """
    return QIcon(_SvgEngine(name, color))


def pixmap(name: str, size: int, color: str = "text", *, ratio: float = 1.0) -> QPixmap:
    """Return one icon of ``size`` px (device-independent) for a label or a delegate's painter."""
    return _drawn(name, theme.current().color(color).name(), size, ratio)


def app_icon() -> QIcon:
    """Return the application's own icon, in its own colors."""
    return QIcon(str(icon_path("app")))


@lru_cache(maxsize=_CACHE_SIZE)
def _drawn(name: str, color: str, size: int, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg_bytes(name, color))).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class _SvgEngine(QIconEngine):
    """Draws one SVG when asked, in the color the theme has at that moment."""

    def __init__(self, name: str, color: str | None) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def _token(self, mode: QIcon.Mode) -> str:
        if mode == QIcon.Mode.Disabled:
            return "disabled"
        return self._color or "text"

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        app = QGuiApplication.instance()
        ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
        return self.scaledPixmap(size, mode, state, ratio)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())  # device-independent
        return _drawn(self._name, theme.current().color(self._token(mode)).name(), side, scale)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)

    def isNull(self) -> bool:
        return False

    def key(self) -> str:
        return "scratchgui-svg"

    def clone(self) -> QIconEngine:
        return _SvgEngine(self._name, self._color)
