"""Outlines of regions: as many pixels inside as the region has."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from scratchgui.core.contours import outline
from scratchgui.core.regions import find_regions, region_at

masks = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12), elements=st.integers(0, 2))


def drawn(polygon, shape: tuple[int, int]) -> np.ndarray:
    """Return the pixels whose middles lie inside, by the even-odd rule: 8 times finer, so that all is whole."""
    fine = np.zeros((shape[0] * 8 + 1, shape[1] * 8 + 1), np.uint8)
    rings = [np.rint(ring * 8).astype(int) for ring in (polygon.outer, *polygon.holes)]
    cv2.fillPoly(fine, rings, 1)
    return fine[4::8, 4::8]


@given(masks)
def test_an_outline_holds_the_pixels_of_its_region(mask: np.ndarray) -> None:
    for region in find_regions(mask):
        polygon = outline(mask, region)
        found = drawn(polygon, mask.shape)
        candidates = [
            region_at(mask, region.box.x + c, region.box.y + r)
            for r, c in np.argwhere(mask[region.box.slices] == region.label).tolist()
        ]
        pixels = next(part for box, part in candidates if (box, int(part.sum())) == (region.box, region.area))
        wanted = np.zeros(mask.shape, bool)
        wanted[region.box.slices] = pixels
        assert np.array_equal(found > 0, wanted)
        # Each corner takes an eighth of a pixel away, or adds one.
        assert polygon.area == pytest.approx(region.area, abs=0.5 + region.area * 0.5)


def test_a_rectangle_loses_nothing_but_its_corners() -> None:
    mask = np.zeros((30, 40), np.uint8)
    mask[5:15, 10:30] = 1
    mask[8:12, 14:20] = 0
    polygon = outline(mask, find_regions(mask)[0])
    assert polygon.area == 10 * 20 - 4 * 6
    assert (polygon.outer.min(axis=0).tolist(), polygon.outer.max(axis=0).tolist()) == ([10, 5], [30, 15])
    assert len(polygon.outer) == 8
    assert len(polygon.holes) == 1
    assert (polygon.holes[0].min(axis=0).tolist(), polygon.holes[0].max(axis=0).tolist()) == ([14, 8], [20, 12])


def test_a_scratch_of_one_pixel_has_its_area_and_few_corners() -> None:
    straight, diagonal = np.zeros((60, 60), np.uint8), np.eye(60, dtype=np.uint8)
    straight[7, 5:55] = 1
    assert outline(straight, find_regions(straight)[0]).area == 49.5
    polygon = outline(diagonal, find_regions(diagonal)[0])
    assert polygon.area == 59.5
    assert len(polygon.outer) == 4


@pytest.mark.parametrize("width", [2, 3, 8])
def test_a_slanted_scratch_has_the_area_of_its_pixels(width: int) -> None:
    mask = np.zeros((300, 400), np.uint8)
    cv2.line(mask, (20, 30), (370, 190), 1, width)
    region = find_regions(mask)[0]
    polygon = outline(mask, region)
    assert polygon.area == pytest.approx(region.area, rel=0.01)
    assert len(polygon.outer) < 600


def test_another_region_in_the_same_box_is_left_out() -> None:
    mask = np.zeros((30, 30), np.uint8)
    mask[5:25, 5:25] = 1
    mask[7:23, 7:23] = 0
    mask[10:20, 10:20] = 1
    ring, island = (outline(mask, region) for region in find_regions(mask))
    assert ring.area == pytest.approx(20 * 20 - 16 * 16, abs=1)
    assert island.area == pytest.approx(100, abs=1)
    assert (len(ring.holes), len(island.holes)) == (1, 0)
