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
