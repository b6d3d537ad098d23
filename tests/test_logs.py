from __future__ import annotations

import gc
import logging
import sys
import threading

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from scratchgui import logs


@pytest.fixture
def log_handler():
    root = logging.getLogger()
    level = root.level
    handler = logs.set_up_logging()
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()
    logging.captureWarnings(False)


@pytest.fixture
def reported(monkeypatch):
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    errors: list[BaseException] = []
    logs.install_excepthook(errors.append)
    return errors


def test_records_go_to_the_file(log_handler, program_home):
    logging.getLogger("anything").info("größe %d", 7)
    log_handler.flush()
    assert logs.log_file().parent == program_home / "log"
    assert "anything: größe 7" in logs.log_file().read_text(encoding="utf-8")


def test_the_file_is_rotated(log_handler):
    for _ in range(3):
        logging.getLogger("anything").info("x" * 600_000)
    assert logs.log_file().with_name("scratchgui.log.1").exists()


def test_without_a_place_for_the_file_the_log_goes_to_stderr(tmp_path, monkeypatch, capsys):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("SCRATCHGUI_HOME", str(tmp_path / "taken"))
    handler = logs._make_handler()
    assert isinstance(handler, logging.StreamHandler)
    assert not isinstance(handler, logging.FileHandler)


def test_qt_messages_go_to_the_log(qapp, qtlog, caplog):
    with qtlog.disabled():
        logs.route_qt_messages()
        try:
            qWarning("a widget is unhappy")
        finally:
            qInstallMessageHandler(None)
    assert caplog.record_tuples == [("qt", logging.WARNING, "a widget is unhappy")]


def test_errors_nobody_caught_are_reported(reported):
    error = RuntimeError("bug")
    sys.excepthook(RuntimeError, error, None)
    assert reported == [error]


def test_errors_on_threads_are_reported(reported):
    def fail() -> None:
        raise RuntimeError("on a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [str(error) for error in reported] == ["on a thread"]


def test_errors_while_an_object_dies_are_reported(reported):
    class Stubborn:
        def __del__(self) -> None:
            raise RuntimeError("no")

    thing = Stubborn()
    del thing
    gc.collect()
    assert [str(error) for error in reported] == ["no"]


def test_ctrl_c_is_not_a_bug(reported, capsys):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert reported == []


def test_a_broken_road_to_the_user_ends_in_the_log(monkeypatch, caplog):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)

    def broken(error: BaseException) -> None:
        raise RuntimeError("already deleted")

    logs.install_excepthook(broken)
    sys.excepthook(ValueError, ValueError("lost"), None)
    assert "lost" in caplog.text
    assert "already deleted" in caplog.text
