from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from skimage.measure import label

from scratchgui.core.ranking import Ranking, aupro, auroc, rank, score_of

STEPS = st.integers(0, 255) | st.sampled_from([0, 0, 128, 255])
pictures = st.lists(
    st.tuples(
        arrays(np.uint8, (2, 9, 11), elements=STEPS),
        arrays(np.uint8, (9, 11), elements=st.sampled_from([0, 0, 0, 1, 2])) | st.just(np.zeros((9, 11), np.uint8)),
    ),
    min_size=1,
    max_size=4,
)


def all_once(rankings: list[Ranking]) -> NDArray[np.float64]:
    return np.ones((1, len(rankings)))


def area_by_thresholds(pairs: list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]) -> float:
    """AUPRO as the paper words it: threshold by threshold, defect by defect."""
    defects, clean = [], []
    for probability, truth in pairs:
        highest, numbers = probability.max(axis=0), label(truth > 0, connectivity=2)
        defects += [highest[numbers == number] for number in range(1, numbers.max() + 1)]
        clean.append(highest[truth == 0])
    background = np.concatenate(clean)
    if not defects or not background.size:
        return np.nan
    x, y = [0.0], [0.0]
    for threshold in range(255, -1, -1):
        x.append(float(np.mean(background >= threshold)))
        y.append(float(np.mean([np.mean(defect >= threshold) for defect in defects])))
    fine = np.concatenate([[value for value in x if value < 0.3], [0.3]])
    area = 0.0
    for left, right in zip(range(len(fine) - 1), range(1, len(fine)), strict=True):
        upper = (
            y[right] if fine[right] == x[right] else np.interp(0.3, x[right - 1 : right + 1], y[right - 1 : right + 1])
        )
        area += (fine[right] - fine[left]) * (y[left] + upper) / 2
    return area / 0.3


@settings(deadline=None)
@given(pictures)
def test_aupro_is_what_its_definition_says(pairs):
    rankings = [rank(*pair) for pair in pairs]
    (value,) = aupro(rankings, all_once(rankings))
    assert value == pytest.approx(area_by_thresholds(pairs), nan_ok=True, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 255), st.booleans()), min_size=1, max_size=12))
def test_auroc_counts_the_pairs_in_the_right_order(images):
    nothing = np.zeros(256)
    rankings = [Ranking(score, int(bad), nothing, nothing) for score, bad in images]
    pairs = [(b > c) + (b == c) / 2 for b, bad in images if bad for c, other in images if not other]
    (value,) = auroc(rankings, all_once(rankings))
    assert value == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)


@settings(deadline=None)
@given(pictures, st.data())
def test_a_weight_counts_an_image_so_many_times(pairs, data):
    rankings = [rank(*pair) for pair in pairs]
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)).filter(any))
    repeated = [item for item, count in zip(rankings, times, strict=True) for _ in range(count)]
    for area in (aupro, auroc):
        weighted = area(rankings, np.array([times], float))
        assert weighted == pytest.approx(area(repeated, all_once(repeated)), nan_ok=True)


def test_a_perfect_a_random_and_a_silent_model():
    truth = np.zeros((60, 60), np.uint8)
    truth[10:20, 10:50] = 1
    noise = np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8)
    perfect, random, silent = ([rank(plane[None], truth)] for plane in (truth * 255, noise, truth * 0))
    assert aupro(perfect, np.ones((1, 1))) == pytest.approx(1)
    assert aupro(random, np.ones((1, 1))) == pytest.approx(0.15, abs=0.03)
    assert aupro(silent, np.ones((1, 1))) == pytest.approx(0.15)


def test_seven_bright_pixels_are_no_score():
    counts = np.zeros(256, np.int64)
    counts[[0, 90, 255]] = 1000, 1, 7
    assert score_of(counts) == 90


def test_sizes_must_agree():
    with pytest.raises(ValueError, match="differ in size"):
        rank(np.zeros((1, 4, 5), np.uint8), np.zeros((4, 4), np.uint8))
