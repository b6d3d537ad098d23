from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from scratchgui.core import morphology as m
from scratchgui.core.gaps import close_gaps
from scratchgui.core.geometry import Box
from scratchgui.core.regions import find_regions

masks = arrays(np.uint8, (14, 17), elements=st.sampled_from([0, 0, 1, 1, 1, 2]))
CROSS = ndimage.generate_binary_structure(2, 1)
ANY = np.ones((3, 3), bool)


def applied(mask: np.ndarray, cleaned: m.CleanUp) -> np.ndarray:
    after = mask.copy()
    for change in cleaned.changes:
        after[change.box.slices][change.pixels] = change.label
    return after


def run(action, mask: np.ndarray, **options) -> np.ndarray:
    return applied(mask, action(mask, m.pieces(mask), **options))


@given(masks)
def test_the_pieces_are_the_regions(mask: np.ndarray) -> None:
    drawn = np.zeros_like(mask)
    found = m.pieces(mask)
    for piece in found:
        drawn[piece.box.slices][piece.pixels] = piece.label
    assert np.array_equal(drawn, mask)
    regions = find_regions(mask)
    assert sorted((piece.label, str(piece.box)) for piece in found) == sorted((r.label, str(r.box)) for r in regions)
    chosen = {(region.label, region.box) for region in regions[:2]}
    again = m.pieces(mask, [box for _, box in chosen])
    assert {(piece.label, piece.box) for piece in again} >= chosen
    assert all(piece.label != 1 for piece in m.pieces(mask, skip={1}))


@given(arrays(np.uint8, (23, 31), elements=st.sampled_from([0] * 9 + [1, 1, 2])), st.sampled_from([1, 2, 4, 5]))
def test_large_masks_have_the_same_pieces(mask: np.ndarray, block: int) -> None:
    def named(found: list[m.Piece]) -> list[tuple[int, str, bytes]]:
        return sorted((piece.label, str(piece.box), piece.pixels.tobytes()) for piece in found)

    expected = named(m.pieces(mask))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(m, "_LARGE", 0)
        patch.setattr(m, "_BLOCK", block)
        assert named(m.pieces(mask)) == expected


def test_a_region_that_was_edited_since_is_found_by_its_old_box() -> None:
    mask = np.zeros((20, 20), np.uint8)
    mask[4:10, 4:10] = 2
    mask[5, 14] = 1
    (found,) = m.pieces(mask, [Box(5, 5, 10, 4)])
    assert (found.label, found.box, found.pixels.all()) == (2, Box(4, 4, 6, 6), True)
    assert m.pieces(mask, [Box(15, 15, 9, 9), Box(0, 0, 3, 3)]) == []
    assert len(m.pieces(mask, [Box(4, 4, 6, 6), Box(5, 5, 4, 4)])) == 1
    assert m.pieces(mask, [Box(4, 4, 6, 6)], skip={2}) == []


@given(masks)
def test_holes_are_filled_and_nothing_else(mask: np.ndarray) -> None:
    expected = mask.copy()
    for label in (1, 2):
        regions, count = ndimage.label(mask == label, ANY)
        for index in range(1, count + 1):
            filled = ndimage.binary_fill_holes(regions == index, CROSS)
            expected[filled & (mask == 0)] = label
    after = run(m.fill_holes, mask)
    changed = after != mask
    assert np.array_equal(changed, expected != mask)
    assert (mask[changed] == 0).all()


def test_holes_are_counted_and_other_classes_in_them_stay() -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[2:18, 2:28] = 1
    mask[5:8, 5:8] = 0
    mask[10:15, 10:15] = 0
    mask[12, 12] = 2
    cleaned = m.fill_holes(mask, m.pieces(mask))
    assert cleaned.count == 2
    after = applied(mask, cleaned)
    assert after[12, 12] == 2
    assert np.count_nonzero(after == 1) == 16 * 26 - 1


@given(masks)
def test_growing_adds_what_is_one_pixel_away(mask: np.ndarray) -> None:
    after = run(m.grow, mask)
    near = ndimage.binary_dilation(mask > 0, CROSS)
    assert np.array_equal(after > 0, near)
    assert np.array_equal(after[mask > 0], mask[mask > 0])
    for label in (1, 2):
        assert not ((after == label) & ~ndimage.binary_dilation(mask == label, CROSS)).any()


@given(masks)
def test_shrinking_takes_the_border_of_each_region(mask: np.ndarray) -> None:
    after = run(m.shrink, mask)
    expected = np.zeros_like(mask)
    for label in (1, 2):
        expected[ndimage.binary_erosion(mask == label, CROSS, border_value=1)] = label
    assert np.array_equal(after, expected)


@given(st.integers(3, 30))
def test_growing_and_shrinking_keeps_a_disc(radius: int) -> None:
    mask = np.zeros((80, 80), np.uint8)
    cv2.circle(mask, (40, 40), radius, 3, -1)
    assert np.array_equal(run(m.shrink, run(m.grow, mask)), mask)


def test_what_vanishes_by_shrinking_is_counted() -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[3, 2:20] = 1
    mask[8:13, 5:10] = 1
    cleaned = m.shrink(mask, m.pieces(mask))
    assert (cleaned.count, cleaned.gone) == (2, 1)


@given(masks, st.integers(1, 12))
def test_specks_are_the_regions_under_an_area(mask: np.ndarray, area: int) -> None:
    cleaned = m.remove_specks(m.pieces(mask), area)
    after = applied(mask, cleaned)
    before = find_regions(mask)
    assert cleaned.count == sum(region.area < area for region in before)
    assert np.count_nonzero(after) == sum(region.area for region in before if region.area >= area)
    assert np.array_equal(after[after > 0], mask[after > 0])


def scratch(*parts: tuple[tuple[int, int], tuple[int, int]], width: int = 2) -> np.ndarray:
    mask = np.zeros((120, 160), np.uint8)
    for start, end in parts:
        cv2.line(mask, start, end, 1, width)
    return mask


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize(("end", "start"), [((60, 40), (70, 40)), ((60, 60), (67, 67)), ((40, 80), (40, 90))])
def test_a_gap_in_a_scratch_is_closed(end: tuple[int, int], start: tuple[int, int], width: int) -> None:
    way = (np.array(start) - end) * 5
    first = tuple((np.array(end) - way).tolist()), end
    second = start, tuple((np.array(start) + way).tolist())
    mask = scratch(first, second, width=width)
    assert len(find_regions(mask)) == 2
    cleaned = close_gaps(mask, m.pieces(mask), 10)
    after = applied(mask, cleaned)
    assert cleaned.count == 1
    assert len(find_regions(after)) == 1
    assert (after[mask > 0] == 1).all()
    added = np.count_nonzero(after) - np.count_nonzero(mask)
    assert 0 < added <= 12 * (width + 1)
    assert close_gaps(mask, m.pieces(mask), 1).count == 0


@pytest.mark.parametrize(
    "parts",
    [
        (((20, 40), (80, 40)), ((20, 46), (80, 46))),  # side by side
        (((20, 40), (80, 40)), ((86, 40), (86, 90))),  # around a corner
        (((40, 40), (40, 40)), ((46, 40), (46, 40))),  # specks
    ],
)
def test_what_does_not_go_on_stays_apart(parts) -> None:
    mask = scratch(*parts)
    assert close_gaps(mask, m.pieces(mask), 10).count == 0


def test_a_bridge_leaves_other_classes_as_they_are() -> None:
    mask = scratch(((20, 40), (60, 40)), ((70, 40), (110, 40)))
    mask[30:50, 65] = 2
    after = run(close_gaps, mask, reach=12)
    assert (after[30:50, 65] == 2).all()
    assert np.count_nonzero(after == 1) > np.count_nonzero(mask == 1)


def test_pieces_of_two_classes_are_not_joined() -> None:
    mask = scratch(((20, 40), (60, 40)), ((66, 40), (110, 40)))
    mask[:, 63:][mask[:, 63:] == 1] = 2
    assert close_gaps(mask, m.pieces(mask), 10).count == 0


def test_a_dotted_scratch_becomes_one() -> None:
    mask = scratch(((20, 40), (60, 40)), ((66, 40), (67, 40)), ((73, 40), (110, 40)))
    assert len(find_regions(run(close_gaps, mask, reach=8))) == 1


def outside(boxes: Iterable[Box], shape: tuple[int, ...]) -> np.ndarray:
    away = np.ones(shape, bool)
    for box in boxes:
        away[box.slices] = False
    return away


@given(masks, st.sampled_from(["fill_holes", "grow", "shrink"]))
def test_only_the_chosen_regions_change(mask: np.ndarray, action: str) -> None:
    regions = find_regions(mask)[:1]
    chosen = [piece for piece in m.pieces(mask, [region.box for region in regions]) if piece.label == regions[0].label]
    after = applied(mask, getattr(m, action)(mask, chosen))
    boxes = [region.box.expanded(1).clipped(17, 14) for region in regions]
    assert np.array_equal(after[outside(boxes, mask.shape)], mask[outside(boxes, mask.shape)])
    if regions:
        other = (mask != 0) & (mask != regions[0].label)
        assert np.array_equal(after[other], mask[other])
