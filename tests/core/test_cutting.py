from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from scratchgui.core.cutting import labels_of_ranked, quantized_threshold, ranked


@given(
    arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=6), elements=st.sampled_from([0, 1, 90, 91, 255])),
    st.floats(0, 1),
)
def test_ranked_numbers_say_what_is_likeliest_and_how_likely(probability: np.ndarray, threshold: float) -> None:
    values, step = ranked(probability), quantized_threshold(threshold)
    assert np.array_equal(values >> 8, probability.max(axis=0))
    wanted = np.where(probability.max(axis=0) >= step, probability.argmax(axis=0) + 1, 0)
    assert np.array_equal(labels_of_ranked(values, step), wanted)


def test_the_last_of_many_classes_is_told_too() -> None:
    probability = np.zeros((255, 1, 2), np.uint8)
    probability[254, 0, 1] = 3
    assert labels_of_ranked(ranked(probability), 1).tolist() == [[0, 255]]
