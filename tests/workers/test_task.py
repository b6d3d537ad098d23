from __future__ import annotations

import threading
import weakref

import pytest
from PySide6.QtCore import QObject, QThread
from shiboken6 import delete

from scratchgui.core.errors import UserError


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, value: object) -> None:
        self.heard.append(value)


def fail(error: BaseException) -> None:
    raise error


def test_the_result_comes_back_on_this_thread(runner, qtbot):
    seen: list[tuple[int, bool]] = []
    work_thread: list[bool] = []

    def work(x: int) -> int:
        work_thread.append(threading.current_thread() is threading.main_thread())
        return x * 2

    runner.run(work, 21, on_result=lambda x: seen.append((x, QThread.currentThread() is runner.thread())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(42, True)]
    assert work_thread == [False]


def test_expected_trouble_goes_to_the_caller_alone(runner, reported):
    errors: list[BaseException] = []
    trouble = UserError("The disk is full")
    runner.run(fail, trouble, on_error=errors.append)
    assert runner.wait_for_done()
    assert errors == [trouble]
    assert reported == []


def test_a_bug_goes_to_the_caller_and_to_the_handler(runner, reported):
    errors: list[BaseException] = []
    bug = KeyError("x")
    runner.run(fail, bug, on_error=errors.append)
    assert runner.wait_for_done()
    assert errors == reported == [bug]


def test_an_error_nobody_takes_goes_to_the_handler(runner, reported):
    trouble = UserError("The disk is full")
    runner.run(fail, trouble)
    assert runner.wait_for_done()
    assert reported == [trouble]


def test_a_cancelled_answer_is_dropped(runner, reported):
    go = threading.Event()
    heard: list[object] = []
    task = runner.run(go.wait, 5, on_result=heard.append)
    failing = runner.run(fail, UserError("late"), on_result=heard.append, on_error=heard.append)
    task.cancel()
    failing.cancel()
    go.set()
    assert runner.wait_for_done()
    assert heard == []
    assert reported == []


def test_what_was_cancelled_before_it_began_does_not_begin(runner):
    go = threading.Event()
    ran: list[str] = []
    runner.run(go.wait, 5, pool="save")
    runner.run(ran.append, "unwanted", pool="save").cancel()
    runner.run(ran.append, "wanted", pool="save")
    go.set()
    assert runner.wait_for_done(pool="save")
    assert ran == ["wanted"]


def test_no_answer_to_an_owner_that_died(runner):
    go = threading.Event()
    listener = Listener()
    heard = listener.heard
    task = runner.run(go.wait, 5, on_result=listener.hear)
    delete(listener)
    go.set()
    assert runner.wait_for_done()
    assert not task.is_wanted
    assert heard == []


def test_the_save_pool_keeps_the_order(runner):
    order: list[int] = []
    for number in range(50):
        runner.run(order.append, number, pool="save")
    assert runner.wait_for_done(pool="save")
    assert order == list(range(50))


def test_higher_priority_begins_earlier(runner):
    go = threading.Event()
    order: list[str] = []
    runner.run(go.wait, 5, pool="save")
    runner.run(order.append, "prefetch", pool="save", priority=-1)
    runner.run(order.append, "visible", pool="save", priority=1)
    go.set()
    assert runner.wait_for_done(pool="save")
    assert order == ["visible", "prefetch"]


def test_waiting_ends_when_the_time_is_over(runner):
    go = threading.Event()
    runner.run(go.wait, 5)
    assert not runner.wait_for_done(timeout_ms=10)
    go.set()
    assert runner.wait_for_done()


def test_after_close_nobody_is_called(runner):
    heard: list[object] = []
    assert runner.close()
    runner.run(lambda: 1, on_result=heard.append)
    assert runner.wait_for_done()
    assert heard == []


def test_what_an_answer_begins_while_the_program_closes_is_dropped_but_for_saving(runner):
    began: list[str] = []

    def go_on(_: object) -> None:
        runner.run(began.append, "read")
        runner.run(began.append, "save", pool="save")

    runner.run(lambda: 1, on_result=go_on)
    assert runner.close()
    assert began == ["save"]


def succeed(gate: threading.Event) -> None:
    assert gate.wait(10)


def fail_after(gate: threading.Event) -> None:
    succeed(gate)
    raise UserError("The disk is full")


@pytest.mark.parametrize("cancelled", [False, True], ids=["wanted", "cancelled"])
@pytest.mark.parametrize("work", [succeed, fail_after])
def test_an_object_that_only_a_call_knows_is_deleted_on_this_thread(runner, reported, work, cancelled):
    deleted: list[bool] = []
    gates = [threading.Event() for _ in range(50)]
    for gate in gates:
        listener = Listener()
        weakref.finalize(listener, lambda: deleted.append(threading.current_thread() is threading.main_thread()))
        task = runner.run(
            work, gate, on_result=listener.hear, on_error=lambda _, who=listener: who.setObjectName("failed")
        )
        del listener
        if cancelled:
            task.cancel()
        del task
    for gate in gates:
        gate.set()
    assert runner.wait_for_done()
    assert deleted == [True] * len(gates)
    assert reported == []
