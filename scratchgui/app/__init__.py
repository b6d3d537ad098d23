"""The application: the only place that builds everything and connects it.

`main` brings the window to the screen with nothing but Qt; what needs NumPy and the rest follows after the first
paint, imported on a thread, so that the window is there within a second and stays quick.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from scratchgui import logs
from scratchgui.core.errors import UserError
from scratchgui.notifications import Notifications
from scratchgui.settings import SettingsStore
from scratchgui.ui import motion, theme
from scratchgui.ui.actions import ActionSet
from scratchgui.ui.main_window import MainWindow
from scratchgui.workers.garbage import MainThreadCollector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scratchgui.app.workbench import Workbench

_log = logging.getLogger(__name__)


class Shell(QObject):
    """The window before and around the work: start page, settings, notices.

    Signals:
        ready(): Everything is built.

    Attributes:
        workbench: Everything that needs more than Qt; None until it is built.
    """

    ready = Signal()
    _imported = Signal(object)

    def __init__(self, store: SettingsStore, notices: Notifications, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.notices = notices
        self.actions = ActionSet(self)
        self.actions.rebind(store.value.shortcuts)
        motion.set_reduced(store.value.reduce_motion)
        self.window = MainWindow(self.actions)
        self.window.restore_state(store.value.window_geometry)
        self.workbench: Workbench | None = None
        self._waiting: list[Callable[[Workbench], object]] = []
        self._collector = MainThreadCollector(self)
        notices.attach(self.window.toasts.show_notice)
        self._imported.connect(self._build)
        self._connect()

    def _connect(self) -> None:
        page, window = self.window.start_page, self.window
        page.open_sample_requested.connect(self.actions.action("open_sample").trigger)
        page.open_folder_requested.connect(self.actions.action("open_folder").trigger)
        page.recent_chosen.connect(self.open)
        window.folder_dropped.connect(self.open)
        window.top_bar.recent_chosen.connect(self.open)
        self.actions.triggered.connect(
            lambda key, checked: self.when_ready(lambda bench: bench.commands.run(key, checked))
        )

    def open(self, place: str) -> None:
        """Open a folder as soon as that is possible."""
        self.when_ready(lambda bench: bench.project.open(place))

    def open_sample(self) -> None:
        """Open the sample project as soon as that is possible."""
        self.when_ready(lambda bench: bench.project.open_sample())

    def when_ready(self, call: Callable[[Workbench], object]) -> None:
        """Call with the workbench, now or when it is built."""
        if self.workbench is not None:
            call(self.workbench)
        else:
            self._waiting.append(call)

    def start(self) -> None:
        """Import and build the workbench; the import runs on a thread, the window stays usable."""
        gc.disable()  # imports leave much to look at and nothing to collect
        threading.Thread(target=self._import, name="start", daemon=True).start()

    def _import(self) -> None:
        try:
            module: Any = import_module("scratchgui.app.workbench")
        except Exception as error:  # told to the user: without it the program cannot work
            module = error
        self._imported.emit(module)

    def _build(self, module: Any) -> None:
        if isinstance(module, Exception):
            gc.enable()
            self.notices.report(module)
            return
        workbench = module.Workbench(self.window, self.actions, self.notices, self.store, self)
        self._go_on(workbench, workbench.build())

    def _go_on(self, workbench: Workbench, steps: Iterator[None]) -> None:
        """Take the next step, and others in events of their own."""
        if next(steps, self) is None:
            QTimer.singleShot(0, self, lambda: self._go_on(workbench, steps))
        else:
            self._take(workbench)

    def _take(self, workbench: Workbench) -> None:
        self.workbench = workbench
        # The objects of the start live as long as the program: leave them out of later collections, which otherwise
        # take up to 40 ms in the middle of a stroke.
        gc.freeze()
        self._collector.start()
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call(workbench)
        self.ready.emit()


class _FirstPaint(QObject):
    """Tells once that a window was painted."""

    painted = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self.painted.emit()
        return False


def make_application(argv: Sequence[str] = ("scratchgui",)) -> QApplication:
    """Return the one QApplication with the program's names."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(argv))
    app.setApplicationName("ScratchGUI")
    app.setDesktopFileName("scratchgui")
    return app


def main(argv: Sequence[str]) -> int:
    """Show the window and run until it is closed.

    Args:
        argv: A folder to open, or "--sample"; nothing for the start page.

    Returns:
        The exit status.
    """
    logs.set_up_logging()
    app = make_application([sys.argv[0]])
    logs.route_qt_messages()
    notices = Notifications(app)
    logs.install_excepthook(notices.report)
    store = SettingsStore()
    store.load()
    theme.apply_theme(app, store.value.theme)
    shell = Shell(store, notices, app)
    first = _FirstPaint(app)
    first.painted.connect(lambda: _log.info("First paint at %.3f", time.time()))
    first.painted.connect(shell.start)
    shell.window.start_page.installEventFilter(first)
    if "--sample" in argv:
        shell.window.start_page.set_busy("Opening the sample project…")
        shell.open_sample()
    elif argv:
        shell.open(argv[0])
    shell.window.show()
    status = app.exec()
    try:
        store.update(window_geometry=shell.window.save_state())
    except UserError as error:
        _log.warning("%s", error)
    return status
