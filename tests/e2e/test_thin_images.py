"""Images of 1 × 100,000 pixels from opening to the saved mask, with a real prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from tiny_model import BRIGHT, DARK, make_bundle, write_png

from scratchgui.core.annotation import load_annotation
from scratchgui.core.project import ReviewStatus
from scratchgui.model.tool_key import ToolKey
from scratchgui.notifications import Level

from .test_journey import approve, on_canvas, open_and_predict, paint_line, press

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice

LENGTH = 100_000
MARKED = slice(60_000, 60_400)
SHAPES = {"wide.png": (1, LENGTH), "tall.png": (LENGTH, 1)}


@pytest.fixture
def timid(tmp_path: Path) -> Path:
    """A model of one layer for which dark is defect, in the place of the starter model."""
    make_bundle(tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture(params=SHAPES)
def thin(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with one bright image that is dark for 400 px."""
    line = np.full(LENGTH, BRIGHT, np.uint8)
    line[MARKED] = DARK
    folder = tmp_path / "thin"
    write_png(folder / request.param, line.reshape(SHAPES[request.param]))
    return folder


def test_a_thin_image_is_predicted_looked_at_corrected_and_approved(
    qtbot: QtBot, bench: Workbench, thin: Path, told: list[Notice]
):
    name = next(path.name for path in thin.iterdir())
    open_and_predict(qtbot, bench, thin)
    image, reading = bench.session.image, bench.judging.reading
    assert image.prediction.probability.shape == (1, *SHAPES[name])
    found = np.flatnonzero(reading.predicted_mask)
    assert np.abs([found[0] - MARKED.start, found[-1] + 1 - MARKED.stop]).max() <= 2
    assert len(reading.regions) == 1
    qtbot.waitUntil(lambda: bench.session.record(name).predicted)
    assert bench.session.record(name).score > 0.8

    for key in (Qt.Key.Key_H, Qt.Key.Key_X, Qt.Key.Key_F):  # heat map, swipe, fit
        press(bench, key)
        bench.canvas.repaint()
    press(bench, Qt.Key.Key_X)
    view = bench.inspector.defects.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0)).center())
    assert bench.canvas.viewport.placement.zoom > 0.5  # at fit it is 0.01
    bench.canvas.repaint()

    bench.editor.brush_size = 5
    QTest.mouseClick(
        bench.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, where_marked(bench, name)
    )
    assert [step.text for step in image.document.history] == ["Accept prediction", "Erase"]
    assert len(found) - 7 <= np.count_nonzero(image.document.mask) < len(found)
    approve(qtbot, bench)
    annotation = load_annotation(bench.session.project, name)
    assert annotation.info.status is ReviewStatus.APPROVED
    assert np.array_equal(annotation.mask, image.document.mask)
    assert [notice.text for notice in told if notice.level is Level.ERROR] == []


def where_marked(bench: Workbench, name: str) -> QPoint:
    """Return the point of the canvas in the middle of what is dark."""
    middle = (MARKED.start + MARKED.stop) / 2
    x, y = (middle, 0.5) if name == "wide.png" else (0.5, middle)
    return on_canvas(bench, x, y)


@pytest.mark.parametrize("tool", ToolKey)
def test_each_tool_can_be_used_on_a_thin_image(qtbot: QtBot, bench: Workbench, thin: Path, tool: ToolKey):
    open_and_predict(qtbot, bench, thin)
    canvas, image = bench.canvas, bench.session.image
    bench.editor.tool = tool
    bench.correction.accept_prediction()
    before = image.document.mask.copy()
    for zoom in (canvas.zoom, 1.0, 16.0):
        canvas.set_zoom(zoom)
        middle = canvas.rect().center()
        for step in (QPoint(0, 0), QPoint(3, 3), QPoint(40, 40)):
            QTest.mouseMove(canvas, middle - step)
            canvas.repaint()
        paint_line(bench, middle - QPoint(30, 30), middle + QPoint(30, 30))
        canvas.repaint()
        if canvas._router.tool.takes_key(Qt.Key.Key_Return):  # else it approves the image
            press(bench, Qt.Key.Key_Return)
    while image.document.history.done > 1:
        image.document.undo()
    assert np.array_equal(image.document.mask, before)
