"""`results.jsonl`: a line for each image, added as soon as it is judged, so that a run can go on where it stopped."""

from __future__ import annotations

import json
import logging
import os
import time
from typing import TYPE_CHECKING, Any, BinaryIO

from scratchgui.cli.worklist import Stamp, Worklist
from scratchgui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESULTS_FILE = "results.jsonl"
_FLUSH_EVERY = 2.0
"""Seconds after which lines are to be on the disk itself, where a power cut leaves them."""

_log = logging.getLogger(__name__)


class ResultLog:
    """Adds to the file of results, and reads it."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        """Open the file, made anew where there is none, and cut off a last line that was not finished.

        Args:
            folder: Where it lies; made where there is none.
            fresh: Empty it.

        Raises:
            OSError: It cannot be written.
            UserError: Another program adds to it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / RESULTS_FILE
        self._file = self.path.open("a+b")
        if not _is_mine(self._file):
            self._file.close()
            raise UserError("Another run adds to these results", path=folder, hint="Choose another folder with --out.")
        self._end = 0 if fresh else _end_of_lines(self.path)
        self._file.truncate(self._end)
        self._flushed = time.monotonic()

    def close(self) -> None:
        """Write everything to the disk."""
        try:
            self._flush()
        finally:
            self._file.close()

    def add(self, line: str) -> int:
        """Add a record, without its line end, and return where it begins (bytes).

        What is added survives the end of this process, however it comes.

        Raises:
            OSError: It cannot be written.
        """
        data = line.encode() + b"\n"
        place, self._end = self._end, self._end + len(data)
        self._file.write(data)
        self._file.flush()
        if time.monotonic() - self._flushed > _FLUSH_EVERY:
            self._flush()
        return place

    def recall_into(self, worklist: Worklist) -> None:
        """Note in a worklist what was judged before; of several records about an image the last one counts."""
        place = 0
        with self.path.open("rb") as file:
            for line in file:
                record = _parsed(line)
                if record is not None:
                    stamp, judged = Stamp(record["bytes"], record["modified"]), record["verdict"] is not None
                    worklist.recall(record["image"], record.get("name", ""), stamp, judged=judged, place=place)
                place += len(line)

    def records(self, worklist: Worklist) -> Iterator[dict[str, Any]]:
        """Yield the latest record of each image, in the images' natural order.

        Raises:
            OSError: The file cannot be read.
        """
        with self.path.open("rb") as file:
            for place in worklist.places():
                file.seek(place)
                yield json.loads(file.readline())

    def _flush(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._flushed = time.monotonic()


def _is_mine(file: BinaryIO) -> bool:
    """Take a file for this process until it is closed; False when another one has it.

    Where that is not known (Windows, some network shares) it is taken.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        _log.info("The results cannot be locked", exc_info=True)
    return True


def _end_of_lines(path: Path) -> int:
    """Return how much of a file is complete lines (bytes)."""
    end = 0
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                end += len(line)
    return end


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Return the record in a line; None, with a line in the log, where it is none: its image is judged anew."""
    try:
        record: dict[str, Any] = json.loads(line)
        if all(isinstance(record[key], int) for key in ("bytes", "modified")) and isinstance(record["image"], str):
            return record | {"verdict": record["verdict"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    _log.warning("A damaged line of %s is left out", RESULTS_FILE)
    return None
