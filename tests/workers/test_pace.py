from __future__ import annotations

import pytest

from scratchgui.workers.pace import Pace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_rate_and_time_left(clock):
    pace = Pace(clock)
    pace.add(10)
    assert pace.progress().rate is None
    for _ in range(4):
        clock.now += 0.5
        pace.count()
    progress = pace.progress()
    assert (progress.done, progress.total) == (4, 10)
    assert progress.rate == pytest.approx(2.0)
    assert progress.seconds_left == pytest.approx(3.0)


def test_a_pause_is_left_out(clock):
    pace = Pace(clock)
    pace.add(10)
    pace.set_paused(True)
    assert pace.progress().paused
    clock.now += 20
    pace.set_paused(False)
    for _ in range(3):
        clock.now += 1
        pace.count()
    assert pace.progress().rate == pytest.approx(1.0)


def test_sleep_of_the_machine_is_left_out(clock):
    pace = Pace(clock)
    pace.add(10)
    pace.count()
    clock.now += 3600
    for _ in range(3):
        clock.now += 1
        pace.count()
    assert pace.progress().rate == pytest.approx(1.0)


def test_more_images_extend_a_running_job_and_begin_a_new_one_after_it(clock):
    pace = Pace(clock)
    pace.add(1)
    pace.add(1)
    assert pace.total == 2
    pace.count()
    pace.count()
    pace.count()
    assert pace.done == 2
    pace.add(5)
    assert (pace.done, pace.total) == (0, 5)
