"""The lines around a region."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from scratchgui.canvas.region_outline import edges


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.booleans()))
def test_lines_run_once_along_each_edge_between_covered_pixels_and_others(pixels: np.ndarray) -> None:
    padded = np.pad(pixels, 1)
    expected = {("h", x, y) for y, x in np.argwhere(padded[1:, 1:-1] != padded[:-1, 1:-1]).tolist()}
    expected |= {("v", x, y) for y, x in np.argwhere(padded[1:-1, 1:] != padded[1:-1, :-1]).tolist()}
    found = []
    for x0, y0, x1, y1 in edges(pixels).tolist():
        assert (x0 == x1) != (y0 == y1)
        found += [("h", x, y0) for x in range(x0, x1)] + [("v", x0, y) for y in range(y0, y1)]
    assert sorted(found) == sorted(expected)
