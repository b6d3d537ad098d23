"""A training's folder: all that passes between the training and whoever watches it."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import Failed, Finished, decode, encode

if TYPE_CHECKING:
    from scratchgui.core.protocol import Event

STOP_FILE = "STOP"
"""Asks the training to end and to keep its best."""
PAUSE_FILE = "PAUSE"
"""Lets it wait as long as it is there."""
KEEP_FILE = "KEEP"
"""Lets it go on when the program that started it is gone."""
EVENTS_FILE = "events.jsonl"
STDERR_FILE = "stderr.log"
BUNDLE_FOLDER = "bundle"
CHECKPOINT_FOLDER = "checkpoint"
CHECKPOINT_STATE = "state.json"

STAMP = "%Y%m%d-%H%M%S"
"""How the folder of a project's training is named, with a number behind it where there are several."""
_STAMP_LENGTH = 15
_PIECE = 1 << 20
# Of this many trainings, pictures are kept too.
_KEPT_WHOLE = 10
_LARGE = (CHECKPOINT_FOLDER, BUNDLE_FOLDER)


class RunFolder:
    """The folder of one training, as those see it who ask something of it.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def ask_to_stop(self) -> None:
        """Ask it to end and to keep its best, also where it waits.

        Raises:
            OSError: The folder cannot be written.
        """
        (self.path / STOP_FILE).touch()
        self.resume()

    def pause(self) -> None:
        """Let it wait.

        Raises:
            OSError: The folder cannot be written.
        """
        (self.path / PAUSE_FILE).touch()

    def resume(self) -> None:
        """Let it go on.

        Raises:
            OSError: The folder cannot be written.
        """
        (self.path / PAUSE_FILE).unlink(missing_ok=True)

    def keep(self) -> None:
        """Let it go on when this program is gone.

        Raises:
            OSError: The folder cannot be written.
        """
        (self.path / KEEP_FILE).touch()

    def forget_requests(self) -> None:
        """Take back all that was asked, before it is started again.

        Raises:
            OSError: The folder cannot be written.
        """
        for name in (STOP_FILE, PAUSE_FILE, KEEP_FILE):
            (self.path / name).unlink(missing_ok=True)

    @property
    def is_kept(self) -> bool:
        """Tell whether it is to go on without the program that started it."""
        return (self.path / KEEP_FILE).exists()

    @property
    def has_checkpoint(self) -> bool:
        """Tell whether there is a state to go on from."""
        return (self.path / CHECKPOINT_FOLDER / CHECKPOINT_STATE).is_file()

    @property
    def began(self) -> datetime | None:
        """When the training was prepared, as the folder's name says: the end of that second; None for another name."""
        try:
            second = datetime.strptime(self.path.name[:_STAMP_LENGTH], STAMP).replace(tzinfo=UTC)
            return second + timedelta(seconds=1)
        except ValueError:
            return None

    def bundle_of(self, result: Finished) -> Path:
        """Return where the new model is: among the project's models, in this folder, or where it was written to."""
        kept = self.path.parent.parent / "models" / result.model
        here = self.path / BUNDLE_FOLDER
        if result.model and kept.is_dir():
            return kept
        return here if here.is_dir() else Path(result.bundle)

    def end(self) -> Finished | Failed | None:
        """Return how it ended; None where it says nothing of an end, or was started again since."""
        last: Event | None = None
        follower = Follower(self.path)
        while events := follower.read():
            last = events[-1]
        return last if isinstance(last, Finished | Failed) else None


def make_room(runs: Path, newest: Path) -> None:
    """Remove what nobody needs any more of the trainings before one that was judged; what they said stays.

    States to go on from and models that were not put to use go at once, pictures after some trainings.
    """
    before = sorted((path.parent for path in runs.glob(f"*/{EVENTS_FILE}") if path.parent < newest), reverse=True)
    for age, run in enumerate(before, start=1):
        for folder in run.iterdir():
            if folder.is_dir() and (folder.name in _LARGE or age >= _KEPT_WHOLE):
                shutil.rmtree(folder, ignore_errors=True)


class EventLog:
    """Writes what a training says: one event a line, each at once.

    Attributes:
        has_lost: The last event could not be written.
    """

    def __init__(self, run: Path) -> None:
        self._path = run / EVENTS_FILE
        self.has_lost = False
        # A line that was cut off, by a full disk or the end of an earlier process, must not spoil the next one.
        self._is_cut_off = True

    def tell(self, event: Event) -> None:
        """Write an event. One that cannot be written is lost, unless it is the result.

        Raises:
            TrainingError: The result cannot be written.
        """
        try:
            self._write(event)
            self.has_lost = False
        except OSError as error:
            self.has_lost = True
            if isinstance(event, Finished):
                reason = error.strerror or str(error)
                raise TrainingError(f"The training's result cannot be saved ({reason})", path=self._path) from error

    def _write(self, event: Event) -> None:
        line = f"{encode(event)}\n".encode()
        if self._is_cut_off and self._ends_within_a_line():
            line = b"\n" + line
        self._is_cut_off = True
        with self._path.open("ab", buffering=0) as log:
            if log.write(line) != len(line):
                raise OSError("The disk is full")
            if isinstance(event, Finished):
                os.fsync(log.fileno())
        self._is_cut_off = False

    def _ends_within_a_line(self) -> bool:
        with suppress(OSError), self._path.open("rb") as log:
            log.seek(-1, os.SEEK_END)
            return log.read(1) != b"\n"
        return False


class Follower:
    """Reads what a training says, as it says it."""

    def __init__(self, run: Path) -> None:
        self._path = run / EVENTS_FILE
        self._position = 0
        self._rest = b""
        self._lines: list[bytes] = []

    def read(self, most: int | None = None) -> list[Event]:
        """Return the events since the last call; a line that is still being written waits.

        Args:
            most: Number of events to return at most; the others come with the next call.
        """
        found: list[Event] = []
        while (most is None or len(found) < most) and (self._lines or self._fetch()):
            event = decode(self._lines.pop())
            if event is not None:
                found.append(event)
        return found

    def _fetch(self) -> bool:
        """Take the next piece of the file; return whether there are whole lines."""
        while not self._lines:
            piece = self._piece()
            if not piece:
                return False
            *lines, self._rest = (self._rest + piece).split(b"\n")
            self._lines = lines[::-1]
        return True

    def _piece(self) -> bytes:
        # A network share that is away for a moment, or a training that has said nothing yet.
        with suppress(OSError), self._path.open("rb") as log:
            log.seek(self._position)
            piece = log.read(_PIECE)
            self._position += len(piece)
            return piece
        return b""
