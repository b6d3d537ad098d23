"""The button of one class: its color, its digit, whether it is hidden or locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from scratchgui.ui import icons, theme, tokens

if TYPE_CHECKING:
    from scratchgui.core.project import DefectClass

_RADIUS: Final = 9.0
_BADGE: Final = 12
_BRIGHT: Final = 0.18
"""From this luminance on a dark digit is read better than a light one."""


class ClassChip(QToolButton):
    """A round patch with the class's digit; the chosen one has a ring, a hidden one is hollow, a locked one a lock."""

    def __init__(self, item: DefectClass, digit: int | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._color = QColor(item.color)
        self._digit = "" if digit is None else str(digit)
        self._hidden, self._locked = item.hidden, item.locked
        self.setCheckable(True)
        self.setFixedSize(tokens.HIT_AREA, tokens.HIT_AREA)
        states = [word for word, on in (("hidden", item.hidden), ("locked", item.locked)) if on]
        name = f"{item.name}, {' and '.join(states)}" if states else item.name
        key = f"  ({digit})" if digit is not None else ""
        self.setToolTip(f"Paint {name}{key}\nRight-click to hide or lock it")
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the patch and, when chosen, its ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QRectF(self.rect()).center()
        if self.isChecked():
            painter.setPen(QPen(theme.current().color("text"), 1.5))
            painter.drawEllipse(center, _RADIUS + 2, _RADIUS + 2)
        self._paint_patch(painter, center)
        painter.setFont(theme.sized_font(tokens.CAPTION_SIZE, semibold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._digit)
        if self._locked:
            badge = QRectF(center.x() + 3, center.y() + 3, _BADGE, _BADGE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.current().color("panel"))
            painter.drawRoundedRect(badge, 3, 3)
            lock = icons.pixmap("lock", _BADGE, ratio=self.devicePixelRatioF())
            painter.drawPixmap(badge.topLeft(), lock)

    def _paint_patch(self, painter: QPainter, center: QPointF) -> None:
        """Paint the circle, and leave the pen in the digit's color."""
        radius = _RADIUS - (0 if self.isChecked() or self.underMouse() else 1)
        if self._hidden:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._color, 1.5, Qt.PenStyle.DotLine))
            painter.drawEllipse(center, radius - 0.75, radius - 0.75)
            painter.setPen(theme.current().color("muted"))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawEllipse(center, radius, radius)
        painter.setPen(Qt.GlobalColor.black if luminance(self._color) > _BRIGHT else Qt.GlobalColor.white)


def luminance(color: QColor) -> float:
    """Return the relative luminance of a color (0 … 1), as contrast ratios are made of."""
    channels = color.redF(), color.greenF(), color.blueF()
    parts = [value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4) for value in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
