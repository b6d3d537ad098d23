"""How fast images are done, and how long the rest takes."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WINDOW = 30
_LONGEST_GAP = 30.0
_SLEEP = 10
"""A gap so many times as long as each before it is no slow image: the machine slept."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job got.

    Attributes:
        done: Images done.
        total: Images to do in all.
        rate: Images per second; None until it is known.
        seconds_left: Time left (s), without pauses; None until it is known.
        paused: Whether the job is held back.
    """

    done: int
    total: int
    rate: float | None
    seconds_left: float | None
    paused: bool


class Pace:
    """Counts images and looks at the times of the last ones.

    Attributes:
        done: Images done.
        total: Images to do in all.
        fillings: How often images were added.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=_WINDOW)
        self._paused_at: float | None = None
        self.done = 0
        self.total = 0
        self.fillings = 0

    def add(self, images: int) -> None:
        """Count more images to do; after a finished job, counting starts anew."""
        if self.done >= self.total:
            self.reset()
        self.total += images
        self.fillings += 1
        if not self._times:
            self._times.append(self._clock())

    def reset(self) -> None:
        """Forget everything."""
        self.done = self.total = 0
        self._times.clear()

    def set_paused(self, paused: bool) -> None:
        """Leave the time of a pause out: after it, the pace is known as before."""
        if paused == (self._paused_at is not None):
            return
        if self._paused_at is None:
            self._paused_at = self._clock()
            return
        began, length = self._paused_at, self._clock() - self._paused_at
        self._paused_at = None
        # What was under way as the pause began ended in it.
        moved = [min(at, began) + length for at in self._times]
        self._times.clear()
        self._times.extend(moved)

    def count(self) -> None:
        """Count an image that is done."""
        self.done = min(self.done + 1, self.total)
        now = self._clock()
        if self._times and self._slept(now - self._times[-1]):
            self._times.clear()
        self._times.append(now)

    def progress(self) -> JobProgress:
        """Return where the job stands."""
        rate = self._rate()
        left = (self.total - self.done) / rate if rate else None
        return JobProgress(self.done, self.total, rate, left, self._paused_at is not None)

    def _slept(self, gap: float) -> bool:
        """Tell a machine that slept from an image that takes long: those before took as long."""
        if gap <= _LONGEST_GAP or len(self._times) < 2:
            return False
        gaps = [later - earlier for earlier, later in zip(self._times, list(self._times)[1:], strict=False)]
        return gap > _SLEEP * max(gaps)

    def _rate(self) -> float | None:
        if len(self._times) < 3:
            return None
        span = self._times[-1] - self._times[0]
        return (len(self._times) - 1) / span if span > 0 else None
