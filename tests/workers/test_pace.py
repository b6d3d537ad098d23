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


def test_after_a_pause_the_time_left_is_known_at_once(clock):
    pace = Pace(clock)
    pace.add(10)
    for _ in range(4):
        clock.now += 2
        pace.count()
    before = pace.progress()
    pace.set_paused(True)
    pace.set_paused(True)
    assert pace.progress().seconds_left == pytest.approx(before.seconds_left)
    clock.now += 1
    pace.count()  # what was under way ends all the same
    clock.now += 500
    pace.set_paused(False)
    pace.set_paused(False)
    after = pace.progress()
    assert not after.paused
    assert after.seconds_left == pytest.approx(5 * 8 / 5)
    clock.now += 2
    pace.count()
    assert pace.progress().rate == pytest.approx(6 / 10)


def test_images_that_take_a_minute_each_are_no_sleep(clock):
    pace = Pace(clock)
    pace.add(10)
    for seconds in (70, 60, 80, 75):
        clock.now += seconds
        pace.count()
    assert pace.progress().rate == pytest.approx(4 / 285)
    clock.now += 7200
    pace.count()
    assert pace.progress().rate is None
    for _ in range(2):
        clock.now += 60
        pace.count()
    assert pace.progress().rate == pytest.approx(1 / 60)


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
