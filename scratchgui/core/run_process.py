"""Which process works on a training: one at a time among the trainings of a folder, and known to all who look.

psutil is imported where it is used: that takes 30 ms, and nobody needs it at the start.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_json, read_json
from scratchgui.core.run_folder import EVENTS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROCESS_FILE = "process.json"
LOCK_FILE = "training.lock"
ALREADY_RUNNING = 75
"""Exit status of a training that left another one alone (`EX_TEMPFAIL`)."""
CANNOT_WRITE = 74
"""Exit status of a training that could not even say why it failed (`EX_IOERR`)."""
_REFUSAL = "A training is running already: wait for its result, or stop it."
# A process of another machine is taken for dead when the training has written nothing for so long (s).
_SILENCE_ELSEWHERE = 600.0
# When the system began is told in whole seconds, and anew when its clock is set: two programs may read times that
# differ by one. Linux gives a number out again only after all the others.
_SAME_TIME = 2.0


class AlreadyRunningError(TrainingError):
    """A training runs in the same folder of trainings."""


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process, told from later ones with the same number.

    Attributes:
        pid: Its number.
        create_time: When it began (s since 1970).
    """

    pid: int
    create_time: float

    @staticmethod
    def of(pid: int) -> ProcessId | None:
        """Return the process that has this number now; None where there is none."""
        import psutil

        try:
            return ProcessId(pid, psutil.Process(pid).create_time())
        except (psutil.Error, ValueError):
            return None

    @property
    def is_alive(self) -> bool:
        """Tell whether it still runs; one that has ended and waits to be noticed does not."""
        import psutil

        try:
            process = psutil.Process(self.pid)
            is_same = abs(process.create_time() - self.create_time) < _SAME_TIME
            return is_same and bool(process.status() != psutil.STATUS_ZOMBIE)
        except (psutil.Error, ValueError):
            return False

    @property
    def cpu_seconds(self) -> float:
        """Time it has computed, with its children (s); 0 when it is gone."""
        import psutil

        total = 0.0
        with suppress(psutil.Error, ValueError):
            process = psutil.Process(self.pid)
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.Error):
                    times = one.cpu_times()
                    total += times.user + times.system
        return total

    def kill(self, wait: float) -> None:
        """End it at once, and wait until it is gone (s at most)."""
        import psutil

        if self.is_alive:
            with suppress(psutil.Error, ValueError):
                process = psutil.Process(self.pid)
                process.kill()
                process.wait(wait)


@dataclass(frozen=True, slots=True)
class RunProcess:
    """The process that works on a training.

    Attributes:
        process: It.
        host: Name of its machine.
        parent: The program that started it; None where it does not end with it.
    """

    process: ProcessId
    host: str
    parent: ProcessId | None

    @property
    def is_here(self) -> bool:
        """Tell whether it runs on this machine."""
        return self.host == platform.node()


def running(run: Path) -> RunProcess | None:
    """Return the process that works on a training now; None where none does."""
    try:
        found = _read(run)
    except (UserError, KeyError, TypeError, ValueError):
        return None
    if found.is_here:
        return found if found.process.is_alive else None
    try:
        return found if time.time() - (run / EVENTS_FILE).stat().st_mtime < _SILENCE_ELSEWHERE else None
    except OSError:
        return None


def running_among(runs: Path) -> Path | None:
    """Return the folder of the training that runs among those in a folder; None where none does."""
    try:
        folders = sorted(path.parent for path in runs.glob(f"*/{PROCESS_FILE}"))
    except OSError:
        return None
    return next((folder for folder in reversed(folders) if running(folder)), None)


@contextmanager
def claimed(run: Path, parent: ProcessId | None) -> Iterator[None]:
    """Be the process that works on a training, inside the block.

    Raises:
        AlreadyRunningError: Another process works on it, or on another training beside it.
        OSError: There is no such folder, or it cannot be written.
    """
    os.scandir(run).close()
    lock = _lock(run.parent / LOCK_FILE)
    try:
        me = ProcessId.of(os.getpid())
        assert me is not None
        if running_among(run.parent):
            raise AlreadyRunningError(_REFUSAL)
        value = {**asdict(me), "host": platform.node(), "parent": asdict(parent) if parent else None}
        atomic_write_json(run / PROCESS_FILE, value)
        try:
            yield
        finally:
            (run / PROCESS_FILE).unlink(missing_ok=True)
    finally:
        if lock is not None:
            os.close(lock)


def _read(run: Path) -> RunProcess:
    value: dict[str, Any] = read_json(run / PROCESS_FILE)
    parent = value["parent"]
    return RunProcess(
        ProcessId(int(value["pid"]), float(value["create_time"])),
        str(value["host"]),
        ProcessId(int(parent["pid"]), float(parent["create_time"])) if parent else None,
    )


def _lock(path: Path) -> int | None:
    """Hold a lock that the system takes back when this process ends, however that happens.

    Returns:
        The file's descriptor; None where the file system has no locks.

    Raises:
        AlreadyRunningError: Another process holds it.
        OSError: The file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock_file(descriptor)
    except (BlockingIOError, PermissionError) as error:
        os.close(descriptor)
        raise AlreadyRunningError(_REFUSAL) from error
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


if sys.platform == "win32":
    import msvcrt

    def _lock_file(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock_file(descriptor: int) -> None:
        # Not `flock`: processes that load images would inherit it.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
