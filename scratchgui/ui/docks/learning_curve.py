"""The training's small live curve: loss of every step, Dice of every validation.

Painted by hand: importing pyqtgraph takes 0.9 s and 46 MB (2 cores), and the window must not wait while it trains.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from scratchgui.ui import theme

_HEIGHT: Final = 84
_POINTS: Final = 300
_SMOOTHING: Final = 0.25
_LINES: Final = (0.0, 0.5, 1.0)


class LearningCurve(QWidget):
    """Two lines over the share of the training that is done; no axes, one guide at half height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Learning curve")
        self.clear()

    def clear(self) -> None:
        """Begin a new training."""
        self._loss: list[tuple[float, float]] = []
        self._dice: list[tuple[float, float]] = []
        self._done = 0.0
        self.update()

    def add_loss(self, done: float, loss: float) -> None:
        """Add one step's loss.

        Args:
            done: Share of the training that is done (0 … 1).
            loss: Training loss of the step; smoothed for the eye.
        """
        self._done = done
        smooth = loss if not self._loss else self._loss[-1][1] + _SMOOTHING * (loss - self._loss[-1][1])
        self._loss.append((done, smooth))
        if len(self._loss) > 2 * _POINTS:
            self._loss = [*self._loss[:-1:2], self._loss[-1]]
        self.update()

    def add_dice(self, dice: float) -> None:
        """Add one validation's Dice (0 … 1) at the present place."""
        self._dice.append((self._done, dice))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that fits the inspector."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint guides and both lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        place = QRectF(self.rect()).adjusted(3, 6, -3, -6)
        painter.setPen(QPen(QColor(colors.line), 1))
        for share in _LINES:
            y = round(place.bottom() - share * place.height()) + 0.5
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        top = max((loss for _, loss in self._loss), default=1.0)
        self._paint_line(painter, place, self._loss, max(top, 1e-9), QPen(QColor(colors.muted), 1.25))
        self._paint_line(painter, place, self._dice, 1.0, QPen(QColor(colors.accent), 2))
        if self._dice:
            painter.setPen(QPen(QColor(colors.panel), 2))
            painter.setBrush(QColor(colors.accent))
            painter.drawEllipse(_point(place, *self._dice[-1], 1.0), 4, 4)

    def _paint_line(
        self, painter: QPainter, place: QRectF, points: list[tuple[float, float]], top: float, pen: QPen
    ) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([_point(place, done, value, top) for done, value in points]))


def _point(place: QRectF, done: float, value: float, top: float) -> QPointF:
    height = min(max(value / top, 0.0), 1.0)
    return QPointF(place.x() + done * place.width(), place.bottom() - height * place.height())
