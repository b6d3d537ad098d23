"""What the bottom line tells of the pixel under a mouse that does not move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.core.geometry import Box
from scratchgui.core.project import DefectClass

from .conftest import LOADING_MS
from .test_journey import on_canvas, open_and_predict, press

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench

PLACE = (150, 20)


def told(bench: Workbench) -> str:
    return bench.window.status._cursor.text()


def rest(qtbot: QtBot, bench: Workbench) -> None:
    """Put the mouse on the place."""
    at = QPointF(on_canvas(bench, PLACE[0] + 0.5, PLACE[1] + 0.5))
    none, place = Qt.MouseButton.NoButton, bench.canvas.mapToGlobal(at)
    # QTest.mouseMove sends nothing where the test before left the mouse there.
    move = QMouseEvent(QEvent.Type.MouseMove, at, place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bench.canvas, move)
    qtbot.waitUntil(lambda: told(bench).startswith("x 150  y 20  ·"))


def name_classes(bench: Workbench, *names: str) -> None:
    bench.editor.classes.set_classes([DefectClass(name=name, color="#56b4e9") for name in names])


def test_strokes_classes_and_undo_are_followed(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_and_predict(qtbot, bench, pictures)
    document = bench.session.image.document
    name_classes(bench, "scratch", "dent")
    document.clear()
    rest(qtbot, bench)
    assert "scratch" not in told(bench)
    press(bench, Qt.Key.Key_B)
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(bench, PLACE[0] + 0.5, PLACE[1] + 0.5))
    qtbot.waitUntil(lambda: told(bench).endswith("·  scratch"))
    document.fill(Box(*PLACE, 1, 1), np.ones((1, 1), bool), 2, "Change class")
    qtbot.waitUntil(lambda: told(bench).endswith("·  dent"))
    name_classes(bench, "scratch", "hole")
    qtbot.waitUntil(lambda: told(bench).endswith("·  hole"))
    for _ in range(2):
        bench.actions.action("undo").trigger()
    qtbot.waitUntil(lambda: told(bench).rpartition("·")[2].strip().replace(".", "").isdigit())


def test_the_threshold_and_another_prediction_are_followed(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_and_predict(qtbot, bench, pictures)
    name_classes(bench, "scratch", "dent")
    image = bench.session.image
    probability = np.full_like(image.prediction.probability, 128)
    rest(qtbot, bench)
    bench.editor.threshold = 0.9
    bench.session.set_prediction(image.rel, replace(image.prediction, probability=probability))
    qtbot.waitUntil(lambda: told(bench).endswith("·  0.50"))
    bench.editor.threshold = 0.4
    qtbot.waitUntil(lambda: told(bench).endswith("·  0.50  ·  scratch"))


def test_the_next_image_and_none_are_followed(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    cv2.imwrite(str(pictures / "part_1.png"), np.full((160, 224), 37, np.uint8))
    open_and_predict(qtbot, bench, pictures)
    rest(qtbot, bench)
    bench.viewing.choose("part_1.png")
    qtbot.waitUntil(lambda: told(bench).startswith("x 150  y 20  ·  37"), timeout=LOADING_MS)
    bench.canvas.zoom_to(Box(100, 10, 100, 100))
    qtbot.waitUntil(lambda: "·  37" in told(bench) and "x 150" not in told(bench))
    bench.session.show_image(None)
    qtbot.waitUntil(lambda: not told(bench))
