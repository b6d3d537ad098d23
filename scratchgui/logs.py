"""Logging: a rotating file, Qt's own messages, and whatever nobody caught."""

from __future__ import annotations

import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from scratchgui import paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

LOG_FILE = "scratchgui.log"
_FILE_BYTES = 1_000_000
_FILES_KEPT = 3
_FORMAT = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_file() -> Path:
    """Return the log file of this user."""
    return paths.log_dir() / LOG_FILE


def set_up_logging(level: int = logging.INFO) -> logging.Handler:
    """Send all log records to the rotating file; to stderr where the file cannot be made.

    Returns:
        The handler, already attached to the root logger.
    """
    handler = _make_handler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    return handler


def _make_handler() -> logging.Handler:
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return RotatingFileHandler(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8")
    except OSError:
        return logging.StreamHandler()


def route_qt_messages() -> None:
    """Send Qt's messages to the log under the name "qt"."""
    qInstallMessageHandler(_on_qt_message)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    category = context.category if context.category not in (None, "default") else ""
    _qt_log.log(_QT_LEVELS[kind], "%s%s", f"{category}: " if category else "", text)


class _Uncaught(NamedTuple):
    """What the three hooks of Python have in common."""

    error: BaseException | None
    traceback: TracebackType | None


def install_excepthook(report: Callable[[BaseException], None]) -> None:
    """Give every exception that nobody caught, on any thread, to `report` (which logs it); the program goes on.

    Ctrl+C still ends it.
    """

    def handle(uncaught: _Uncaught) -> None:
        if uncaught.error is None or isinstance(uncaught.error, SystemExit):
            return
        if isinstance(uncaught.error, KeyboardInterrupt):
            sys.__excepthook__(KeyboardInterrupt, uncaught.error, uncaught.traceback)
            return
        try:
            report(uncaught.error)
        except Exception:
            # The road to the user is broken (at shutdown, say): the log is what remains.
            _log.exception("Cannot report %r", uncaught.error)

    sys.excepthook = lambda kind, error, trace: handle(_Uncaught(error, trace))
    threading.excepthook = lambda args: handle(_Uncaught(args.exc_value, args.exc_traceback))
    sys.unraisablehook = lambda args: handle(_Uncaught(args.exc_value, args.exc_traceback))
