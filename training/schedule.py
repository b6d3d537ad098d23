"""How long to train, and how fast to learn at each point of it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WARM_UP = 0.05
# A long training is not slow to begin: it may be ended early because nothing improves.
_LONGEST_WARM_UP = 60.0
_FINAL = 0.01
# The first steps load images and allocate memory: they do not tell how long a step takes.
_UNTYPICAL_STEPS = 2
_WIND_DOWN = 0.15


class Schedule:
    """Counts steps and time towards the end: a number of steps, or a budget in seconds.

    Attributes:
        step: Steps done.
    """

    def __init__(self, steps: int, seconds: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._planned = steps
        self._seconds = seconds
        self._end: float = seconds or steps
        self._warm_up = min(_WARM_UP, _LONGEST_WARM_UP / seconds) if seconds else _WARM_UP
        self._fall: tuple[float, float] | None = None
        self._clock = clock
        self._began = self._typical_from = clock()
        self._measured_from = _UNTYPICAL_STEPS
        self.step = 0

    def advance(self) -> None:
        """Count one more step."""
        self.step += 1
        if self.step == self._measured_from:
            self._typical_from = self._clock()

    def leave_out(self, seconds: float) -> None:
        """Let a pause not count."""
        self._began += seconds
        self._typical_from += seconds

    def wind_down(self) -> None:
        """Come to the end soon: the learning speed falls from where it is now within a sixth of the time so far."""
        here = self._position
        self._fall = (here, self.rate)
        self._end = min(self._end, here * (1 + _WIND_DOWN))

    @property
    def is_winding_down(self) -> bool:
        """Tell whether the end was brought forward."""
        return self._fall is not None

    def state(self) -> dict[str, Any]:
        """Return what `go_on` needs, as JSON can hold it."""
        return {"step": self.step, "elapsed": self.elapsed, "end": self._end, "fall": self._fall}

    def go_on(self, state: Mapping[str, Any]) -> None:
        """Stand where another schedule of the same training stood."""
        self.step = int(state["step"])
        self._began = self._typical_from = self._clock() - float(state["elapsed"])
        self._measured_from = self.step + _UNTYPICAL_STEPS
        self._end = float(state["end"])
        fall = state["fall"]
        self._fall = None if fall is None else (float(fall[0]), float(fall[1]))

    @property
    def elapsed(self) -> float:
        """Time since the start (s), pauses left out."""
        return self._clock() - self._began

    @property
    def share(self) -> float:
        """Share of the training that is done (0 … 1)."""
        return min(1.0, self._position / self._end)

    @property
    def is_over(self) -> bool:
        """Tell whether the end is reached; at least one step is done."""
        return self.step > 0 and self.share >= 1.0

    @property
    def rate(self) -> float:
        """Learning speed as a factor (0 … 1): a short warm-up, then cosine annealing."""
        if self._fall is not None:
            start, height = self._fall
            return _annealed((self._position - start) / max(self._end - start, 1e-9), height)
        share, warm = self.share, self._warm_up
        return max(share / warm, 0.05) if share < warm else _annealed((share - warm) / (1 - warm), 1.0)

    @property
    def seconds_left(self) -> float | None:
        """Time left (s); None until it is known."""
        left = max(0.0, self._end - self._position)
        if self._seconds:
            return left
        each = self.seconds_per_step
        return None if each is None else each * left

    @property
    def seconds_per_step(self) -> float | None:
        """Time of a step (s), validation included; None until it is known."""
        typical = self.step - self._measured_from
        return (self._clock() - self._typical_from) / typical if typical > 0 else None

    @property
    def steps(self) -> int:
        """Steps in all, estimated from the time when there is a budget."""
        if not self._seconds:
            return max(math.ceil(self._end), self.step)
        each, left = self.seconds_per_step, self.seconds_left
        if each is None or left is None:
            return max(self._planned, self.step)
        return self.step + max(0, round(left / max(each, 1e-6)))

    @property
    def _position(self) -> float:
        return self.elapsed if self._seconds else float(self.step)


def _annealed(share: float, height: float) -> float:
    """Return the learning speed on the way down from `height`."""
    return _FINAL + max(0.0, height - _FINAL) * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
