from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchgui.inference.pipeline import Limits, Outcome, Stage, Stages, Stop, run_pipeline
from scratchgui.inference.predictor import Cancelled

PIXELS = 1000


@dataclass
class Watched:
    """Counts how many calls run at once, and the most there were."""

    now: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, what: str) -> None:
        with self.lock:
            self.now[what] = self.now.get(what, 0) + 1
            self.most[what] = max(self.most.get(what, 0), self.now[what])

    def leave(self, what: str) -> None:
        with self.lock:
            self.now[what] -= 1


def image(value: int) -> NDArray[np.uint8]:
    return np.full((1, PIXELS), value % 256, np.uint8)


def value_of(pixels: NDArray[np.uint8]) -> int:
    return int(pixels[0, 0])


def stages(
    read: Callable[[int], NDArray[np.uint8]] = image,
    look: Callable[[NDArray[np.uint8]], int] = value_of,
    finish: Callable[[int, NDArray[np.uint8], int], int] = lambda item, pixels, seen: seen,
) -> Stages[int, int, int]:
    return Stages(read, look, finish)


def run(count: int, work: Stages[int, int, int], limits: Limits | None = None) -> list[Outcome[int, int]]:
    return list(run_pipeline(range(count), work, limits or Limits(), Stop()))


def test_answers_come_in_order_however_long_each_takes() -> None:
    gates = [threading.Event() for _ in range(40)]

    def look(pixels: NDArray[np.uint8]) -> int:
        value = value_of(pixels)
        if value % 3 == 0 and value + 1 < len(gates):  # waits until the next one has been looked at
            assert gates[value + 1].wait(10)
        gates[value].set()
        return value

    assert [outcome.answer for outcome in run(40, stages(look=look), Limits(looks=3))] == list(range(40))


def test_no_more_than_allowed_are_in_work() -> None:
    watched = Watched()

    def items() -> Iterator[int]:
        for item in range(60):
            watched.enter("work")
            yield item

    def look(pixels: NDArray[np.uint8]) -> int:
        watched.enter("look")
        time.sleep(0.001)
        watched.leave("look")
        return value_of(pixels)

    limits = Limits(looks=2, readers=1, finishers=1, ahead=3)
    for _ in run_pipeline(items(), stages(look=look), limits, Stop()):
        watched.leave("work")
    assert watched.most["look"] <= 2
    assert watched.most["work"] <= limits.items + 1


@pytest.mark.parametrize("readers", [1, 3])
def test_large_images_come_one_after_the_other(readers: int) -> None:
    watched = Watched()

    def read(item: int) -> NDArray[np.uint8]:
        watched.enter("held")
        return image(item)

    def finish(item: int, pixels: NDArray[np.uint8], seen: int) -> int:
        watched.leave("held")
        return seen

    outcomes = run(30, stages(read, finish=finish), Limits(looks=4, readers=readers, ahead=8, bytes=PIXELS - 1))
    assert [outcome.answer for outcome in outcomes] == list(range(30))
    assert watched.most["held"] <= readers


def test_what_fails_is_a_value_and_the_next_ones_go_on() -> None:
    def read(item: int) -> NDArray[np.uint8]:
        if item == 2:
            raise OSError("read")
        return image(item)

    def look(pixels: NDArray[np.uint8]) -> int:
        if value_of(pixels) == 4:
            raise RuntimeError("look")
        return value_of(pixels)

    def finish(item: int, pixels: NDArray[np.uint8], seen: int) -> int:
        if item == 6:
            raise ValueError("finish")
        return seen

    # Room for one image alone: what failed must give its room back.
    outcomes = run(9, stages(read, look, finish), Limits(bytes=PIXELS - 1))
    assert [outcome.item for outcome in outcomes] == list(range(9))
    failed = {outcome.item: (outcome.stage, str(outcome.error)) for outcome in outcomes if outcome.error}
    assert failed == {2: (Stage.READ, "read"), 4: (Stage.LOOK, "look"), 6: (Stage.FINISH, "finish")}
    assert [outcome.answer for outcome in outcomes if outcome.error is None] == [0, 1, 3, 5, 7, 8]


def test_a_stop_ends_it_in_the_middle_of_a_look() -> None:
    stop, begun = Stop(), threading.Event()

    def look(pixels: NDArray[np.uint8]) -> int:
        begun.set()
        until = time.monotonic() + 10
        while not stop.is_set():
            assert time.monotonic() < until
            time.sleep(0.001)
        raise Cancelled

    def ask() -> None:
        assert begun.wait(10)
        stop.set()

    asking = threading.Thread(target=ask)
    asking.start()
    before = threading.active_count()
    assert list(run_pipeline(range(1000), stages(look=look), Limits(bytes=0), stop)) == []
    asking.join()
    assert threading.active_count() <= before


def test_leaving_early_ends_its_threads() -> None:
    stop = Stop()
    before = threading.active_count()
    coming = run_pipeline(range(10_000), stages(), Limits(), stop)
    assert next(coming).answer == 0
    coming.close()  # type: ignore[attr-defined]
    assert stop.is_set()
    assert threading.active_count() == before


def test_the_end_of_the_items_is_no_stop() -> None:
    stop = Stop()
    assert len(list(run_pipeline(range(3), stages(), Limits(), stop))) == 3
    assert not stop.is_set()
    assert list(run_pipeline((), stages(), Limits(), stop)) == []


def test_what_raises_while_items_are_asked_for_is_raised() -> None:
    def items() -> Iterator[int]:
        yield 0
        raise KeyError("items")

    with pytest.raises(KeyError, match="items"):
        list(run_pipeline(items(), stages(), Limits(), Stop()))
