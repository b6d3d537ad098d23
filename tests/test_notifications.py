from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QThread

from scratchgui.core.errors import UserError
from scratchgui.notifications import Level, Notice, Notifications


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def center(qapp, clock) -> Notifications:
    return Notifications(clock=clock)


def test_what_comes_before_the_window_is_kept_in_order(center):
    center.info("one")
    center.warning("two", details="why")
    heard: list[Notice] = []
    center.attach(heard.append)
    center.success("three", action_text="Undo", action=lambda: None)
    assert [(notice.level, notice.text) for notice in heard] == [
        (Level.INFO, "one"),
        (Level.WARNING, "two"),
        (Level.SUCCESS, "three"),
    ]
    assert heard[1].details == "why"
    assert heard[2].action_text == "Undo"


def test_the_same_error_is_told_once_within_five_seconds(center, clock):
    heard: list[Notice] = []
    center.attach(heard.append)
    center.error("disk full")
    clock.now += 4
    center.error("disk full")
    center.error("another")
    assert [notice.text for notice in heard] == ["disk full", "another"]
    clock.now += 6
    center.error("disk full")
    assert len(heard) == 3


def test_other_levels_may_repeat(center):
    heard: list[Notice] = []
    center.attach(heard.append)
    center.info("saved")
    center.info("saved")
    assert len(heard) == 2


def test_expected_trouble_is_told_by_its_sentence(center, tmp_path):
    heard: list[Notice] = []
    center.attach(heard.append)
    center.report(UserError("The disk is full", path=tmp_path))
    assert heard == [Notice(Level.ERROR, f"The disk is full: {tmp_path}.")]


def test_a_bug_is_logged_and_told_with_its_traceback(center, caplog):
    heard: list[Notice] = []
    center.attach(heard.append)
    try:
        {}["missing"]
    except KeyError as error:
        center.report(error)
    assert "went wrong" in heard[0].text
    assert "KeyError: 'missing'" in heard[0].details
    assert "test_notifications" in caplog.text


def test_a_notice_from_another_thread_arrives_on_this_one(center, qtbot):
    where: list[QThread] = []
    center.attach(lambda notice: where.append(QThread.currentThread()))
    with qtbot.waitSignal(center.posted):
        thread = threading.Thread(target=center.info, args=("from afar",))
        thread.start()
    thread.join()
    assert where == [center.thread()]
