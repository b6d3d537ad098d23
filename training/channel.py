"""The line to the parent process, kept clear of whatever libraries print."""

from __future__ import annotations

import os
import stat
import sys
from threading import Thread
from typing import TYPE_CHECKING

from scratchgui.core.protocol import encode

if TYPE_CHECKING:
    from scratchgui.core.protocol import Event


class Channel:
    """Takes standard output for itself.

    From then on descriptor 1 is standard error and descriptor 0 is empty: a library's print cannot break a line of
    JSON, and processes that load images inherit neither end, which would deadlock.
    """

    def __init__(self) -> None:
        sys.stdout.flush()
        parent = os.dup(0)
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.set_inheritable(self._file.fileno(), False)
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        Thread(target=_end_with_parent, args=(parent,), name="parent", daemon=True).start()

    def tell(self, event: Event) -> None:
        """Write an event as one line."""
        self._file.write(encode(event) + "\n")
        self._file.flush()


def _end_with_parent(stdin: int) -> None:
    """End this process when the other end of its standard input is closed: the parent is gone, however it ended.

    Only a pipe tells; a terminal or an empty input, as from a shell script, is no sign of anything.
    """
    if not stat.S_ISFIFO(os.fstat(stdin).st_mode) and not stat.S_ISSOCK(os.fstat(stdin).st_mode):
        return
    while os.read(stdin, 1024):
        pass
    os._exit(1)
