"""Grids of varied training images, drawn by a child process: what varies them takes seconds to import."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from scratchgui import paths
from scratchgui.core.preview import PreviewAnswer
from scratchgui.workers.mailbox import Mailbox
from scratchgui.workers.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scratchgui.core.preview import PreviewOrder

_WHAT = "The process that shows the variation"
_ENDED = f"{_WHAT} has ended."
_STOP_SECONDS = 2.0


class _Child:
    """The process, and the thread that listens to it."""

    def __init__(
        self, command: Sequence[str], on_line: Callable[[_Child, bytes], None], on_end: Callable[[_Child], None]
    ) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=paths.training_environment() | {"NO_ALBUMENTATIONS_UPDATE": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._thread = Thread(target=self._listen, args=(on_line, on_end), name="preview", daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        """Write a line to it; one that has ended does not hear it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except OSError:  # the thread tells of the end
            return

    def end(self) -> None:
        """End it; it says nothing any more."""
        self._process.kill()
        self._thread.join(_STOP_SECONDS)
        with suppress(OSError, subprocess.TimeoutExpired):  # what it never read cannot be written any more
            self._process.communicate(timeout=_STOP_SECONDS)

    def _listen(self, on_line: Callable[[_Child, bytes], None], on_end: Callable[[_Child], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            on_line(self, line)
        on_end(self)


class PreviewService(QObject):
    """Draws the newest of the orders; those that it overtakes are left out.

    Signals:
        drawn(str): The PNG of an order is there; the next order overwrites it.
        failed(str): An order could not be carried out; a sentence.
    """

    drawn = Signal(str)
    failed = Signal(str)

    def __init__(self, *, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        """Prepare; the process is started with the first order.

        Args:
            command: Program and arguments; None for the real one.
            parent: The owner.
        """
        super().__init__(parent)
        self._command = list(command or [*paths.training_command(), "--preview"])
        self._mailbox = Mailbox(self)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._child: _Child | None = None
        self._waiting: PreviewOrder | None = None
        self._is_drawing = False

    def draw(self, order: PreviewOrder) -> None:
        """Carry out an order; where its picture goes is decided here."""
        self._waiting = order
        if self._child is None:
            try:
                self._start()
            except OSError as error:
                self.stop()
                self.failed.emit(str(Outcome(_WHAT, not_started=error.strerror or str(error))))
        self._send()

    def stop(self) -> None:
        """End the process and remove the pictures."""
        child, self._child = self._child, None
        self._waiting, self._is_drawing = None, False
        if child is not None:
            child.end()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="scratchgui-")
        post = self._mailbox.post
        self._child = _Child(
            self._command,
            lambda child, line: post(partial(self._on_line, child, line)),
            lambda child: post(partial(self._on_end, child)),
        )

    def _send(self) -> None:
        if self._child is None or self._folder is None or self._waiting is None or self._is_drawing:
            return
        order, self._waiting, self._is_drawing = self._waiting, None, True
        out = str(Path(self._folder.name) / "variation.png")
        self._child.say(order.model_copy(update={"out": out}).model_dump_json())

    def _on_line(self, child: _Child, line: bytes) -> None:
        if child is not self._child:
            return
        try:
            answer = PreviewAnswer.model_validate_json(line)
        except ValidationError:  # a library's own output
            return
        self._is_drawing = False
        if self._waiting is None:
            (self.failed if answer.error else self.drawn).emit(answer.error or answer.out)
        self._send()

    def _on_end(self, child: _Child) -> None:
        if child is self._child:
            self.stop()
            self.failed.emit(_ENDED)
