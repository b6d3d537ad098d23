"""Many images through a model: reading, looking and finishing overlap, within bounds and in order; no Qt."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from scratchgui.inference.predictor import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

_PATIENCE = 0.2
"""How often a wait looks up for a stop (s); without it Windows would not hear Ctrl+C."""

Item = TypeVar("Item")
Seen = TypeVar("Seen")
Answer = TypeVar("Answer")


class Stop:
    """A wish to end that any thread, and a signal's handler, may state: unlike `threading.Event` it has no lock."""

    def __init__(self) -> None:
        self._wanted = False

    def set(self) -> None:
        """End as soon as possible."""
        self._wanted = True

    def is_set(self) -> bool:
        """Tell whether somebody wants the end."""
        return self._wanted


class Stage(Enum):
    """Where an item was when something failed."""

    READ = "read"
    LOOK = "look"
    FINISH = "finish"


class Runs(Protocol):
    """What runs a model (see `Engine`)."""

    device: str
    ahead: int


@dataclass(frozen=True, slots=True)
class Stages(Generic[Item, Seen, Answer]):
    """What happens to each item; each function runs on threads of its own.

    Attributes:
        read: Gets the pixels of an item.
        look: Gets what the model says about them; may run for several items at once.
        finish: Makes the answer of item, pixels and what the model says: measures, draws, writes.
    """

    read: Callable[[Item], NDArray[np.uint8]]
    look: Callable[[NDArray[np.uint8]], Seen]
    finish: Callable[[Item, NDArray[np.uint8], Seen], Answer]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be in work at once.

    Attributes:
        looks: Images that the model looks at.
        readers: Images that are being decoded.
        finishers: Images that are being finished.
        ahead: Decoded images that wait.
        bytes: No image is begun to be decoded while others hold more pixels than this, so that large ones come one
            after the other.
    """

    looks: int = 2
    readers: int = 1
    finishers: int = 1
    ahead: int = 2
    bytes: int = 128_000_000

    @classmethod
    def of(cls, engine: Runs) -> Limits:
        """Return what keeps an engine busy: one image more than it takes, so that its next call is always there.

        Where the network leaves the processor alone, more of its cores read and finish.
        """
        helpers = 1 if engine.device in ("cpu", "torch") else max(1, min(4, (os.cpu_count() or 1) // 2))
        return cls(looks=engine.ahead + 1, readers=helpers, finishers=helpers)

    @property
    def items(self) -> int:
        """Items in work altogether."""
        return self.looks + self.readers + self.finishers + self.ahead


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Answer]):
    """What became of one item.

    Attributes:
        item: The item.
        answer: What `Stages.finish` made of it; None when something failed.
        error: What was raised instead; None when all went well.
        stage: Where it was raised.
    """

    item: Item
    answer: Answer | None = None
    error: Exception | None = None
    stage: Stage = Stage.FINISH


def run_pipeline(
    items: Iterable[Item], stages: Stages[Item, Seen, Answer], limits: Limits, stop: Stop
) -> Iterator[Outcome[Item, Answer]]:
    """Yield what becomes of each item, in their order; errors are values and the next item is not affected.

    Args:
        items: Asked for the next one on the calling thread, when there is room for it.
        stages: What happens to each.
        limits: How much is in work at once.
        stop: Set to end early, from any thread: nothing is yielded any more. It is set too when the caller leaves, so
            that a `look` which asks it ends soon.
    """
    room = _Room(limits.bytes, stop)
    pools = [ThreadPoolExecutor(count) for count in (limits.readers, limits.looks, limits.finishers)]
    line: deque[_Passage[Item, Seen, Answer]] = deque()
    coming = iter(items)
    turn = 0
    complete = False
    try:
        while not stop.is_set():
            while len(line) < limits.items and (item := next(coming, _END)) is not _END:
                line.append(_Passage(item, turn, stages, room, pools))  # type: ignore[arg-type]
                turn += 1
            if not line:
                complete = True
                return
            outcome = line.popleft().outcome(stop)
            if outcome is not None:
                yield outcome
    finally:
        if not complete:
            stop.set()
        room.open()
        for pool in pools:
            pool.shutdown(cancel_futures=True)


_END = object()


class _Room:
    """Lets items be read in their order, while not too many bytes are held."""

    def __init__(self, most: int, stop: Stop) -> None:
        self._most = most
        self._stop = stop
        self._held = 0
        self._turn = 0
        self._changed = threading.Condition()

    def enter(self, turn: int) -> None:
        """Wait until it is an item's turn and there is room.

        Raises:
            Cancelled: The work ends.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._stop.is_set() or (turn == self._turn and self._held <= self._most),
            )
            if self._stop.is_set():
                raise Cancelled
            self._turn += 1
            self._changed.notify_all()

    def hold(self, size: int) -> None:
        """Say that so many bytes more (less) are held."""
        with self._changed:
            self._held += size
            self._changed.notify_all()

    def open(self) -> None:
        """Let those who wait look whether the work ends."""
        with self._changed:
            self._changed.notify_all()


class _Passage(Generic[Item, Seen, Answer]):
    """One item on its way."""

    def __init__(
        self,
        item: Item,
        turn: int,
        stages: Stages[Item, Seen, Answer],
        room: _Room,
        pools: list[ThreadPoolExecutor],
    ) -> None:
        self._item = item
        self._turn = turn
        self._stages = stages
        self._room = room
        self._stage = Stage.READ
        reading = pools[0].submit(self._read)
        # Each waits for the one before it on its own thread: those before it in line are always ahead of it there.
        looking = pools[1].submit(self._look, reading)
        self._finishing = pools[2].submit(self._finish, looking)

    def outcome(self, stop: Stop) -> Outcome[Item, Answer] | None:
        """Wait for what becomes of it; None when the work ends before."""
        while not wait([self._finishing], _PATIENCE).done:
            if stop.is_set():
                return None
        error = self._finishing.exception()
        if error is None:
            return Outcome(self._item, self._finishing.result())
        if isinstance(error, Cancelled) or stop.is_set():
            return None
        if not isinstance(error, Exception):
            raise error
        return Outcome(self._item, error=error, stage=self._stage)

    def _read(self) -> NDArray[np.uint8]:
        self._room.enter(self._turn)
        image = self._stages.read(self._item)
        self._room.hold(image.nbytes)
        return image

    def _look(self, reading: Future[NDArray[np.uint8]]) -> tuple[NDArray[np.uint8], Seen]:
        image = reading.result()
        self._stage = Stage.LOOK
        try:
            return image, self._stages.look(image)
        except BaseException:
            self._room.hold(-image.nbytes)
            raise

    def _finish(self, looking: Future[tuple[NDArray[np.uint8], Seen]]) -> Answer:
        image, seen = looking.result()
        self._stage = Stage.FINISH
        try:
            return self._stages.finish(self._item, image, seen)
        finally:
            self._room.hold(-image.nbytes)
