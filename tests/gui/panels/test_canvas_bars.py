from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from scratchgui.canvas.room import EDGE
from scratchgui.core.project import DefectClass
from scratchgui.model.tool_key import ToolKey
from scratchgui.ui.action_keys import ActionKey, Facts
from scratchgui.ui.approve_bar import ApproveBar
from scratchgui.ui.canvas_area import CanvasArea
from scratchgui.ui.options_bar import OptionsBar
from scratchgui.ui.tool_strip import ToolStrip
from scratchgui.ui.view_bar import ViewBar


@pytest.fixture
def area(qtbot, actions, editor) -> CanvasArea:
    bars = ViewBar(actions, editor), ApproveBar(actions), OptionsBar(editor)
    area = CanvasArea(ToolStrip(actions, editor), QWidget(), *bars)
    qtbot.addWidget(area)
    area.resize(900, 600)
    with qtbot.waitExposed(area):
        area.show()
    return area


def test_tools_exclude_each_other_and_follow_the_editor(qtbot, area, actions, editor):
    eraser = next(
        button
        for button in area.tool_strip.findChildren(QToolButton)
        if button.defaultAction() is actions.action(ActionKey.TOOL_ERASER)
    )
    with qtbot.waitSignal(actions.triggered) as blocker:
        qtbot.mouseClick(eraser, Qt.MouseButton.LeftButton)
    assert blocker.args[0] == ActionKey.TOOL_ERASER
    assert not actions.action(ActionKey.TOOL_BRUSH).isChecked()
    editor.tool = ToolKey.PAN
    assert actions.action(ActionKey.TOOL_PAN).isChecked()
    assert not eraser.isChecked()


def test_the_brush_slider_and_the_editor_follow_each_other(area, editor):
    size = area.tool_strip.brush_size
    size.slider.setValue(100)
    assert editor.brush_size == 500
    editor.brush_size = 1
    assert size.slider.value() == 0
    assert size._number.text() == "1"
    editor.brush_size = 37
    assert editor.brush_size == 37
    editor.tool = ToolKey.PICK
    assert not size.isEnabled()


def test_classes_are_offered_where_there_are_several(qtbot, area, editor):
    classes = area.tool_strip.classes
    classes.chosen.connect(editor.choose_class)
    editor.classes.set_classes([DefectClass(name="scratch", color="#ff5a1f")])
    assert classes.isHidden()
    editor.classes.set_classes([DefectClass(name=name, color="#56b4e9") for name in ("scratch", "dent")])
    assert not classes.isHidden()
    qtbot.mouseClick(classes.chip(2), Qt.MouseButton.LeftButton)
    assert editor.active_class == 2
    editor.active_class = 1
    assert classes.chip(1).isChecked()


def test_zoom_and_opacity(area, editor):
    area.view_bar.set_zoom(0.64)
    assert area.view_bar.zoom_label.text() == "64%"
    area.view_bar.set_zoom(64)
    label = area.view_bar.zoom_label
    assert label.fontMetrics().horizontalAdvance(label.text()) + 16 <= label.contentsRect().width(), "not cut off"
    area.view_bar.set_zoom(0.032)
    assert area.view_bar.zoom_label.text() == "3.2%"
    area.view_bar.opacity.setValue(80)
    assert editor.overlay_opacity == 0.8
    editor.overlay_opacity = 0.2
    assert area.view_bar.opacity.value() == 20


def test_approving_by_the_bar(qtbot, area, actions):
    with qtbot.waitSignal(actions.triggered) as blocker:
        qtbot.mouseClick(area.approve_bar.approve_button, Qt.MouseButton.LeftButton)
    assert blocker.args[0] == ActionKey.APPROVE_NEXT
    actions.apply(Facts())
    assert not area.approve_bar.approve_button.isEnabled()


def test_bars_stay_over_the_canvas_and_clear_of_each_other(qtbot, area):
    told: list[tuple[QRect, int]] = []
    area.bars_moved.connect(lambda bars, top: told.append((bars, top)))
    for width in (1200, 900, 620, 460):
        area.resize(width, 600)
        view, approve = area.view_bar.geometry(), area.approve_bar.geometry()
        assert not view.intersects(approve)
        stage = area.canvas.parentWidget().rect()
        assert stage.contains(view)
        assert stage.contains(approve)
        assert area.canvas.geometry() == stage
        bars, top = told[-1]
        assert bars == view.united(approve)
        assert area.options_bar.geometry().bottom() < top + EDGE


def test_the_options_have_the_same_height_whatever_the_tool(qtbot, area, editor):
    area.set_bars_visible(True)
    places = set()
    for tool in (ToolKey.SCRATCH_PEN, ToolKey.LASSO, ToolKey.WAND):
        editor.tool = tool
        places.add((area.options_bar.y(), area.options_bar.height()))
    assert len(places) == 1


def test_no_image_no_bars(area):
    area.set_bars_visible(False)
    assert area.view_bar.isHidden()
    assert area.approve_bar.isHidden()
