from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject, QTimer

from scratchgui.workers.garbage import MainThreadCollector, collect_due


class Knot(QObject):
    """An object that only the collector can delete, with a timer that runs."""

    def __init__(self, deleted: list[str]) -> None:
        super().__init__()
        self.itself = self
        self.timer = QTimer(self, interval=1)
        self.timer.start()
        weakref.finalize(self, lambda: deleted.append(threading.current_thread().name))


@pytest.fixture
def busy_thread():
    """Make objects on another thread, enough for many collections, while the block runs."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            kept = [[] for _ in range(2000)]
            kept.clear()

    thread = threading.Thread(target=work, name="busy")
    thread.start()
    yield
    stop.set()
    thread.join()


def test_objects_are_deleted_on_the_window_s_thread_whoever_makes_new_ones(qtbot, busy_thread):
    gc.enable()
    collector = MainThreadCollector()
    collector.start()
    assert not gc.isenabled()
    deleted: list[str] = []
    for _ in range(50):
        Knot(deleted)
    qtbot.waitUntil(lambda: len(deleted) == 50, timeout=10_000)
    assert set(deleted) == {threading.main_thread().name}


def test_only_what_is_due_is_collected(monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(gc, "collect", asked.append)
    for count, generation in [((700, 10, 10), None), ((701, 0, 0), 0), ((0, 11, 3), 1), ((900, 11, 11), 2)]:
        monkeypatch.setattr(gc, "get_count", lambda count=count: count)
        monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
        asked.clear()
        collect_due()
        assert asked == ([] if generation is None else [generation])
    monkeypatch.setattr(gc, "get_threshold", lambda: (0, 10, 10))
    asked.clear()
    collect_due()
    assert asked == [2]
