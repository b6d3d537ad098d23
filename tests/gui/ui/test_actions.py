from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.actions import ACTIONS, MENUS, SEPARATOR
from scratchgui.ui.svg import icon_path


@pytest.mark.parametrize("key", list(ActionKey))
def test_an_action_has_text_icon_tooltip_and_one_menu(actions, key):
    spec, action = ACTIONS[key], actions.action(key)
    assert spec.text
    assert spec.icon and icon_path(spec.icon).is_file()
    assert len(action.toolTip()) > 2
    assert sum(menu.count(key) for menu in MENUS.values()) == 1


@pytest.mark.parametrize("key", [key for key, spec in ACTIONS.items() if spec.keys])
def test_a_shortcut_is_readable_and_belongs_to_one_action(key):
    for text in ACTIONS[key].keys.split(SEPARATOR):
        assert QKeySequence.fromString(text).toString() == text
        owners = [other for other, spec in ACTIONS.items() if text in spec.keys.split(SEPARATOR)]
        assert owners == [key]


@pytest.fixture
def page(qtbot, actions) -> QWidget:
    """A search field and a canvas as on the work page."""
    page = QWidget()
    page.field, page.canvas = QLineEdit(page), QWidget(page)
    page.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout = QVBoxLayout(page)
    layout.addWidget(page.field)
    layout.addWidget(page.canvas)
    actions.attach_to(page)
    actions.attach_window(page)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    return page


def focus(qtbot, widget: QWidget) -> QWidget:
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


def test_a_letter_acts_over_the_canvas(qtbot, actions, page):
    canvas = focus(qtbot, page.canvas)
    with qtbot.waitSignal(actions.triggered) as blocker:
        qtbot.keyClick(canvas, Qt.Key.Key_C)
    assert blocker.args[0] == ActionKey.CLEAN_NEXT


def test_letters_typed_into_a_field_never_act(qtbot, actions, page):
    field = focus(qtbot, page.field)
    with qtbot.assertNotEmitted(actions.triggered):
        qtbot.keyClicks(field, "becnuvq[].,?")
    assert field.text() == "becnuvq[].,?"


def test_another_key_acts_and_the_old_one_does_not(qtbot, actions, page):
    canvas = focus(qtbot, page.canvas)
    actions.rebind({ActionKey.CLEAN_NEXT: "F9"})
    with qtbot.assertNotEmitted(actions.triggered):
        qtbot.keyClick(canvas, Qt.Key.Key_C)
    with qtbot.waitSignal(actions.triggered) as blocker:
        qtbot.keyClick(canvas, Qt.Key.Key_F9)
    assert blocker.args[0] == ActionKey.CLEAN_NEXT
    assert "(F9)" in actions.action(ActionKey.CLEAN_NEXT).toolTip()
    actions.rebind({})
    assert actions.key_text(ActionKey.CLEAN_NEXT) == "C"


def test_a_held_key_is_on_while_it_is_down(qtbot, actions, page):
    canvas = focus(qtbot, page.canvas)
    seen = []
    actions.triggered.connect(lambda key, on: seen.append((key, on)))
    qtbot.keyPress(canvas, Qt.Key.Key_Q)
    qtbot.keyRelease(canvas, Qt.Key.Key_Q)
    assert seen == [(ActionKey.HOLD_RAW, True), (ActionKey.HOLD_RAW, False)]
