"""The way back from any thread to the thread of the window."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable


class Mailbox(QObject):
    """Runs what other threads post, in order, one call an event, on the thread it was made on."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: deque[Callable[[], None]] = deque()
        self._closed = False
        self._arrived.connect(self._run_one, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run on the mailbox's thread; may be called from any thread."""
        if self._closed:
            return
        self._calls.append(call)
        try:
            self._arrived.emit()
        except RuntimeError:  # Qt deleted the mailbox between the two lines: nobody waits for the answer any more
            self._calls.clear()

    def deliver(self) -> None:
        """Run everything that waits, now; for a program that is closing and has no event loop to wait for."""
        for _ in range(len(self._calls)):
            self._run_one()

    def close(self) -> None:
        """Drop what waits and whatever still comes."""
        self._closed = True
        self._calls.clear()

    @Slot()
    def _run_one(self) -> None:
        if self._calls:
            self._calls.popleft()()
