from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from scratchgui.core.tone import Tone
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.view_bar import ViewBar


@pytest.fixture
def bar(qtbot, actions, editor) -> ViewBar:
    holder = QWidget()
    holder.resize(900, 600)
    bar = ViewBar(actions, editor, holder)
    bar.setGeometry(200, 540, 500, 40)
    bar.holder = holder
    actions.triggered.connect(lambda key, on: bar.show_display(on) if key == ActionKey.DISPLAY else None)
    qtbot.addWidget(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    return bar


def test_the_panel_opens_above_the_bar_and_follows_it(bar, actions):
    panel, action = bar.display_panel, actions.action(ActionKey.DISPLAY)
    action.trigger()
    assert panel.isVisible() and action.isChecked()
    assert panel.geometry().bottom() < bar.geometry().top()
    before = panel.pos()
    bar.move(bar.x() - 50, bar.y())
    assert panel.x() == before.x() - 50
    action.trigger()
    assert not panel.isVisible() and not action.isChecked()


def test_esc_closes_the_panel_and_the_action_knows(qtbot, bar, actions):
    actions.action(ActionKey.DISPLAY).trigger()
    panel = bar.display_panel
    panel.brightness.slider.setFocus()
    qtbot.keyClick(panel.brightness.slider, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert not actions.action(ActionKey.DISPLAY).isChecked()


def test_sliders_and_tone_follow_each_other(bar, editor):
    panel, view = bar.display_panel, editor.view
    panel.brightness.slider.setValue(20)
    panel.contrast.slider.setValue(-10)
    panel.gamma.slider.setValue(100)
    assert view.tone == Tone(20, -10, 2.0)
    assert (panel.brightness.number.text(), panel.gamma.number.text()) == ("+20", "2.00")
    view.tone = Tone(5, 0, 0.5)
    assert (panel.brightness.value(), panel.contrast.value(), panel.gamma.value()) == (5, 0, -100)


def test_the_bar_says_that_the_view_is_toned_until_it_is_reset(qtbot, bar, editor):
    panel = bar.display_panel
    assert bar.toned.isHidden() and not panel.reset.isEnabled()
    for change in ({"local_contrast": True}, {"tone": Tone(gamma=1.5)}, {"window": (10, 20)}):
        for name, value in change.items():
            setattr(editor.view, name, value)
        assert bar.toned.isVisible() and panel.reset.isEnabled()
        qtbot.mouseClick(bar.toned, Qt.MouseButton.LeftButton)
        assert bar.toned.isHidden() and editor.view.is_neutral
    assert not panel.local_contrast.isChecked()


def test_the_window_of_deep_images_starts_from_the_automatic_one(qtbot, bar, actions, editor):
    actions.action(ActionKey.DISPLAY).trigger()
    panel, view = bar.display_panel, editor.view
    assert panel.low.slider.isHidden() or not panel.low.slider.isVisible()
    panel.set_window_known((1200.4, 30000.2))
    assert panel.low.slider.isVisible()
    assert (panel.low.value(), panel.high.value()) == (1200, 30000)
    assert view.window is None and not panel.automatic.isEnabled()
    panel.low.slider.setValue(2000)
    assert view.window == (2000, 30000)
    panel.low.slider.setValue(40000)
    assert view.window == (40000, 40001)
    panel.high.slider.setValue(500)
    assert view.window == (499, 500)
    qtbot.mouseClick(panel.automatic, Qt.MouseButton.LeftButton)
    assert view.window is None and panel.high.value() == 30000


def test_a_double_click_puts_a_slider_back(qtbot, bar, actions, editor):
    actions.action(ActionKey.DISPLAY).trigger()
    editor.view.tone = Tone(40, 0, 1.0)
    qtbot.mouseDClick(bar.display_panel.brightness.slider, Qt.MouseButton.LeftButton)
    assert editor.view.tone.brightness == 0


def test_the_window_sliders_reach_around_the_values_of_the_image(bar, actions, editor):
    actions.action(ActionKey.DISPLAY).trigger()
    panel = bar.display_panel
    editor.view.automatic = (20_000.0, 22_000.0)
    assert (panel.low.slider.minimum(), panel.high.slider.maximum()) == (18_000, 24_000)
    editor.view.window = (100, 30_000)
    assert (panel.low.value(), panel.high.value()) == (100, 30_000)
    editor.view.automatic = None
    assert not panel.low.slider.isVisible()
