from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchgui.core import runs
from scratchgui.core.cutting import Cutting, quantized_threshold
from scratchgui.inference.postprocess import cut


@pytest.mark.parametrize(
    ("threshold", "step"), [(0.0, 1), (0.2, 51), (0.5, 128), (0.6, 153), (0.8, 204), (1.0, 255), (2.0, 255)]
)
def test_threshold_is_a_whole_step(threshold, step):
    assert quantized_threshold(threshold) == step


def test_cut_marks_what_reaches_the_threshold():
    probability = np.array([[[0, 127, 128, 255]]], np.uint8)
    assert cut(probability, Cutting(0.5)).tolist() == [[0, 0, 1, 1]]
    assert cut(probability, Cutting(0.0)).tolist() == [[0, 1, 1, 1]]
    assert cut(probability, Cutting(1.0)).tolist() == [[0, 0, 0, 1]]


def test_the_likeliest_class_wins():
    probability = np.array([[[200, 10, 130]], [[100, 201, 130]]], np.uint8)
    assert cut(probability, Cutting(0.5)).tolist() == [[1, 2, 1]]
    assert cut(probability, Cutting(0.75)).tolist() == [[1, 2, 0]]


def test_small_regions_are_dropped_and_the_prediction_is_untouched():
    probability = np.zeros((1, 40, 40), np.uint8)
    probability[0, 3, 3:6] = 255  # 3 px²
    for index in range(8):  # 8 px² joined by corners
        probability[0, 20 + index, 20 + index] = 255
    before = probability.copy()
    assert int(cut(probability, Cutting(0.5, 4)).sum()) == 8
    assert int(cut(probability, Cutting(0.5, 9)).sum()) == 0
    assert int(cut(probability, Cutting(0.5)).sum()) == 11
    assert np.array_equal(probability, before)


def test_small_regions_of_each_class_are_looked_at_apart():
    probability = np.zeros((2, 10, 10), np.uint8)
    probability[0, 2, 0:5] = 255
    probability[1, 2, 5:7] = 255
    assert np.unique(cut(probability, Cutting(0.5, 3))).tolist() == [0, 1]


@pytest.mark.parametrize("band", [1, 12, 36])
def test_the_same_regions_are_small_however_the_image_is_cut_into_bands(monkeypatch: pytest.MonkeyPatch, band: int):
    @settings(max_examples=150)
    @given(arrays(np.uint8, (2, 14, 12), elements=st.sampled_from([0, 0, 0, 0, 200, 210])), st.integers(2, 9))
    def check(probability: np.ndarray, min_area: int) -> None:
        whole = cut(probability, Cutting(0.5, min_area))
        with monkeypatch.context() as patch:
            patch.setattr(runs, "BAND_PIXELS", band)
            assert np.array_equal(cut(probability, Cutting(0.5, min_area)), whole)

    check()


probabilities = arrays(np.uint8, (2, 14, 12), elements=st.sampled_from([0, 0, 0, 90, 120, 200, 210]))
cuttings = st.builds(
    Cutting,
    st.sampled_from([0.4, 0.5, 0.8]),
    min_area=st.integers(0, 9),
    low_threshold=st.sampled_from([None, 0.3, 0.45]),
    largest_hole=st.integers(0, 6),
    longest_gap=st.integers(0, 4),
)


@pytest.mark.parametrize("band", [1, 12, 36])
def test_the_same_is_cut_however_much_is_looked_at_at_once(monkeypatch: pytest.MonkeyPatch, band: int):
    @settings(max_examples=150, deadline=None)  # joining imports SciPy at first
    @given(probabilities, cuttings)
    def check(probability: np.ndarray, cutting: Cutting) -> None:
        whole = cut(probability, cutting)
        with monkeypatch.context() as patch:
            patch.setattr(runs, "BAND_PIXELS", band)
            patch.setattr(runs, "_WRITTEN_AT_ONCE", 3)
            assert np.array_equal(cut(probability, cutting), whole)

    check()


@given(probabilities, cuttings)
def test_what_is_off_changes_nothing(probability: np.ndarray, cutting: Cutting):
    plain = np.where(
        probability.max(axis=0) >= quantized_threshold(cutting.threshold), probability.argmax(axis=0) + 1, 0
    )
    assert np.array_equal(cut(probability, Cutting(cutting.threshold)), plain)
    # A low threshold that is not below the other one has no effect.
    assert np.array_equal(cut(probability, Cutting(cutting.threshold, low_threshold=0.9)), plain)


@given(probabilities, st.sampled_from([0.1, 0.4, 0.45]))
def test_faint_pixels_count_where_they_hang_together_with_a_sure_one(probability: np.ndarray, low: float):
    found = cut(probability, Cutting(0.8, low_threshold=low))
    faint, sure = cut(probability, Cutting(low)), cut(probability, Cutting(0.8))
    for label in (1, 2):
        _, numbers = cv2.connectedComponents((faint == label).astype(np.uint8), connectivity=8)
        wanted = np.isin(numbers, np.unique(numbers[sure == label])) & (numbers > 0)
        assert np.array_equal(found == label, wanted)


@given(probabilities, st.integers(1, 12))
def test_holes_are_filled_up_to_their_size(probability: np.ndarray, largest: int):
    probability = probability[:1]
    before = cut(probability, Cutting(0.5))
    wanted = before.copy()
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(1 - before, connectivity=4)
    for number in range(1, count):
        x, y, width, height, area = stats[number]
        inside = x > 0 and y > 0 and x + width < before.shape[1] and y + height < before.shape[0]
        if inside and area <= largest:
            wanted[numbers == number] = 1
    assert np.array_equal(cut(probability, Cutting(0.5, largest_hole=largest)), wanted)


def test_a_hole_with_another_class_in_it_keeps_that_class():
    probability = np.zeros((2, 9, 9), np.uint8)
    probability[0, 1:8, 1:8] = 255
    probability[0, 2:7, 2:7] = 0
    probability[1, 4, 4] = 255
    assert (cut(probability, Cutting(largest_hole=24)) == 0).sum() == 81 - 49 + 24
    filled = cut(probability, Cutting(largest_hole=25))
    assert filled[4, 4] == 2
    assert (filled == 1).sum() == 48


def test_an_open_ring_is_no_hole():
    probability = np.zeros((1, 9, 9), np.uint8)
    probability[0, 0:6, 1:8] = 255
    probability[0, 0:5, 2:7] = 0
    assert np.array_equal(cut(probability, Cutting(largest_hole=99)), cut(probability, Cutting()))


def test_small_regions_go_after_pieces_were_joined():
    probability = np.zeros((1, 20, 80), np.uint8)
    for column in range(2, 70, 12):
        probability[0, 8:10, column : column + 8] = 200
    assert not cut(probability, Cutting(min_area=30)).any()
    assert cut(probability, Cutting(min_area=30, longest_gap=4)).sum() == 2 * (5 * 12 + 8)


@settings(deadline=None)
@given(probabilities, cuttings)
def test_the_prediction_is_untouched(probability: np.ndarray, cutting: Cutting):
    before = probability.copy()
    cut(probability, cutting)
    assert np.array_equal(probability, before)
