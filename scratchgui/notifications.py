"""The one door through which the user is told something."""

from __future__ import annotations

import logging
import time
import traceback
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from scratchgui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_BUG = "Something went wrong inside ScratchGUI. It goes on; if this happens again, please send the details."
_REPEAT_SECONDS = 5.0


class Level(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """One thing to tell.

    Attributes:
        level: How much it matters; an error stays until it is closed.
        text: A sentence: what, where, what now.
        details: What stands behind "details"; may have many lines.
        action_text: Text of the notice's button; no button when empty.
        action: What the button does.
    """

    level: Level
    text: str
    details: str = ""
    action_text: str = ""
    action: Callable[[], object] | None = None


class Notifications(QObject):
    """Takes notices from any thread and passes them on, on its own thread.

    What is posted before anybody listens is kept. The same error within 5 s is passed on once.

    Signals:
        posted(Notice)
    """

    posted = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._kept: list[Notice] = []
        self._listening = False
        self._last_errors: dict[str, float] = {}
        # A slot of this object: a notice from another thread is queued to ours.
        self._arrived.connect(self._deliver)

    def attach(self, slot: Callable[[Notice], object]) -> None:
        """Connect a listener; the first one gets what was kept."""
        self.posted.connect(slot)
        self._listening = True
        kept, self._kept = self._kept, []
        for notice in kept:
            self.posted.emit(notice)

    def post(self, notice: Notice) -> None:
        """Tell the user; may be called from any thread."""
        self._arrived.emit(notice)

    def info(
        self, text: str, *, details: str = "", action_text: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Tell something that needs no reaction."""
        self.post(Notice(Level.INFO, text, details, action_text, action))

    def success(
        self, text: str, *, details: str = "", action_text: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Tell that something was done."""
        self.post(Notice(Level.SUCCESS, text, details, action_text, action))

    def warning(
        self, text: str, *, details: str = "", action_text: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Tell something the user should look at."""
        self.post(Notice(Level.WARNING, text, details, action_text, action))

    def error(
        self, text: str, details: str = "", *, action_text: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Tell that something failed."""
        self.post(Notice(Level.ERROR, text, details, action_text, action))

    def report(self, error: BaseException) -> None:
        """Tell about an exception: expected trouble by its own sentence, a bug with its traceback behind "details"."""
        if isinstance(error, UserError):
            _log.warning("%s", error)
            self.error(str(error))
            return
        _log.error("Unexpected error", exc_info=error)
        self.error(_BUG, "".join(traceback.format_exception(error)))

    @Slot(object)
    def _deliver(self, notice: Notice) -> None:
        if self._is_repeated(notice):
            return
        if self._listening:
            self.posted.emit(notice)
        else:
            self._kept.append(notice)

    def _is_repeated(self, notice: Notice) -> bool:
        if notice.level is not Level.ERROR:
            return False
        now = self._clock()
        self._last_errors = {key: at for key, at in self._last_errors.items() if now - at < _REPEAT_SECONDS}
        key = f"{notice.text}\n{notice.details}"
        repeated = key in self._last_errors
        self._last_errors[key] = now
        return repeated
