"""The one form of short background work: a function on a pool, its result or error back on the window's thread."""

from __future__ import annotations

import logging
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThread, QThreadPool
from shiboken6 import isValid

from scratchgui.core.errors import UserError
from scratchgui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

PoolName = Literal["general", "view", "save", "thumbnail"]
# macOS gives threads that are not the main one 512 kB; NumPy and OpenCV need more.
_STACK_BYTES = 8 * 1024 * 1024

_log = logging.getLogger(__name__)


class Task:
    """Handle of one call in the background."""

    def __init__(self, owner: QObject | None) -> None:
        self._owner = owner
        self._cancelled = False

    def cancel(self) -> None:
        """Neither callback will be called; a call that has not begun will not begin."""
        self._cancelled = True

    @property
    def is_wanted(self) -> bool:
        """Tell whether anybody still waits: not cancelled, and the owner lives."""
        return not self._cancelled and (self._owner is None or isValid(self._owner))


class _Work:
    """A call and what became of it; made, kept and dropped on the window's thread.

    Its callbacks may hold the last reference to a QObject, and Qt crashes when a pool's thread deletes one: a timer of
    it that runs cannot be stopped from there.
    """

    def __init__(
        self,
        task: Task,
        call: Callable[[], Any],
        on_result: Callable[[Any], object] | None,
        on_error: Callable[[BaseException], object] | None,
    ) -> None:
        self.task, self.on_result, self.on_error = task, on_result, on_error
        self.began = False
        self.result: Any = None
        self.error: Exception | None = None
        self._call = call

    def perform(self) -> None:
        """Call the function, if somebody still waits; every exception goes to the one who asked."""
        if not self.task.is_wanted:
            return
        self.began = True
        try:
            self.result = self._call()
        except Exception as error:
            self.error = error


class _Job(QRunnable):
    """What a pool runs; its threads keep nothing of the work when they say that it ended."""

    def __init__(self, works: dict[int, _Work], key: int, ended: Callable[[int], None]) -> None:
        super().__init__()
        self.setAutoDelete(True)
        self._works, self._key, self._ended = works, key, ended

    def run(self) -> None:
        """Perform the work."""
        self._works[self._key].perform()
        self._ended(self._key)


class TaskRunner(QObject):
    """Runs functions on pools of threads.

    The pool "save" has one thread: what is written and read there never interleaves. The pool
    "view" is for what the user waits for. An exception goes to `on_error`;
    one without `on_error`, and every one that is not a UserError, also goes to the runner's own handler.
    """

    def __init__(self, report: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._mailbox = Mailbox(self)
        self._works: dict[int, _Work] = {}
        self._keys = count()
        self._closing = False
        cores = max(2, QThread.idealThreadCount())
        self._pools = {
            "general": self._make_pool(cores),
            # The image looked at, its coarse picture, and one that was left before it was decoded.
            "view": self._make_pool(3),
            "save": self._make_pool(1),
            "thumbnail": self._make_pool(max(1, cores // 2)),
        }

    def _make_pool(self, threads: int) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(threads)
        pool.setStackSize(_STACK_BYTES)
        return pool

    def run(
        self,
        function: Callable[..., T],
        *args: Any,
        on_result: Callable[[T], object] | None = None,
        on_error: Callable[[BaseException], object] | None = None,
        pool: PoolName = "general",
        priority: int = 0,
        owner: QObject | None = None,
    ) -> Task:
        """Call `function(*args)` in the background.

        Args:
            function: Must not touch widgets.
            args: Its arguments.
            on_result: Gets the result, on this object's thread.
            on_error: Gets the exception, on this object's thread.
            pool: Where it runs.
            priority: Calls of higher priority begin earlier.
            owner: When it is deleted, the answer is dropped; by default the object whose method `on_result` is.
        """
        task = Task(owner or _owner_of(on_result))
        if self._closing and pool != "save":
            task.cancel()
            return task
        key = next(self._keys)
        self._works[key] = _Work(task, partial(function, *args), on_result, on_error)
        self._pools[pool].start(_Job(self._works, key, self._post_end), priority)
        return task

    def wait_for_done(self, timeout_ms: int = 5000, pool: PoolName | None = None) -> bool:
        """Wait until nothing runs any more, then call what was to be called.

        Returns:
            False when the time was not enough.
        """
        pools = [self._pools[pool]] if pool else list(self._pools.values())
        done = all(waiting.waitForDone(timeout_ms) for waiting in pools)
        self._mailbox.deliver()
        return done

    def close(self, timeout_ms: int = 5000) -> bool:
        """Drop what has not begun and whatever still comes, except saving; wait for the rest, then stay silent.

        Returns:
            False when something still ran when the time was over.
        """
        self._closing = True
        for name, pool in self._pools.items():
            if name != "save":
                pool.clear()
        done = self.wait_for_done(timeout_ms)
        # An answer that was handed over just now may have begun to save something.
        done = self.wait_for_done(timeout_ms, "save") and done
        self._mailbox.close()
        return done

    def _post_end(self, key: int) -> None:
        self._mailbox.post(partial(self._hand_over, key))

    def _hand_over(self, key: int) -> None:
        work = self._works.pop(key)
        error, work.error = work.error, None  # which knows the work through its traceback: neither would be dropped
        if error is not None:
            self._fail(work.task, work.on_error, error)
        elif work.began and work.on_result is not None and work.task.is_wanted:
            work.on_result(work.result)

    def _fail(self, task: Task, on_error: Callable[[BaseException], object] | None, error: BaseException) -> None:
        expected = isinstance(error, UserError)
        if task.is_wanted and on_error is not None:
            on_error(error)
            if expected:
                return
        elif expected and not task.is_wanted:
            _log.info("Nobody waits for this any more: %s", error)
            return
        self._report(error)


def _owner_of(callback: Callable[..., object] | None) -> QObject | None:
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, QObject) else None
