"""Connected pixels, tile by tile."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from scratchgui.core import flood as flood_module
from scratchgui.core.flood import Flood

masks = arrays(np.uint8, (9, 11), elements=st.sampled_from([0, 0, 0, 1, 1, 2]))


@pytest.mark.parametrize("tile", [1, 3, 256])
@pytest.mark.parametrize("corners", [False, True])
def test_it_is_the_component_of_the_same_label(monkeypatch: pytest.MonkeyPatch, tile: int, corners: bool) -> None:
    monkeypatch.setattr(flood_module, "TILE", tile)

    @settings(max_examples=100)
    @given(masks, st.integers(0, 10), st.integers(0, 8))
    def check(mask: np.ndarray, x: int, y: int) -> None:
        parts, _ = ndimage.label(mask == mask[y, x], ndimage.generate_binary_structure(2, 2 if corners else 1))
        expected = parts == parts[y, x]
        flood, found = Flood(mask, x, y, corners=corners), np.zeros(mask.shape, bool)
        found[flood.box.slices] = flood.pixels()
        assert flood.complete
        assert np.array_equal(found, expected)
        rows, columns = np.nonzero(expected)
        assert flood.box.slices == (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))

    check()


def test_a_mask_that_must_not_be_written_can_be_looked_at() -> None:
    mask = np.full((50, 50), 9, np.uint8)
    mask.setflags(write=False)
    assert Flood(mask, 5, 5).pixels().all()


@pytest.mark.parametrize("side", [700, 3000])
def test_background_within_a_diagonal_outline_stays_within(side: int) -> None:
    mask = np.zeros((side, side), np.uint8)
    middle = side // 2
    reach = middle - 10
    corners = [(middle, middle - reach), (middle + reach, middle), (middle, middle + reach), (middle - reach, middle)]
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        cv2.line(mask, start, end, 1, 1, cv2.LINE_8)
    flood = Flood(mask, middle, middle, corners=False)
    assert 0 < flood.pixels().sum() < 2 * reach * reach
    assert flood.box.width == 2 * reach - 1


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
