"""The window with all about a training, fed with what trainings say."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from scratchgui.core.protocol import Note, Progress, Stage, Started, Validated
from scratchgui.model.training_log import TrainingLog
from scratchgui.ui import theme
from scratchgui.ui.dialogs.training_window import TrainingWindow
from scratchgui.ui.widgets.plot import Plot

LOADING_MS = 20_000


def step(number: int, **changes: object) -> Progress:
    values = {"step": number, "steps": 400, "epoch": 2, "epochs": 25, "loss": 1 / number, "learning_rate": 2e-4}
    return Progress(**{**values, "images_per_second": 14.25, "seconds_left": 125.0, "memory_mb": 1843.2, **changes})


@pytest.fixture
def log(qtbot) -> TrainingLog:
    return TrainingLog()


@pytest.fixture
def window(qtbot, log: TrainingLog) -> TrainingWindow:
    window = TrainingWindow(log)
    qtbot.addWidget(window)
    window.open_window()
    return window


def test_before_any_training(window: TrainingWindow):
    assert window.stage.text() == "No training was started yet."
    assert window.pause_button.isHidden()
    assert window.stop_button.isHidden()


def test_what_was_said_before_it_is_opened_is_shown(qtbot, log: TrainingLog, tmp_path: Path):
    log.begin()
    for event in (
        Started(400, 25, 33, 8, "cpu", 128),
        *(step(number) for number in range(1, 101)),
        Validated(2, 0.61, 0.1, best=True, region_recall=0.5),
        Note("Memory ran out: batches of 4 instead of 8."),
    ):
        log.take(event, tmp_path)
    window = TrainingWindow(log)
    qtbot.addWidget(window)
    window.open_window()
    numbers = {name: number.text() for name, number in window.facts.numbers.items()}
    assert numbers == {
        "Device": "Processor (CPU)",
        "Images": "33 + 8 to check",
        "Speed": "14.2 images/s",
        "Memory": "1.8 GB",
        "Learning rate": "2.0 × 10⁻⁴",
        "Step": "100 of 400",
        "Pass over the images": "2 of 25",
    }
    assert window.left.text() == "2 min left"
    assert window.notes.text() == "Memory ran out: batches of 4 instead of 8."
    assert window.scores.series["dice"].ys == [0.61]
    assert len(window.loss.series["loss"].ys) == 100


def test_it_follows_a_training_to_its_end(qtbot, log: TrainingLog, window: TrainingWindow, tmp_path: Path):
    log.begin()
    log.take(Started(400, 25, 33, 8, "cpu", 128), tmp_path)
    qtbot.waitUntil(window.pause_button.isVisible)
    with qtbot.waitSignal(window.pause_requested) as asked:
        qtbot.mouseClick(window.pause_button, Qt.MouseButton.LeftButton)
    assert asked.args == [True]
    log.set_paused(True)
    qtbot.waitUntil(lambda: window.stage.text() == "Paused")
    with qtbot.waitSignal(window.pause_requested) as asked:
        qtbot.mouseClick(window.pause_button, Qt.MouseButton.LeftButton)
    assert asked.args == [False]
    with qtbot.waitSignal(window.stop_requested):
        qtbot.mouseClick(window.stop_button, Qt.MouseButton.LeftButton)
    log.set_paused(False)
    log.take(Stage("export", "Saving the new model."), tmp_path)
    qtbot.waitUntil(lambda: window.stage.text() == "Saving the new model." and window.pause_button.isHidden())
    log.end("Better on 3 of 8 validation images.")
    qtbot.waitUntil(lambda: window.stage.text() == "Better on 3 of 8 validation images.")
    assert window.stop_button.isHidden()
    log.begin()
    qtbot.waitUntil(lambda: window.facts.numbers["Step"].text() == "–")


def test_examples_come_with_the_check(qtbot, log: TrainingLog, window: TrainingWindow, tmp_path: Path):
    (tmp_path / "examples").mkdir()
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / "examples" / name), np.full((90, 90, 3), 99, np.uint8))
    log.begin()
    log.take(Validated(1, 0.2, None, best=True, examples=["a.png", "b.png", "gone.png"]), tmp_path)
    qtbot.waitUntil(lambda: not window.examples.pictures[0].pixmap().isNull())
    assert [picture.isVisible() for picture in window.examples.pictures] == [True, True, True, False]
    assert window.examples.pictures[2].pixmap().isNull()
    log.take(Validated(2, 0.3, None, best=True), tmp_path)
    window.refresh()
    assert window.examples.pictures[0].isVisible()


def test_long_trainings_keep_short_curves_and_undefined_scores_are_left_out(log: TrainingLog, tmp_path: Path):
    log.begin()
    for number in range(1, 5001):
        log.take(step(number), tmp_path)
    log.take(Validated(1, None, 0.0, best=True), tmp_path)
    assert len(log.loss.values) <= 1000
    assert log.loss.steps[-1] > 4900
    assert log.dice.values == []


def test_a_plot_is_drawn_in_the_colors_of_the_theme(qtbot, qapp):
    plot = Plot("Score", whole_x=True)
    qtbot.addWidget(plot)
    plot.add_series("dice", "accent", dots=True, width=6)
    plot.set_values("dice", [0, 10], [0.2, 0.8], ["v1", "v2"])
    plot.resize(320, 200)
    plot.show()

    def shows(token: str) -> bool:
        image = plot.grab().toImage()
        wanted = QColor(theme.current().color(token))
        return any(image.pixelColor(x, y).rgb() == wanted.rgb() for x in range(40, 300, 3) for y in range(10, 170))

    qtbot.waitUntil(lambda: shows("accent"), timeout=LOADING_MS)
    theme.apply_theme(qapp, theme.Mode.LIGHT)
    qtbot.waitUntil(lambda: shows("accent") and shows("panel"))
