from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchgui.core.metrics import ImageScores, Summary, compare, summarize

masks = arrays(np.uint8, (12, 14), elements=st.sampled_from([0, 0, 0, 1, 2]))
CLEAN = np.zeros((40, 40), np.uint8)


def line(row: int, thickness: int = 1, label: int = 1) -> np.ndarray:
    mask = np.zeros((40, 40), np.uint8)
    mask[row : row + thickness, 5:35] = label
    return mask


@given(masks)
def test_the_truth_itself_is_perfect(mask: np.ndarray) -> None:
    scores = compare(mask, mask)
    if mask.any():
        assert (scores.dice, scores.iou, scores.false_alarm) == (1.0, 1.0, None)
        assert scores.regions == scores.found == scores.marked == scores.confirmed > 0
    else:
        assert scores == ImageScores(None, None, False, 0, 0, 0, 0)


@given(masks, masks)
def test_scores_lie_between_none_and_all(mask: np.ndarray, truth: np.ndarray) -> None:
    scores = compare(mask, truth)
    assert (scores.dice is None) == (scores.iou is None) == (not truth.any())
    if scores.dice is not None and scores.iou is not None:
        assert 0 <= scores.iou <= scores.dice <= 1
        assert scores.dice == pytest.approx(2 * scores.iou / (1 + scores.iou))
    assert 0 <= scores.found <= scores.regions
    assert 0 <= scores.confirmed <= scores.marked


def test_a_clean_image_has_no_dice_but_may_raise_a_false_alarm() -> None:
    assert compare(CLEAN, CLEAN).false_alarm is False
    scores = compare(line(3), CLEAN)
    assert (scores.dice, scores.iou, scores.false_alarm) == (None, None, True)
    assert (scores.marked, scores.confirmed) == (1, 0)


def test_a_missed_defect_scores_zero() -> None:
    scores = compare(CLEAN, line(3))
    assert (scores.dice, scores.iou, scores.regions, scores.found) == (0.0, 0.0, 1, 0)


@pytest.mark.parametrize(("shift", "found"), [(0, 1), (1, 1), (2, 1), (3, 0), (10, 0)])
def test_a_thin_scratch_is_found_although_shifted_by_two_pixels(shift: int, found: int) -> None:
    scores = compare(line(10 + shift), line(10))
    assert (scores.found, scores.confirmed) == (found, found)
    assert scores.dice == (1.0 if shift == 0 else 0.0)


def test_half_of_a_region_is_enough_and_less_is_not() -> None:
    truth = line(10)
    half, less = truth.copy(), truth.copy()
    half[:, 18:] = 0
    less[:, 12:] = 0
    assert compare(half, truth).found == 1
    assert compare(less, truth).found == 0


def test_another_class_is_another_defect() -> None:
    scores = compare(line(10, label=2), line(10))
    assert (scores.dice, scores.iou, scores.found, scores.confirmed) == (0.0, 0.0, 0, 0)


def test_sizes_must_agree() -> None:
    with pytest.raises(ValueError, match="size"):
        compare(CLEAN, CLEAN[:20])


def test_a_summary_never_averages_what_is_undefined() -> None:
    scores = [
        compare(line(10, 2), line(10, 2)),
        compare(CLEAN, line(10)),
        compare(CLEAN, CLEAN),
        compare(line(1), CLEAN),
    ]
    assert summarize(scores) == Summary(
        images=4, dice=0.5, iou=0.5, false_alarm_rate=0.5, region_recall=0.5, region_precision=0.5
    )


def test_a_summary_of_nothing_is_undefined() -> None:
    nothing = summarize([])
    assert nothing.images == 0
    assert set(nothing.as_dict().values()) == {None}
    only_clean = summarize([compare(CLEAN, CLEAN)])
    assert (only_clean.dice, only_clean.false_alarm_rate, only_clean.region_recall) == (None, 0.0, None)
