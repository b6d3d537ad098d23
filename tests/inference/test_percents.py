from __future__ import annotations

import numpy as np
import pytest

from scratchgui.core.cutting import Cutting, quantized_threshold
from scratchgui.inference.percents import round_to_percents
from scratchgui.inference.postprocess import cut


@pytest.fixture
def steps():
    """All 256 steps of probability, as (1, 16, 16)."""
    return np.arange(256, dtype=np.uint8).reshape(1, 16, 16)


def rounded(probability):
    probability = probability.copy()
    round_to_percents(probability)
    return probability


@pytest.mark.parametrize("percent", range(1, 101))
def test_every_sensitivity_cuts_the_same_mask(steps, percent):
    cutting = Cutting(percent / 100)
    assert np.array_equal(cut(rounded(steps), cutting), cut(steps, cutting))


def test_nothing_moves_up_nor_by_more_than_two_steps(steps):
    lost = steps.astype(int) - rounded(steps)
    assert lost.min() == 0
    assert lost.max() == 2


def test_there_are_101_values_and_each_reads_as_its_percent(steps):
    values = np.unique(rounded(steps))
    assert [f"{value / 255:.2f}" for value in values] == [f"{percent / 100:.2f}" for percent in range(101)]
    assert values.tolist() == [0, *(quantized_threshold(percent / 100) for percent in range(1, 101))]


def test_rounding_twice_changes_nothing_and_every_class_is_rounded():
    probability = np.random.default_rng(0).integers(0, 256, (3, 40, 50), dtype=np.uint8)
    once = rounded(probability)
    assert np.array_equal(rounded(once), once)
    assert all(np.array_equal(once[label], rounded(probability[label : label + 1])[0]) for label in range(3))
    assert not np.array_equal(once, probability)
