from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchgui.core import runs
from scratchgui.core.cutting import Cutting
from scratchgui.inference.postprocess import cut, quantized_threshold


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
