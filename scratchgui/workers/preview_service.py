"""Grids of varied training images, drawn by a child process: what varies them takes seconds to import."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from PySide6.QtCore import QByteArray, QObject, QProcess, QProcessEnvironment, Signal, Slot

from scratchgui import paths
from scratchgui.core.preview import PreviewAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.preview import PreviewOrder

_NOT_STARTED = "The process that shows the variation cannot be started."
_ENDED = "The process that shows the variation has ended."
_STOP_MS = 2000


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
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: QProcess | None = None
        self._waiting: PreviewOrder | None = None
        self._is_drawing = False

    def draw(self, order: PreviewOrder) -> None:
        """Carry out an order; where its picture goes is decided here."""
        self._waiting = order
        if self._process is None:
            self._start()
        self._send()

    def stop(self) -> None:
        """End the process and remove the pictures."""
        process, self._process = self._process, None
        self._waiting, self._is_drawing = None, False
        if process is not None:
            process.blockSignals(True)
            process.closeWriteChannel()
            process.kill()
            process.waitForFinished(_STOP_MS)
            process.deleteLater()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="scratchgui-")
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        search = [str(paths.import_root()), os.environ.get("PYTHONPATH", "")]
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, search)))
        environment.insert("NO_ALBUMENTATIONS_UPDATE", "1")
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_end)
        process.start(self._command[0], self._command[1:])

    def _send(self) -> None:
        if self._process is None or self._folder is None or self._waiting is None or self._is_drawing:
            return
        order, self._waiting, self._is_drawing = self._waiting, None, True
        out = str(Path(self._folder.name) / "variation.png")
        line = order.model_copy(update={"out": out}).model_dump_json() + "\n"
        self._process.write(QByteArray(line.encode()))

    @Slot()
    def _read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            try:
                answer = PreviewAnswer.model_validate_json(line)
            except ValidationError:  # a library's own output
                continue
            self._is_drawing = False
            if self._waiting is None:
                (self.failed if answer.error else self.drawn).emit(answer.error or answer.out)
            self._send()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.stop()
            self.failed.emit(_NOT_STARTED)

    @Slot()
    def _on_end(self) -> None:
        self.stop()
        self.failed.emit(_ENDED)
