"""A canvas inside a benchmark: a large picture with defects, and the mouse as real Qt events until it is painted."""

from __future__ import annotations

import gc
import os
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from scratchgui.app import make_application
from scratchgui.canvas.canvas_widget import CanvasWidget
from scratchgui.core.geometry import Box
from scratchgui.core.regions import Region
from scratchgui.model.editor_state import EditorState
from scratchgui.model.mask_document import MaskDocument
from scratchgui.workers.garbage import MainThreadCollector

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

VIEW = (2560, 1440)
_DEFECTS = 300
SETTLED = 0.3
"""Nothing is painted for so long: the picture is complete (s)."""


@dataclass(frozen=True)
class Scene:
    """A picture with what lies over it.

    Attributes:
        image: uint8 (H, W) or (H, W, 3).
        mask: Some scratches, uint8 (H, W).
        prediction: The same scratches, a bit wider, uint8 (H, W).
        probability: uint8 (H, W).
        regions: The scratches' boxes.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    prediction: NDArray[np.uint8]
    probability: NDArray[np.uint8]
    regions: list[Region]


def make_scene(texture: NDArray[np.uint8], width: int, height: int, *, defects: int = _DEFECTS) -> Scene:
    """Repeat a picture up to a size (px) and mark scratches on it."""
    rows, columns = -(-height // texture.shape[0]), -(-width // texture.shape[1])
    image = np.ascontiguousarray(np.tile(texture, (rows, columns, *[1] * (texture.ndim - 2)))[:height, :width])
    random = np.random.default_rng(7)
    mask, wide, probability = (np.zeros((height, width), np.uint8) for _ in range(3))
    regions = []
    for number in range(1, defects + 1):
        start = random.integers(0, (width, height))
        end = start + random.integers(-width // 12 - 9, width // 12 + 9, 2)
        line, thick = (start.tolist(), end.tolist()), int(random.integers(1, 9))
        label = 1 + number % 2
        cv2.line(mask, *line, label, thick)
        cv2.line(wide, *line, label, thick + 2)
        cv2.line(probability, *line, 130, thick + 12)
        cv2.line(probability, *line, 250, thick)
        low, high = np.minimum(start, end), np.maximum(start, end)
        box = Box(int(low[0]), int(low[1]), *(high - low + 1).tolist()).clipped(width, height)
        regions.append(Region(number, label, box, 99, 0.0, 0.8, 0.9, (0.0, 0.0)))
    return Scene(image, mask, wide, probability, regions)


class Easel(QObject):
    """The canvas in a window, with a mouse.

    Attributes:
        canvas: The canvas itself.
        document: The mask that is corrected.
        paints: How often the canvas was painted.
    """

    def __init__(self, width: int = VIEW[0], height: int = VIEW[1]) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._application = make_application()
        super().__init__()
        self._window = QMainWindow()
        self.canvas = CanvasWidget(EditorState())
        self.document = MaskDocument.blank("a.png", 1, 1)
        self.paints = 0
        self.canvas.setFixedSize(width, height)
        self.canvas.installEventFilter(self)
        self._window.setCentralWidget(self.canvas)
        self._window.show()
        # As the program does at its start: a collection of all that was imported takes 40 ms.
        gc.freeze()
        MainThreadCollector(self).start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the paints."""
        self.paints += event.type() == QEvent.Type.Paint
        return False

    def show(self, scene: Scene, *, heat_map: bool = True) -> None:
        """Show a scene with all its layers and boxes; its mask is painted on."""
        canvas = self.canvas
        canvas.set_image(scene.image)
        canvas.set_prediction_mask(scene.prediction)
        canvas.set_probability(scene.probability)
        self.document = MaskDocument("a.png", scene.mask)
        canvas.set_document(self.document)
        canvas.set_boxes(scene.regions)
        canvas.editor.heat_map = heat_map

    def settle(self) -> float:
        """Run the event loop until nothing is painted any more; return the longest time between two turns (ms)."""
        longest, quiet, last = 0.0, time.perf_counter() + SETTLED, time.perf_counter()
        while time.perf_counter() < quiet:
            before = self.paints
            self._application.processEvents()
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
            if self.paints != before or not self.is_built:
                quiet = now + SETTLED
        return longest * 1000

    def until_sharp(self) -> float:
        """Run the event loop until the picture is refined; return the longest time between two turns (ms)."""
        longest, last = 0.0, time.perf_counter()
        while not self.canvas.compositor.is_sharp:
            self._application.processEvents()
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
        return longest * 1000

    @property
    def is_built(self) -> bool:
        """Tell whether all smaller versions are built."""
        return self.canvas.build_slice(0)

    def until_painted(self, act: Callable[[], object]) -> float:
        """Do something that changes the picture; return the time until it is painted (ms)."""
        before, began = self.paints, time.perf_counter()
        act()
        while self.paints == before:
            self._application.processEvents()
        return (time.perf_counter() - began) * 1000

    def mouse(self, kind: str, x: float, y: float, *, held: bool = True, button: bool = False) -> None:
        """Send a mouse event at a point of the widget (px): "MouseButtonPress", "MouseMove", "MouseButtonRelease"."""
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        at = QPointF(x, y)
        pressed = left if button else none
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type[kind], at, self.canvas.mapToGlobal(at), pressed, left if held else none, keys)
        QApplication.sendEvent(self.canvas, event)

    def stroke(self, points: NDArray[np.float64]) -> list[float]:
        """Press, move along points of the widget (N, 2) and let go; return the time of each move to its paint (ms)."""
        self.mouse("MouseMove", *points[0].tolist(), held=False)
        self.mouse("MouseButtonPress", *points[0].tolist(), button=True)
        self._application.processEvents()
        times = [self.until_painted(partial(self.mouse, "MouseMove", *at)) for at in points[1:].tolist()]
        self.mouse("MouseButtonRelease", *points[-1].tolist(), held=False, button=True)
        self._application.processEvents()
        return times

    def way(self, moves: int, seed: int) -> NDArray[np.float64]:
        """Return a wandering way of a hand within the picture, in points of the widget (moves + 1, 2)."""
        random = np.random.default_rng(seed)
        seen = self.canvas.viewport.image_box.clipped(*self.canvas.viewport.view)
        heading = random.uniform(0, 2 * np.pi) + np.cumsum(random.normal(0, 0.2, moves + 1))
        steps = random.uniform(3, 12, moves + 1)[:, None] * np.stack([np.cos(heading), np.sin(heading)], axis=1)
        middle = np.array([seen.width, seen.height]) * random.uniform(0.3, 0.7, 2)
        way = np.cumsum(steps, axis=0) + middle
        size = np.array([seen.width - 1.0, seen.height - 1.0])
        bounced = size - np.abs(way % (2 * size) - size)
        return np.asarray(bounced + np.array([seen.x, seen.y]))
