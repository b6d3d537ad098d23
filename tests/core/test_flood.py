"""Connected pixels, tile by tile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchgui.core import flood as flood_module
from scratchgui.core.flood import Flood
from scratchgui.core.similar import same_area

masks = arrays(np.uint8, (9, 11), elements=st.sampled_from([0, 0, 0, 1, 1, 2]))


@pytest.mark.parametrize("tile", [1, 3, 256])
def test_without_corners_it_is_the_area_of_the_same_label(monkeypatch: pytest.MonkeyPatch, tile: int) -> None:
    monkeypatch.setattr(flood_module, "TILE", tile)

    @settings(max_examples=100)
    @given(masks, st.integers(0, 10), st.integers(0, 8))
    def check(mask: np.ndarray, x: int, y: int) -> None:
        flood, expected = Flood(mask, x, y, corners=False), same_area(mask, x, y)
        assert flood.complete
        assert flood.box == expected.box
        assert np.array_equal(flood.pixels(), expected.pixels)

    check()


@pytest.mark.parametrize("tile", [2, 4])
def test_it_gives_up_where_there_is_too_much_and_knows_what_it_has_seen(
    monkeypatch: pytest.MonkeyPatch, tile: int
) -> None:
    monkeypatch.setattr(flood_module, "TILE", tile)

    @settings(max_examples=100)
    @given(masks, st.integers(0, 10), st.integers(0, 8), st.integers(1, 6))
    def check(mask: np.ndarray, x: int, y: int, most: int) -> None:
        everything, flood = Flood(mask, x, y), Flood(mask, x, y, most_tiles=most)
        assert flood.holds(x, y)
        whole, seen = (
            np.array([[f.holds(c, r) for c in range(-2, 14)] for r in range(-2, 12)]) for f in (everything, flood)
        )
        assert not seen[~whole].any()
        rows, columns = np.nonzero(whole[2:11, 2:13])
        tiles = len(set(zip((rows // tile).tolist(), (columns // tile).tolist(), strict=True)))
        assert flood.complete == (tiles <= most)
        if flood.complete:
            assert np.array_equal(seen, whole)

    check()


def test_nothing_outside_of_the_image_is_held() -> None:
    flood = Flood(np.zeros((300, 520), np.uint8), 519, 299)
    assert flood.holds(0, 0) and flood.holds(519, 299)
    assert not any(flood.holds(x, y) for x, y in ((-1, 5), (5, -1), (520, 5), (5, 300), (600, 700)))
