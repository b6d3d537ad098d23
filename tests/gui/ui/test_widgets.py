from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from scratchgui.notifications import Level, Notice
from scratchgui.ui import icons, theme
from scratchgui.ui.status_strip import JobView, StatusStrip
from scratchgui.ui.widgets.section import Section


@pytest.fixture
def strip(qtbot) -> StatusStrip:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.resize(1100, 30)
    with qtbot.waitExposed(strip):
        strip.show()
    return strip


def shown(strip: StatusStrip) -> list[str]:
    return [label.text() for label in strip.findChildren(QLabel) if label.isVisible() and label.text()]


def test_the_strip_shows_what_is_so_and_nothing_else(strip):
    assert shown(strip) == []
    strip.set_saved("Saved", "saved")
    strip.set_job(JobView("Predicting", 5, 10))
    strip.set_cursor_info(1043, 512, 87, 0.624)
    assert shown(strip) == ["Saved", "Predicting 5 / 10", "x 1043  y 512  ·  87  ·  0.62"]
    strip.set_job(None)
    strip.clear_cursor_info()
    assert shown(strip) == ["Saved"]
    assert not strip.cancel_button.isVisible()


def test_a_job_is_paused_goes_on_and_stops(qtbot, strip):
    for paused in (False, True):
        strip.set_job(JobView("Predicting", 5, 10, paused=paused))
        with qtbot.waitSignal(strip.pause_toggled) as blocker:
            qtbot.mouseClick(strip.pause_button, Qt.MouseButton.LeftButton)
        assert blocker.args == [not paused]
    with qtbot.waitSignal(strip.cancel_requested):
        qtbot.mouseClick(strip.cancel_button, Qt.MouseButton.LeftButton)


def test_a_job_that_cannot_pause_has_no_button_for_it(strip):
    strip.set_job(JobView("Writing the report", 1, 3, can_pause=False))
    assert not strip.pause_button.isVisible()
    assert strip.cancel_button.isVisible()


def test_a_section_opens_closes_and_tells(qtbot):
    section = Section("Model", QLabel("U-Net"))
    qtbot.addWidget(section)
    with qtbot.waitSignal(section.collapsed_changed) as blocker:
        qtbot.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert blocker.args == [True]
    with qtbot.assertNotEmitted(section.collapsed_changed):
        section.set_collapsed(False)
    assert not section.collapsed


def test_details_of_an_error_open_and_can_be_copied(qtbot, window):
    window.toasts.show_notice(Notice(Level.ERROR, "It failed.", details="line 1\nline 2"))
    card = window.toasts.cards[0]
    before = card.height()
    qtbot.mouseClick(card.details_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.height() > before)
    qtbot.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It failed.\nline 1\nline 2"
    place = window.toasts.geometry()
    assert window.centralWidget().rect().contains(place)
    assert place.right() > window.width() - 20


def ring_around(control: QWidget) -> list[QWidget]:
    return [
        item
        for item in control.window().findChildren(QWidget)
        if type(item).__name__ == "_Ring"
        and item.isVisible()
        and item.rect().translated(item.mapTo(control.window(), QPoint())).center()
        == control.rect().translated(control.mapTo(control.window(), QPoint())).center()
    ]


def test_the_keyboard_has_a_ring_around_where_it_is(qtbot, window):
    page = window.start_page
    window.activateWindow()
    page.open_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: len(ring_around(page.open_button)) == 1)
    page.sample_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: len(ring_around(page.sample_button)) == 1)
    assert not ring_around(page.open_button)
    window.resize(1300, 820)
    qtbot.waitUntil(lambda: len(ring_around(page.sample_button)) == 1)
    qtbot.mousePress(page.sample_button, Qt.MouseButton.LeftButton)
    assert not ring_around(page.sample_button)
    qtbot.mouseRelease(page.sample_button, Qt.MouseButton.LeftButton, pos=QPoint(-5, -5))


def test_the_ring_scrolls_with_its_control(qtbot, window):
    area, inside = QScrollArea(window), QWidget()
    buttons = [QPushButton(str(number), inside) for number in range(40)]
    layout = QVBoxLayout(inside)
    for button in buttons:
        layout.addWidget(button)
    area.setWidget(inside)
    area.resize(200, 200)
    area.show()
    buttons[2].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: len(ring_around(buttons[2])) == 1)
    area.verticalScrollBar().setValue(20)
    assert len(ring_around(buttons[2])) == 1


def test_the_theme_changes_live(qapp, qtbot, window):
    before = window.grab().toImage().pixelColor(4, 300)
    icon = icons.icon("brush").pixmap(18, 18).toImage()
    with qtbot.waitSignal(theme.state.changed):
        theme.apply_theme(qapp, "light")
    assert window.grab().toImage().pixelColor(4, 300).lightness() > 200 > before.lightness()
    assert icons.icon("brush").pixmap(18, 18).toImage() != icon


def test_the_hint_is_cut_where_there_is_no_room_and_whole_in_the_tooltip(qtbot):
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.resize(1200, strip.height())
    strip.show()
    strip.hint.setText("Click keeps a predicted defect or selects a marked one · drag keeps many")
    strip.grab()
    assert strip.hint.shown_text == strip.hint.text()
    assert strip.hint.toolTip() == ""
    strip.resize(260, strip.height())
    strip.grab()
    assert strip.hint.shown_text.endswith("…")
    assert strip.hint.toolTip() == strip.hint.text()
