"""The scratch pen in the real window: chosen by its key, and Enter marks before it approves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from scratchgui.core.project import ReviewStatus
from scratchgui.model.tool_key import ToolKey

from .conftest import SCRATCH
from .test_journey import approve, on_canvas, open_and_predict, press

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


def test_two_clicks_and_enter_mark_a_scratch_and_enter_again_approves(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    press(bench, Qt.Key.Key_S)
    assert bench.editor.tool is ToolKey.SCRATCH_PEN
    first = bench.session.current
    for end in SCRATCH:
        QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(bench, *end))
    press(bench, Qt.Key.Key_Return)
    assert bench.session.current == first
    image = bench.session.image
    assert image is not None
    rows, columns = np.nonzero(image.document.mask)
    (x0, y0), (x1, y1) = SCRATCH
    length = np.hypot(x1 - x0, y1 - y0)
    away = np.abs((columns - x0) * (y1 - y0) - (rows - y0) * (x1 - x0)) / length
    assert away.max() <= 7
    assert 8 <= len(rows) / length <= 13  # OpenCV draws its line of 7 px 9 wide
    assert approve(qtbot, bench) == first
    assert bench.session.record(first).status is ReviewStatus.APPROVED


def test_the_bottom_line_says_that_one_point_is_not_enough(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    press(bench, Qt.Key.Key_S)
    first, hint = bench.session.current, bench.window.status.hint
    usual = hint.text()
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(bench, *SCRATCH[0]))
    press(bench, Qt.Key.Key_Return)
    assert "One point" in hint.text()
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(bench, *SCRATCH[1]))
    assert hint.text() == usual
    press(bench, Qt.Key.Key_Return)
    assert bench.session.current == first
    assert bench.session.image.document.mask.any()


def test_the_brackets_size_the_pen_that_is_in_use(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    press(bench, Qt.Key.Key_S)
    options, brush = bench.editor.options, bench.editor.brush_size
    width = options.path_width
    QTest.keyClick(bench.canvas, Qt.Key.Key_BracketRight)
    assert options.path_width == width + 1
    assert not options.path_auto_width
    assert bench.editor.brush_size == brush
    press(bench, Qt.Key.Key_B)
    QTest.keyClick(bench.canvas, Qt.Key.Key_BracketRight)
    assert bench.editor.brush_size > brush
    assert options.path_width == width + 1


def test_undo_takes_the_last_point_of_an_open_path_back_and_leaves_the_mask(
    qtbot: QtBot, bench: Workbench, pictures: Path
):
    open_and_predict(qtbot, bench, pictures)
    press(bench, Qt.Key.Key_S)
    image = bench.session.image
    assert image is not None
    for end in SCRATCH:
        QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(bench, *end))
    press(bench, Qt.Key.Key_Return)
    steps = image.document.history.done
    qtbot.waitUntil(bench.actions.action("undo").isEnabled)
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(bench, 20, 150))
    QTest.keySequence(bench.canvas, "Ctrl+Z")
    assert image.document.history.done == steps
    QTest.keySequence(bench.canvas, "Ctrl+Z")
    assert image.document.history.done == steps - 1
