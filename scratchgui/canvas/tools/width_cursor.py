"""A circle at the mouse that is as wide as what will be drawn."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath

from scratchgui.canvas.double_line import draw_double
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import PointerEvent, ToolHost
    from scratchgui.canvas.viewport import Placement

_SMALL = 6.0
"""Smaller circles (logical px) only hide what is under the cross."""


class WidthCursor:
    """Follows the mouse while it is shown."""

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._at: tuple[float, float] | None = None
        self._width = 1.0
        self._ratio = 1.0

    def show(self, event: PointerEvent | None, width: float) -> None:
        """Show it at the mouse, or not at all; the width is that of the image's pixels."""
        before = self._extent()
        self._at = None if event is None else (event.device_x, event.device_y)
        self._width = width
        changed = before.union(self._extent())
        if not changed.is_empty:
            self._host.repaint(changed)

    def paint(self, painter: QPainter, place: Placement, ratio: float) -> None:
        """Paint it, where it is large enough to be told from the cross."""
        self._ratio = ratio
        radius = self._width * place.zoom / 2
        if self._at is not None and radius * 2 >= _SMALL * ratio:
            circle = QPainterPath()
            circle.addEllipse(QPointF(*self._at), radius, radius)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_double(painter, circle, ratio)

    def _extent(self) -> Box:
        if self._at is None:
            return Box.empty()
        reach = ceil(self._width * self._host.placement.zoom / 2 + 3 * self._ratio)
        return Box(floor(self._at[0]), floor(self._at[1]), 1, 1).expanded(reach)
