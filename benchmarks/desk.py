"""The real window inside a benchmark: built as the program builds it, driven by Qt's event loop."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scratchgui.app import Shell
    from scratchgui.app.workbench import Workbench

_LONGEST_WAIT = 120.0


@contextmanager
def open_shell() -> Iterator[Shell]:
    """Show the window as it is at its first paint, with settings, caches and logs of its own; close it afterwards."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["SCRATCHGUI_HOME"] = home
        from scratchgui import app
        from scratchgui.notifications import Notifications
        from scratchgui.settings import SettingsStore
        from scratchgui.ui import theme

        application = app.make_application()
        store = SettingsStore()
        theme.apply_theme(application, "dark")
        shell = app.Shell(store, Notifications(application), application)
        shell.window.resize(1920, 1080)
        shell.window.show()
        application.processEvents()
        yield shell
        shell.window.close()


@contextmanager
def open_window(*, model: bool = True) -> Iterator[Workbench]:
    """Show the window with everything built; without a model nothing is predicted."""
    with open_shell() as shell:
        if not model:
            from scratchgui import paths

            paths.starter_bundle = lambda: Path(os.devnull)
        shell.start()
        wait_for(lambda: shell.workbench is not None)
        assert shell.workbench is not None
        yield shell.workbench


def wait_for(condition: Callable[[], bool]) -> float:
    """Run the event loop until a condition holds; return the seconds it took."""
    from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

    began = time.perf_counter()
    # Asleep between events, as the program is: a loop that turns without pause would take a processor from its threads.
    tick = QTimer(interval=2)
    tick.timeout.connect(lambda: None)
    tick.start()
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() - began > _LONGEST_WAIT:
            raise TimeoutError("the window did not get there")
    return time.perf_counter() - began


def peak_memory() -> float:
    """Return the most memory (MB) that this process has ever held, libraries and all."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell the peak of a process's memory")
