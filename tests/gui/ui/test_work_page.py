from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QWidget

from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.main_window import MainWindow


@pytest.fixture
def parts(qtbot, window) -> tuple[QWidget, QWidget, QWidget]:
    queue, canvas, inspector = (QWidget() for _ in range(3))
    queue.field = QLineEdit(queue)
    for widget in (queue, canvas):
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.install_work_page(queue, canvas, inspector)
    window.show_work()
    window.activateWindow()
    qtbot.waitUntil(canvas.isVisible)
    return queue, canvas, inspector


def test_the_work_page_has_the_widths_of_the_design(qtbot, window, parts):
    queue, canvas, inspector = parts
    qtbot.waitUntil(lambda: canvas.width() > 400)
    assert (queue.width(), inspector.width()) == (264, 320)
    assert window.status.isVisible()
    assert window.top_bar.report_button.isVisible()


def test_tab_hides_both_panels_and_brings_them_back(qtbot, window, parts):
    queue, canvas, inspector = parts
    queue.setFocus()
    qtbot.waitUntil(queue.hasFocus)
    with qtbot.waitSignal(window.panels_changed):
        qtbot.keyClick(queue, Qt.Key.Key_Tab)
    assert not queue.isVisible()
    assert not inspector.isVisible()
    qtbot.waitUntil(canvas.hasFocus)
    with qtbot.waitSignal(window.panels_changed):
        qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert queue.isVisible()
    assert inspector.isVisible()


def test_the_widths_of_the_panels_come_back(qtbot, window, parts, actions):
    window.findChild(QSplitter).setSizes([300, 500, 280])
    widths = window.findChild(QSplitter).sizes()
    state = window.save_state()
    other = MainWindow(actions)
    qtbot.addWidget(other)
    other.restore_state(state)
    other.install_work_page(QWidget(), QWidget(), QWidget())
    with qtbot.waitExposed(other):
        other.show()
    other.show_work()
    other.resize(window.size())  # restored sizes are limited to the screen
    qtbot.waitUntil(lambda: other.findChild(QSplitter).sizes() == widths)


@pytest.mark.parametrize("state", ["", "zz.zz", "00ff", "...."])
def test_a_damaged_state_is_left_out(window, parts, state):
    window.restore_state(state)
    assert window.width() == 1200


def test_the_project_and_its_model_are_named(qtbot, window, parts):
    window.set_project_name("Castings & more")
    window.top_bar.set_model_name("")
    assert window.windowTitle() == "Castings & more – ScratchGUI"
    qtbot.waitUntil(lambda: window.top_bar.project_button.text().strip() == "Castings && more")
    qtbot.waitUntil(lambda: window.top_bar.model_button.text().strip() == "No model")


def test_one_button_is_the_primary_one(window, parts):
    window.set_primary("export")
    assert window.top_bar.report_button.property("role") == "primary"
    window.set_primary("approve")
    assert window.top_bar.report_button.property("role") != "primary"


def test_closing_can_be_refused(window):
    window.closing.connect(QCloseEvent.ignore)
    assert not window.close()
    assert window.isVisible()


def test_search_and_report_use_their_actions(qtbot, window, parts, actions):
    for button, key in (
        (window.top_bar.search_button, ActionKey.COMMANDS),
        (window.top_bar.report_button, ActionKey.EXPORT_REPORT),
    ):
        with qtbot.waitSignal(actions.triggered) as blocker:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert blocker.args[0] == key


def test_the_projects_menu_opens_a_recent_one(qtbot, window):
    window.top_bar.set_recent([("Castings", "/data/castings")])
    first = window.top_bar.project_button.menu().actions()[0]
    with qtbot.waitSignal(window.top_bar.recent_chosen) as blocker:
        first.trigger()
    assert (first.text(), blocker.args[0]) == ("Castings", "/data/castings")
