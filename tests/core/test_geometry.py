from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.geometry import Box

boxes = st.builds(Box, st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 9), st.integers(0, 9))


def pixels(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x, box.right) for y in range(box.y, box.bottom)}


@given(boxes, boxes)
def test_intersection_is_the_common_pixels(one: Box, other: Box) -> None:
    common = one.intersection(other)
    assert pixels(common) == pixels(one) & pixels(other)
    assert common == other.intersection(one)
    assert common.area == len(pixels(common))


@given(boxes, boxes)
def test_union_is_the_smallest_box_around_both(one: Box, other: Box) -> None:
    around = one.union(other)
    both = pixels(one) | pixels(other)
    assert both <= pixels(around)
    if both:
        columns, rows = {x for x, _ in both}, {y for _, y in both}
        assert (around.x, around.right) == (min(columns), max(columns) + 1)
        assert (around.y, around.bottom) == (min(rows), max(rows) + 1)


@given(boxes, boxes, boxes)
def test_union_does_not_depend_on_the_order(one: Box, two: Box, three: Box) -> None:
    assert pixels(one.union(two).union(three)) == pixels(one.union(two.union(three)))


@given(boxes, st.integers(0, 4))
def test_expanding_and_shrinking_give_the_box_back(box: Box, margin: int) -> None:
    assert box.expanded(margin).expanded(-margin) == box


@given(boxes)
def test_slices_of_a_clipped_box_cut_its_pixels(box: Box) -> None:
    inside = box.clipped(7, 5)
    assert np.zeros((5, 7))[inside.slices].size == inside.area
    assert inside.is_empty == (not pixels(inside))


@given(st.integers(-20, 20), st.integers(-20, 20), boxes)
def test_a_part_is_found_again_in_what_was_cut_out(x: int, y: int, part: Box) -> None:
    outer = Box(x, y, 60, 50)
    common = part.intersection(outer)
    places = np.add.outer(np.arange(y, y + 50) * 1000, np.arange(x, x + 60))
    cut = places[common.relative_to(outer).slices] if common.area else np.empty((0, 0))
    assert cut.shape == (common.height, common.width)
    if common.area:
        assert cut[0, 0] == common.y * 1000 + common.x


def test_a_box_with_negative_size_is_empty() -> None:
    assert Box(5, 5, 4, 4).expanded(-3).is_empty
    assert Box.empty().union(Box(1, 2, 3, 4)) == Box(1, 2, 3, 4)
