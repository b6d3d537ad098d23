from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchgui.core.bootstrap import interval_of, value_of
from scratchgui.core.metrics import ImageScores
from scratchgui.core.ranking import Ranking
from scratchgui.core.scores import MEANING, Result, difference, estimates

FLAT = np.zeros(256)


def mean_of(values):
    values = np.asarray(values, float)
    return lambda weights: weights @ values / weights.sum(axis=1)


def image(dice: float | None, *, alarm: bool = False, score: int = 0) -> Result:
    """An image with one defect that is found from Dice 0.5 on, or a clean one where Dice is None."""
    if dice is None:
        return Result(ImageScores(None, None, alarm, 0, 0, int(alarm), 0), Ranking(score, 0, FLAT, FLAT))
    found = int(dice >= 0.5)
    return Result(ImageScores(dice, dice / (2 - dice), None, 1, found, 1, found), Ranking(score, 1, FLAT, FLAT))


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says():
    rng = np.random.default_rng(1)
    hits = 0
    for seed in range(200):
        interval = interval_of(mean_of(rng.normal(0, 1, 30)), 30, seed=seed, resamples=500)
        assert interval is not None
        hits += interval[0] <= 0 <= interval[1]
    assert 0.89 <= hits / 200 <= 0.99


def test_an_interval_is_as_wide_as_theory_says_and_the_same_for_one_seed():
    values = np.random.default_rng(2).normal(5, 2, 400)
    low, high = interval_of(mean_of(values), 400) or (0, 0)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)
    assert interval_of(mean_of(values), 400) == (low, high)
    assert interval_of(mean_of(values), 400, seed=1) != (low, high)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_the_value_lies_in_its_interval_and_both_in_the_range_of_the_images(values):
    interval = interval_of(mean_of(values), len(values), resamples=200)
    if interval is None:
        assert max(values) - min(values) < 1e-6
        return
    value = value_of(mean_of(values), len(values)) or 0.0
    assert min(values) - 1e-9 <= interval[0] <= value <= interval[1] <= max(values) + 1e-9


def test_many_images_are_drawn_in_parts_with_the_same_result(monkeypatch):
    values = np.random.default_rng(3).random(50)
    whole = interval_of(mean_of(values), 50)
    monkeypatch.setattr("scratchgui.core.bootstrap._AT_ONCE", 500)
    assert interval_of(mean_of(values), 50) == pytest.approx(whole)


def test_one_image_says_nothing_about_uncertainty_and_none_nothing_at_all():
    found = estimates([image(0.8)])
    assert found["dice"].value == 0.8 and found["dice"].interval is None
    assert all(estimate.value is None for estimate in estimates([]).values())


def test_images_that_all_say_the_same_leave_the_uncertainty_open():
    found = estimates([image(None), image(None), image(None), image(0.5), image(0.7)])
    assert found["false_alarm_rate"].value == 0 and found["false_alarm_rate"].interval is None
    assert found["dice"].interval is not None


def test_undefined_scores_have_neither_value_nor_interval():
    bad, clean = estimates([image(0.8), image(0.4), image(0.6)]), estimates([image(None), image(None), image(None)])
    assert list(bad) == list(MEANING)
    assert {name for name, item in bad.items() if item.value is None} == {"false_alarm_rate", "aupro", "auroc"}
    assert {name for name, item in clean.items() if item.value is not None} == {"mark", "false_alarm_rate"}
    assert all(item.interval is None for item in clean.values() if item.value is None)


def test_a_score_that_hangs_on_one_clean_image_has_no_interval():
    found = estimates([image(0.8, score=9), image(0.4, score=9), image(None, score=3)])
    assert found["auroc"].value == 1 and found["auroc"].interval is None
    assert found["dice"].interval == (pytest.approx(0.4), pytest.approx(0.8))


def test_the_difference_is_drawn_in_pairs():
    rng = np.random.default_rng(4)
    before = rng.uniform(0.1, 0.8, 20)
    old, new = [image(value) for value in before], [image(value + rng.uniform(0.08, 0.12)) for value in before]
    gain = difference(old, new)
    assert gain.value == pytest.approx(0.1, abs=0.01) and gain.interval is not None
    assert gain.interval[1] - gain.interval[0] < 0.02
    low, high = estimates(old)["mark"].interval or (0, 0)
    assert high - low > 0.1  # each alone is not known so well
