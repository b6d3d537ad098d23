"""How a child process ended, as a sentence."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass

from scratchgui.core.run_process import ALREADY_RUNNING, CANNOT_WRITE

# What Windows reports for a crash and for a process ended by Ctrl+C, and what its runtime reports without memory.
_WINDOWS_CODES = {
    0xC0000005: "crashed (access violation)",
    0xC0000017: "ran out of memory",
    0xC000013A: "was interrupted",
    0xC0000374: "crashed (damaged memory)",
    0xC0000409: "crashed",
}
# What a training ends with where it can say nothing else.
_CODES = {
    0: "ended",
    ALREADY_RUNNING: "was not started: another one is running already",
    CANNOT_WRITE: "ended because its folder cannot be written: make room on the disk",
}


@dataclass(frozen=True)
class Outcome:
    """How a child process ended; `str()` is the sentence for the user.

    Attributes:
        what: What the process was, at the start of a sentence: "The training".
        exit_code: Exit status; None when it did not end by itself, or nobody was there to be told.
        signal: Number of the signal that ended it; None when none did.
        not_started: Why it could not be started; empty when it was.
        killed: This program killed it.
        stderr: The last lines it wrote to stderr.
    """

    what: str
    exit_code: int | None = None
    signal: int | None = None
    not_started: str = ""
    killed: bool = False
    stderr: str = ""

    @property
    def is_success(self) -> bool:
        """Tell whether it ended by itself and reported no failure."""
        return self.exit_code == 0

    def __str__(self) -> str:
        if self.not_started:
            return f"{self.what} could not be started: {self.not_started.rstrip('.')}."
        if self.killed:
            return f"{self.what} was ended by ScratchGUI."
        if self.signal is not None:
            return self._sentence_for_signal(self.signal)
        if self.exit_code is None:
            return f"{self.what} was cut off."
        return f"{self.what} {self._describe_code(self.exit_code)}."

    def _sentence_for_signal(self, number: int) -> str:
        if number == getattr(signal, "SIGKILL", None):
            return f"{self.what} was killed by the system, probably because the memory was full: close other programs."
        name = _signal_name(number)
        crashed = name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
        return f"{self.what} {'crashed' if crashed else 'was ended from outside'} ({name})."

    def _describe_code(self, code: int) -> str:
        if code in _CODES:
            return _CODES[code]
        if sys.platform == "win32" and code & 0xFFFFFFFF in _WINDOWS_CODES:
            return _WINDOWS_CODES[code & 0xFFFFFFFF]
        if "MemoryError" in self.stderr or "out of memory" in self.stderr.lower():
            return "ran out of memory: close other programs, or use smaller images"
        return f"failed (exit status {code})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
