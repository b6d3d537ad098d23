from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchgui.core import flood as flood_module
from scratchgui.core import runs
from scratchgui.core.geometry import Box
from scratchgui.core.regions import find_regions, nearest_label, region_at

masks = arrays(np.uint8, (9, 11), elements=st.sampled_from([0, 0, 0, 1, 1, 2]))


def flood(mask: np.ndarray, x: int, y: int) -> set[tuple[int, int]]:
    """The region of a pixel, by the book."""
    found, waiting = set(), [(x, y)]
    while waiting:
        column, row = waiting.pop()
        inside = 0 <= column < mask.shape[1] and 0 <= row < mask.shape[0]
        if (column, row) in found or not inside or mask[row, column] != mask[y, x]:
            continue
        found.add((column, row))
        waiting += [(column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return found


def as_pixels(box: Box, part: np.ndarray) -> set[tuple[int, int]]:
    rows, columns = np.nonzero(part)
    return set(zip((columns + box.x).tolist(), (rows + box.y).tolist(), strict=True))


@pytest.mark.parametrize("tile", [1, 2, 3, 256])
def test_region_at_is_the_connected_region(monkeypatch: pytest.MonkeyPatch, tile: int) -> None:
    monkeypatch.setattr(flood_module, "TILE", tile)

    @settings(max_examples=150)
    @given(masks, st.integers(0, 10), st.integers(0, 8))
    def check(mask: np.ndarray, x: int, y: int) -> None:
        found = region_at(mask, x, y)
        if mask[y, x] == 0:
            assert found is None
        else:
            assert found is not None
            assert as_pixels(*found) == flood(mask, x, y)
            assert found[1].shape == (found[0].height, found[0].width)

    check()


@given(masks)
def test_regions_are_the_connected_components_of_each_class(mask: np.ndarray) -> None:
    regions = find_regions(mask)
    count = sum(cv2.connectedComponents((mask == label).astype(np.uint8), connectivity=8)[0] - 1 for label in (1, 2))
    assert len(regions) == count
    assert sum(region.area for region in regions) == np.count_nonzero(mask)
    assert [region.number for region in regions] == list(range(1, count + 1))
    assert [region.area for region in regions] == sorted((region.area for region in regions), reverse=True)
    for region in regions:
        row, column = np.argwhere(mask[region.box.slices] == region.label)[0]
        same = region_at(mask, region.box.x + int(column), region.box.y + int(row))
        assert same is not None
        assert region.label in mask[region.box.slices]


@pytest.mark.parametrize("band", [1, 11, 33])
def test_regions_are_the_same_however_the_image_is_cut_into_bands(monkeypatch: pytest.MonkeyPatch, band: int) -> None:
    @settings(max_examples=150)
    @given(masks, arrays(np.uint8, (1, 9, 11)), st.integers(1, 3))
    def check(mask: np.ndarray, probability: np.ndarray, min_area: int) -> None:
        whole = find_regions(mask, probability, min_area=min_area)
        with monkeypatch.context() as patch:
            patch.setattr(runs, "BAND_PIXELS", band)
            assert find_regions(mask, probability, min_area=min_area) == whole

    check()


def test_a_region_in_numbers() -> None:
    mask = np.zeros((10, 20), np.uint8)
    mask[2:4, 5:15] = 1
    mask[8, 8] = 1
    probability = np.zeros((1, 10, 20), np.uint8)
    probability[0, 2:4, 5:15] = 102
    probability[0, 3, 5] = 255
    large, small = find_regions(mask, probability)
    assert (large.number, large.label, large.box, large.area, large.area_ratio) == (1, 1, Box(5, 2, 10, 2), 20, 0.1)
    assert large.centroid == (9.5, 2.5)
    assert large.max_probability == 1.0
    assert large.mean_probability == pytest.approx((19 * 0.4 + 1) / 20)
    assert (small.area, small.mean_probability, small.max_probability) == (1, 0.0, 0.0)
    assert [region.area for region in find_regions(mask, min_area=2)] == [20]


def test_corners_touch_and_classes_do_not_mix() -> None:
    mask = np.array([[1, 0, 0], [0, 1, 2], [0, 0, 2]], np.uint8)
    assert [(region.label, region.area) for region in find_regions(mask)] == [(1, 2), (2, 2)]


def test_a_class_the_model_does_not_know_has_no_probability() -> None:
    mask = np.array([[1, 0, 2]], np.uint8)
    known, unknown = find_regions(mask, np.full((1, 1, 3), 255, np.uint8))
    assert (known.mean_probability, unknown.mean_probability) == (1.0, None)


def test_nothing_marked() -> None:
    assert find_regions(np.zeros((5, 5), np.uint8)) == []
    assert region_at(np.zeros((5, 5), np.uint8), 2, 2) is None
    assert region_at(np.ones((5, 5), np.uint8), 5, 0) is None
    assert region_at(np.ones((5, 5), np.uint8), -1, 0) is None


def test_a_scratch_across_a_large_image_is_found_whole() -> None:
    mask = np.zeros((700, 3000), np.uint8)
    mask[300, :] = 1
    mask[600, 10] = 1
    found = region_at(mask, 5, 300)
    assert found is not None
    assert found[0] == Box(0, 300, 3000, 1)


@given(masks, st.integers(-3, 13), st.integers(-3, 11), st.integers(0, 6))
def test_the_nearest_marked_pixel_is_found_within_reach(mask: np.ndarray, x: int, y: int, reach: int) -> None:
    rows, columns = np.nonzero(mask)
    squares = (columns - x) ** 2 + (rows - y) ** 2
    found = nearest_label(mask, x, y, reach)
    if not (squares <= reach**2).any():
        assert found is None
    else:
        assert found is not None
        assert found[2] == squares.min() == (found[0] - x) ** 2 + (found[1] - y) ** 2
        assert mask[found[1], found[0]]
