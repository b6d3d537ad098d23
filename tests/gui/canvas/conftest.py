"""A canvas of a pinned size, and the mouse over it in image pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from scratchgui.canvas.canvas_widget import CanvasWidget
from scratchgui.model.editor_state import EditorState
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.view_state import ViewState

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

    def click(self, x: float, y: float, keys=NO_KEY) -> None:
        self.move(x, y, keys)
        self.drag((x, y), keys=keys)

    def clicks(self, *points: tuple[float, float]) -> None:
        for point in points:
            self.click(*point)

    def double_click(self, x: float, y: float, keys=NO_KEY) -> None:
        self.click(x, y, keys)
        self.held = LEFT
        self.send(QEvent.Type.MouseButtonDblClick, self.point(x, y), LEFT, keys)
        self.release(x, y, keys)

    def wheel(self, x: float, y: float, notches: float, keys=NO_KEY) -> None:
        at = self.point(x, y)
        turn = QPoint(0, round(notches * 120))
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, self.canvas.mapToGlobal(at), QPoint(), turn, self.held, keys, phase, False)
        QApplication.sendEvent(self.canvas, event)


class Pen:
    """Sends real tablet events; positions are image coordinates (px)."""

    def __init__(self, mouse: Mouse, end=QPointingDevice.PointerType.Pen) -> None:
        self._mouse = mouse
        self._device = QPointingDevice(
            "pen",
            1,
            QInputDevice.DeviceType.Stylus,
            end,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
            1,
            1,
            "",
            QPointingDeviceUniqueId(),
        )

    def send(
        self, kind: QEvent.Type, x: float, y: float, pressure: float, button=Qt.MouseButton.NoButton, keys=NO_KEY
    ) -> bool:
        at = self._mouse.point(x, y)
        place = QPointF(self._mouse.canvas.mapToGlobal(at))
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
        event = QTabletEvent(kind, self._device, at, place, pressure, 0, 0, 0, 0, 0, keys, button, held)
        event.ignore()
        QApplication.sendEvent(self._mouse.canvas, event)
        return event.isAccepted()

    def draw(self, *points: tuple[float, float, float], keys=NO_KEY) -> None:
        accepted = [self.send(QEvent.Type.TabletPress, *points[0], LEFT, keys)]
        accepted += [self.send(QEvent.Type.TabletMove, *point, keys=keys) for point in points[1:]]
        accepted.append(self.send(QEvent.Type.TabletRelease, *points[-1][:2], 0.0, LEFT, keys))
        assert all(accepted), "Qt makes mouse events of those that are not accepted: everything would come twice"


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
def pen(mouse) -> Pen:
    return Pen(mouse)


@pytest.fixture
def surface():
    """A noisy RGB image, (120, 160, 3)."""
    return np.random.default_rng(7).integers(0, 256, (120, 160, 3), np.uint8)


def open_blank(canvas: CanvasWidget, image: np.ndarray) -> MaskDocument:
    """Show an image that nobody has corrected yet, at 200%."""
    height, width = image.shape[:2]
    canvas.set_image(image)
    document = MaskDocument.blank("a.png", width, height)
    canvas.set_document(document)
    canvas.set_zoom(2)
    return document


def takes_enter(canvas: CanvasWidget) -> bool:
    """Whether Enter is the tool's now, and does not approve the image."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Return, NO_KEY)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def steps(document: MaskDocument) -> list[str]:
    """What an undo would take back, the oldest step first."""
    return [document.history[index].text for index in range(document.history.done)]


def act(canvas: CanvasWidget, view: ViewState, document: MaskDocument, kind: str, x: float, y: float) -> None:
    """Do one of the things that repaint a part of the canvas, from where all is painted."""
    pixels(canvas)
    if kind == "pan":
        canvas.pan(x, y)
    elif kind == "zoom":
        canvas.zoom_at(x / canvas.zoom, y, 100)
    elif kind == "turn":
        view.turn = x
    elif kind == "divider":
        view.divider = x
    elif kind == "undo":
        document.undo()
    else:
        assert kind == "stroke"
        document.begin_stroke(1)
        document.extend_stroke(x, y, x + 30, y - 20, 9)
        document.end_stroke("Brush stroke")


def check_that_nothing_was_missed(canvas: CanvasWidget) -> None:
    """What was repainted in parts looks as if all was painted now."""
    in_parts = pixels(canvas)
    canvas.view_moved()
    # Interpolation of a part may round differently from that of the whole.
    np.testing.assert_allclose(in_parts.astype(int), pixels(canvas).astype(int), atol=3)


def pixels(canvas: CanvasWidget) -> np.ndarray:
    """What is on screen, uint8 (H, W, 3) RGB in device pixels."""
    image = canvas.grab().toImage().convertToFormat(image_format())
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def image_format():
    from PySide6.QtGui import QImage

    return QImage.Format.Format_RGB888
