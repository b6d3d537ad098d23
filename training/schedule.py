"""How long to train, and how fast to learn at each point of it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WARM_UP = 0.05
_FINAL = 0.01
# The first steps load images and allocate memory: they do not tell how long a step takes.
_UNTYPICAL_STEPS = 2


class Schedule:
    """Counts steps and time towards the end: a number of steps, or a budget in seconds.

    Attributes:
        step: Steps done.
    """

    def __init__(self, steps: int, seconds: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._planned = steps
        self._seconds = seconds
        self._clock = clock
        self._began = clock()
        self._typical_from = self._began
        self.step = 0

    def advance(self) -> None:
        """Count one more step."""
        self.step += 1
        if self.step == _UNTYPICAL_STEPS:
            self._typical_from = self._clock()

    @property
    def elapsed(self) -> float:
        """Time since the start (s)."""
        return self._clock() - self._began

    @property
    def share(self) -> float:
        """Share of the training that is done (0 … 1)."""
        done = self.elapsed / self._seconds if self._seconds else self.step / self._planned
        return min(1.0, done)

    @property
    def is_over(self) -> bool:
        """Tell whether the end is reached; at least one step is done."""
        return self.step > 0 and self.share >= 1.0

    @property
    def rate(self) -> float:
        """Learning speed as a factor (0 … 1): a short warm-up, then cosine annealing."""
        share = self.share
        if share < _WARM_UP:
            return max(share / _WARM_UP, 0.05)
        return _FINAL + (1 - _FINAL) * 0.5 * (1 + math.cos(math.pi * (share - _WARM_UP) / (1 - _WARM_UP)))

    @property
    def seconds_left(self) -> float | None:
        """Time left (s); None until it is known."""
        if self._seconds:
            return max(0.0, self._seconds - self.elapsed)
        each = self.seconds_per_step
        return None if each is None else each * max(0, self._planned - self.step)

    @property
    def seconds_per_step(self) -> float | None:
        """Time of a step (s), validation included; None until it is known."""
        typical = self.step - _UNTYPICAL_STEPS
        return (self._clock() - self._typical_from) / typical if typical > 0 else None

    @property
    def steps(self) -> int:
        """Steps in all, estimated from the time when there is a budget."""
        each, left = self.seconds_per_step, self.seconds_left
        if not self._seconds or each is None or left is None:
            return max(self._planned, self.step)
        return self.step + max(0, round(left / max(each, 1e-6)))
