"""A canvas of a pinned size, and the mouse over it in image pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from scratchgui.canvas.canvas_widget import CanvasWidget
from scratchgui.model.editor_state import EditorState

NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Mouse:
    """Sends real Qt events; positions are image coordinates (px)."""

    def __init__(self, canvas: CanvasWidget) -> None:
        self.canvas = canvas
        self.held = Qt.MouseButton.NoButton

    def point(self, x: float, y: float) -> QPointF:
        place, ratio = self.canvas.viewport.placement, self.canvas.devicePixelRatioF()
        return QPointF((place.x + x * place.zoom) / ratio, (place.y + y * place.zoom) / ratio)

    def send(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        place = self.canvas.mapToGlobal(at)
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, at, place, button, self.held, keys))

    def press(self, x: float, y: float, keys=NO_KEY, button=LEFT) -> None:
        self.held = button
        self.send(QEvent.Type.MouseButtonPress, self.point(x, y), button, keys)

    def move(self, x: float, y: float, keys=NO_KEY) -> None:
        self.send(QEvent.Type.MouseMove, self.point(x, y), Qt.MouseButton.NoButton, keys)

    def release(self, x: float, y: float, keys=NO_KEY, button=LEFT) -> None:
        self.held = Qt.MouseButton.NoButton
        self.send(QEvent.Type.MouseButtonRelease, self.point(x, y), button, keys)

    def drag(self, *points: tuple[float, float], keys=NO_KEY, button=LEFT) -> None:
        self.press(*points[0], keys, button)
        for point in points[1:]:
            self.move(*point, keys)
        self.release(*points[-1], keys, button)

    def wheel(self, x: float, y: float, notches: float, keys=NO_KEY) -> None:
        at = self.point(x, y)
        turn = QPoint(0, round(notches * 120))
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, self.canvas.mapToGlobal(at), QPoint(), turn, self.held, keys, phase, False)
        QApplication.sendEvent(self.canvas, event)


@pytest.fixture
def editor() -> EditorState:
    return EditorState()


@pytest.fixture
def canvas(qtbot, editor) -> CanvasWidget:
    widget = CanvasWidget(editor)
    qtbot.addWidget(widget)
    widget.set_reduce_motion(True)
    widget.resize(400, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def mouse(canvas) -> Mouse:
    return Mouse(canvas)


@pytest.fixture
def surface():
    """A noisy RGB image, (120, 160, 3)."""
    return np.random.default_rng(7).integers(0, 256, (120, 160, 3), np.uint8)


def pixels(canvas: CanvasWidget) -> np.ndarray:
    """What is on screen, uint8 (H, W, 3) RGB in device pixels."""
    image = canvas.grab().toImage().convertToFormat(image_format())
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def image_format():
    from PySide6.QtGui import QImage

    return QImage.Format.Format_RGB888
