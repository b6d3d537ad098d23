"""Another tool: what is painted anew is what looks different, and nothing of the old tool stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import check_that_nothing_was_missed, open_blank, pixels


class Painted(QObject):
    """Gathers what of a widget is painted."""

    def __init__(self, widget) -> None:
        super().__init__()
        self.region = QRegion()
        QApplication.processEvents()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.region += cast("QPaintEvent", event).region()
        return False

    def take(self) -> QRegion:
        """What was painted since this was asked last (logical px)."""
        QApplication.processEvents()
        region, self.region = self.region, QRegion()
        return region

    @property
    def area(self) -> int:
        """How much was painted since this was asked last (px²)."""
        return sum(rect.width() * rect.height() for rect in cast("Iterable[QRect]", self.take()))


@pytest.fixture
def document(canvas, surface) -> MaskDocument:
    return open_blank(canvas, np.tile(surface, (4, 4, 1)))


@pytest.fixture
def painted(canvas, document) -> Iterator[Painted]:
    filtering = Painted(canvas)
    yield filtering
    canvas.removeEventFilter(filtering)


def test_nothing_is_painted_where_no_mouse_is_and_nothing_can_be_picked(document, editor, painted):
    for tool in (*ToolKey, ToolKey.BRUSH):
        editor.tool = tool
        assert painted.area == 0, tool


def test_the_circle_of_the_brush_is_all_that_is_painted(canvas, mouse, editor, painted):
    mouse.move(300, 200)
    assert painted.area > 0
    editor.tool = ToolKey.LASSO
    diameter = editor.brush_size * canvas.zoom
    assert diameter**2 <= painted.area < (diameter + 12) ** 2


OPENED = {
    ToolKey.LASSO: lambda mouse: mouse.clicks((300, 200), (330, 200), (330, 220)),
    ToolKey.SCRATCH_PEN: lambda mouse: mouse.clicks((300, 200), (330, 200), (330, 220)),
    ToolKey.BOX: lambda mouse: (mouse.press(300, 200), mouse.move(330, 220)),
    ToolKey.WAND: lambda mouse: mouse.press(300, 200),
}


@pytest.mark.parametrize("tool", OPENED)
def test_what_was_begun_is_gone_and_little_else_is_painted(canvas, mouse, document, editor, painted, tool):
    editor.tool = tool
    mouse.move(300, 200)
    OPENED[tool](mouse)
    before = pixels(canvas)
    painted.take()
    editor.tool = ToolKey.PAN
    region = painted.take()
    assert region.boundingRect().width() < 120
    assert region.boundingRect().height() < 100
    rows, columns = np.nonzero((before != pixels(canvas)).any(axis=2))
    assert len(rows) > 10
    assert all(region.contains(QPoint(x, y)) for x, y in zip(columns.tolist(), rows.tolist(), strict=True))


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Escape])
def test_taking_corners_back_paints_the_outline_alone(canvas, mouse, document, editor, painted, key):
    editor.tool = ToolKey.LASSO
    mouse.clicks((300, 200), (330, 200), (330, 220))
    assert painted.area > 0
    QTest.keyClick(canvas, key)
    assert 0 < painted.area < 120 * 100
    check_that_nothing_was_missed(canvas)


def test_only_the_surroundings_of_what_can_be_picked_are_painted(canvas, document, editor, painted):
    prediction = np.zeros(document.mask.shape, np.uint8)
    prediction[190:193, 300:330] = prediction[260, 280:290] = 1
    canvas.set_prediction_mask(prediction)
    document.replace(np.zeros_like(prediction), "Clear")
    assert painted.area > 0
    editor.tool = ToolKey.PICK
    assert 60 * 6 < painted.area < 2 * 200 * 140
    check_that_nothing_was_missed(canvas)
    assert painted.area > 0
    editor.tool = ToolKey.BOX
    assert painted.area == 0
    editor.tool = ToolKey.BRUSH
    assert 60 * 6 < painted.area < 2 * 200 * 140
    check_that_nothing_was_missed(canvas)


@pytest.mark.parametrize("seed", range(3))
def test_wherever_the_prediction_lies_nothing_is_missed(canvas, document, editor, seed):
    random = np.random.default_rng(seed)
    prediction = np.zeros(document.mask.shape, np.uint8)
    count = (3, 40, 400)[seed]
    prediction[random.integers(0, 480, count), random.integers(0, 640, count)] = 1
    canvas.set_prediction_mask(prediction)
    document.replace(np.where(random.random(prediction.shape) < 0.5, prediction, 0).astype(np.uint8), "Half")
    for zoom in (0.3, 2):
        canvas.set_zoom(zoom)
        for tool in (ToolKey.PICK, ToolKey.BRUSH):
            editor.tool = tool
            check_that_nothing_was_missed(canvas)
