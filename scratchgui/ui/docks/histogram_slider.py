"""The sensitivity slider: the image's own probabilities behind it say what a move will change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from scratchgui.ui import theme, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS: Final = 100
_KNOB: Final = 7.0
TRACK_INSET: Final = 8
_GRAPH: Final = 44
_HEIGHT: Final = 68
_SMOOTH: Final = np.array([1, 4, 6, 4, 1], np.float64) / 16


class HistogramSlider(QAbstractSlider):
    """Sensitivity from 1 (left) to 99 (right); the threshold is 1 - sensitivity / 100.

    Left of the handle lie the probabilities that count as defect, right of it those that do not. A double click
    goes back to the default. Signals are those of QAbstractSlider (`valueChanged`, `sliderReleased`).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(1, STEPS - 1)
        self.setSingleStep(1)
        self.setPageStep(5)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sensitivity")
        self.setMouseTracking(True)
        self._heights: NDArray[np.float64] | None = None
        self._default = STEPS // 2

    def set_histogram(self, counts: NDArray[np.int64] | None) -> None:
        """Show how often each probability occurs.

        Args:
            counts: (256,), index 255 = probability 1; None shows a bare slider.
        """
        self._heights = None if counts is None or not np.any(counts) else _heights(counts)
        self.update()

    def set_default(self, value: int) -> None:
        """Mark the value that the model recommends."""
        self._default = value
        self.setToolTip("Double-click to go back to the model's own sensitivity")
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that fits the inspector."""
        return QSize(200, _HEIGHT)

    def _x(self, value: float) -> float:
        left, right = TRACK_INSET, self.width() - TRACK_INSET
        return left + (right - left) * value / STEPS

    def _value_at(self, x: float) -> int:
        left, right = TRACK_INSET, self.width() - TRACK_INSET
        return round((x - left) / max(1.0, right - left) * STEPS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the pointer and hold the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to the default."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.setValue(self._default)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Delete and Backspace go back to the default; other keys move the handle."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setValue(self._default)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint histogram, track, default tick and handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        x, track = self._x(self.value()), _GRAPH + 10.0
        if self._heights is not None:
            self._paint_histogram(painter, x, colors)
        painter.setPen(Qt.PenStyle.NoPen)
        _bar(painter, QRectF(self._x(0), track - 2, self._x(STEPS) - self._x(0), 4), colors.line)
        _bar(painter, QRectF(self._x(0), track - 2, x - self._x(0), 4), colors.muted)
        self._paint_default(painter, track, colors)
        if self._heights is not None:
            painter.setPen(QPen(QColor(colors.text), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, track))
        self._paint_handle(painter, QPointF(x, track), colors)

    def _paint_histogram(self, painter: QPainter, x: float, colors: tokens.Theme) -> None:
        assert self._heights is not None
        xs = np.linspace(self._x(0), self._x(STEPS), self._heights.size)
        ys = _GRAPH - self._heights * (_GRAPH - 2)
        line = [QPointF(px, py) for px, py in zip(xs.tolist(), ys.tolist(), strict=True)]
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(xs[0], _GRAPH), *line, QPointF(xs[-1], _GRAPH)]))
        for token, left, right in (("muted", 0.0, x), ("line", x, float(self.width()))):
            painter.setClipRect(QRectF(left, 0, right - left, _GRAPH + 1))
            painter.fillPath(path, colors.color(token))
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(QPointF(xs[0], _GRAPH + 0.5), QPointF(xs[-1], _GRAPH + 0.5))

    def _paint_default(self, painter: QPainter, track: float, colors: tokens.Theme) -> None:
        x = round(self._x(self._default)) + 0.5
        painter.setPen(QPen(QColor(colors.muted), 1))
        painter.drawLine(QPointF(x, track + 5), QPointF(x, track + 9))

    def _paint_handle(self, painter: QPainter, center: QPointF, colors: tokens.Theme) -> None:
        held = self.isSliderDown()
        if self.hasFocus() and not held:
            painter.setPen(QPen(QColor(colors.accent), tokens.FOCUS_RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(center, _KNOB + 2, _KNOB + 2)
        painter.setPen(QPen(QColor(colors.panel), 2))
        painter.setBrush(QColor(colors.accent if held else colors.text))
        painter.drawEllipse(center, _KNOB, _KNOB)


def _bar(painter: QPainter, place: QRectF, color: str) -> None:
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(place, 2, 2)


def _heights(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 101 heights (0 … 1) in log scale, one a percent, from probability 1 on the left to 0 on the right."""
    # Predictions are kept in whole percents: finer bars would have gaps.
    percents = np.bincount(np.arange(256) * STEPS // 255, weights=np.asarray(counts, np.float64))[::-1]
    logs = np.log1p(percents)
    smooth = np.convolve(np.pad(logs, 2, mode="edge"), _SMOOTH, mode="valid")
    return np.asarray(smooth / max(1e-9, float(smooth.max())))
