from __future__ import annotations

import pytest

from training.schedule import Schedule


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_warms_up_then_falls_along_a_cosine() -> None:
    schedule, rates = Schedule(100, None), []
    while not schedule.is_over:
        rates.append(schedule.rate)
        schedule.advance()
    assert len(rates) == 100
    peak = rates.index(max(rates))
    assert 1 <= peak <= 6 and rates[0] < 0.2
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[52] == pytest.approx(0.5, abs=0.03) and rates[-1] < 0.02


def test_a_budget_of_time_ends_the_training_whatever_a_step_takes() -> None:
    clock = Clock()
    schedule = Schedule(10_000, 60.0, clock)
    while not schedule.is_over:
        clock.now += 1.5
        schedule.advance()
    assert schedule.step == 40 and schedule.rate < 0.02 and schedule.seconds_left == 0


def test_steps_and_time_left_are_estimated_from_the_steps_done() -> None:
    clock = Clock()
    schedule = Schedule(10_000, 60.0, clock)
    clock.now += 5  # the first steps also load the images
    schedule.advance()
    schedule.advance()
    for _ in range(10):
        clock.now += 1
        schedule.advance()
    assert schedule.seconds_per_step == pytest.approx(1.0)
    assert schedule.seconds_left == pytest.approx(45)
    assert schedule.steps == 12 + 45


def test_even_a_tiny_budget_does_one_step() -> None:
    clock = Clock()
    schedule = Schedule(10, 0.001, clock)
    clock.now += 1
    assert not schedule.is_over
    schedule.advance()
    assert schedule.is_over


def test_a_pause_does_not_count() -> None:
    clock = Clock()
    schedule = Schedule(10, 60.0, clock)
    for _ in range(12):
        clock.now += 1
        schedule.advance()
    clock.now += 500
    schedule.leave_out(500)
    assert schedule.elapsed == 12 and schedule.seconds_left == 48
    assert schedule.seconds_per_step == pytest.approx(1.0)


@pytest.mark.parametrize("seconds", [None, 100.0])
def test_another_schedule_goes_on_where_one_stood(seconds: float | None) -> None:
    clock = Clock()
    whole = Schedule(100, seconds, clock)
    for _ in range(40):
        clock.now += 1
        whole.advance()
    state = whole.state()
    expected = (whole.step, whole.share, whole.rate, whole.elapsed)
    clock.now += 10_000  # the process was gone for so long
    rest = Schedule(100, seconds, clock)
    rest.go_on(state)
    assert (rest.step, rest.share, rest.rate, rest.elapsed) == expected
    assert rest.seconds_per_step is None
    for _ in range(60):
        clock.now += 1
        rest.advance()
    assert rest.is_over and rest.step == 100


@pytest.mark.parametrize("seconds", [None, 1000.0])
def test_winding_down_ends_soon_and_gently(seconds: float | None) -> None:
    clock = Clock()
    schedule = Schedule(1000, seconds, clock)
    for _ in range(200):
        clock.now += 1
        schedule.advance()
    before, rates = schedule.rate, []
    schedule.wind_down()
    assert schedule.rate == pytest.approx(before) and schedule.is_winding_down
    again = Schedule(1000, seconds, clock)
    again.go_on(schedule.state())
    assert again.rate == pytest.approx(before) and again.is_winding_down
    while not schedule.is_over:
        rates.append(schedule.rate)
        clock.now += 1
        schedule.advance()
    assert schedule.step == 230 and rates == sorted(rates, reverse=True) and rates[-1] < 0.05 * before


def test_a_long_training_does_not_warm_up_for_minutes() -> None:
    clock = Clock()
    schedule = Schedule(1, 3600.0, clock)
    clock.now += 60
    assert schedule.rate == pytest.approx(1.0)
