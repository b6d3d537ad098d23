"""The eraser end of a pen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from scratchgui.core.geometry import Box
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.tool_key import ToolKey

from .conftest import Pen, open_blank, steps

MOVE = QEvent.Type.TabletMove


@pytest.fixture
def document(canvas, editor, surface) -> MaskDocument:
    made = open_blank(canvas, surface)
    made.fill(Box(0, 0, 160, 120), np.ones((120, 160), bool), 1, "all")
    editor.brush_size = 9
    return made


@pytest.fixture
def eraser(mouse) -> Pen:
    return Pen(mouse, QPointingDevice.PointerType.Eraser)


@pytest.mark.parametrize("key", ToolKey)
def test_the_eraser_end_erases_with_every_tool_and_the_tip_has_its_tool_again(
    canvas, pen, eraser, mouse, document, editor, key
):
    editor.tool = key
    eraser.draw((20, 60, 1.0), (80, 60, 1.0))
    assert not document.mask[60, 20:81].any()
    assert steps(document) == ["all", "Erase"]
    pen.send(MOVE, 90, 90, 0.0)
    assert editor.tool is key
    eraser.send(MOVE, 90, 90, 0.0)
    assert editor.tool is ToolKey.ERASER
    mouse.move(30, 30)
    assert editor.tool is key
    assert np.count_nonzero(document.mask[:50]) == 50 * 160


def test_the_tip_paints_on_at_once_after_the_eraser_end(pen, eraser, document, editor):
    editor.active_class = 2
    eraser.draw((20, 60, 1.0), (80, 60, 1.0))
    pen.draw((50, 60, 1.0), (80, 60, 1.0))
    assert steps(document) == ["all", "Erase", "Brush stroke"]
    assert document.mask[60, 60] == 2
    assert document.mask[60, 30] == 0


def test_a_tool_that_is_chosen_in_between_stays(mouse, eraser, document, editor):
    eraser.send(MOVE, 20, 20, 0.0)
    editor.tool = ToolKey.WAND
    mouse.move(30, 30)
    assert editor.tool is ToolKey.WAND
    eraser.send(MOVE, 20, 20, 0.0)
    mouse.move(30, 30)
    assert editor.tool is ToolKey.WAND


def test_a_stroke_that_the_tip_began_is_not_disturbed(pen, eraser, document, editor):
    editor.active_class = 2
    pen.send(QEvent.Type.TabletPress, 20, 20, 1.0, Qt.MouseButton.LeftButton)
    eraser.send(MOVE, 60, 20, 1.0)
    pen.send(QEvent.Type.TabletRelease, 60, 20, 0.0, Qt.MouseButton.LeftButton)
    assert steps(document) == ["all", "Brush stroke"]
    assert (document.mask[20, 20:61] == 2).all()
    assert editor.tool is ToolKey.BRUSH


@pytest.mark.parametrize("key", [ToolKey.SCRATCH_PEN, ToolKey.LASSO])
def test_the_eraser_end_takes_the_last_point_of_an_open_path_back(canvas, mouse, eraser, document, editor, key):
    editor.tool, editor.active_class, editor.options.path_snap = key, 2, False
    mouse.clicks((20, 20), (120, 20), (120, 100), (20, 100))
    mouse.move(20, 100)
    eraser.draw((60, 60, 1.0), (70, 60, 1.0))
    assert editor.tool is key
    mouse.move(120, 100)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.mask[60, 119] == 2
    assert document.mask[60, 21] == 1
    assert len(document.history) == 2
