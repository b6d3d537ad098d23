"""Cleaning masks up: filling holes, growing and shrinking by a pixel, removing specks, closing gaps.

All work on single regions and the pixels around them; pixels of other classes are never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.flood import connected
from scratchgui.core.geometry import Box
from scratchgui.core.mask import labels_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
"""What is at most 1 px away."""
_LARGE, _BLOCK = 1_000_000, 64
"""Masks with more pixels are looked at block by block first; the side of a block (px)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Pixels of one class.

    Attributes:
        box: Where they lie (px), inside the image.
        pixels: Which of the box, bool (box height, box width).
        label: The class that they have or get; 0 for background.
    """

    box: Box
    pixels: NDArray[np.bool_]
    label: int


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What is to be changed in a mask.

    Attributes:
        changes: Pixels and what they become.
        count: How many holes, defects, specks or gaps these are.
        gone: How many defects vanish although that was not the aim.
    """

    changes: tuple[Piece, ...]
    count: int
    gone: int = 0


def pieces(mask: Mask, boxes: Collection[Box] | None = None, skip: Collection[int] = ()) -> list[Piece]:
    """Return the regions of a mask.

    Args:
        mask: uint8 (H, W).
        boxes: Bounding boxes (px) of those wanted; None for all. Where none has such a box any more, because it was
            edited since, it is the one with the most pixels in it.
        skip: Classes that are left out.
    """
    if boxes is None:
        return _regions(mask, Box(*cv2.boundingRect(mask)), skip)
    height, width = mask.shape
    found: dict[tuple[int, Box], Piece] = {}
    for box in boxes:
        inside = _regions(mask, box.expanded(1).clipped(width, height), skip)  # what goes on beyond is seen
        exact = [piece for piece in inside if piece.box == box]
        for piece in exact or [_whole(mask, part) for part in sorted(inside, key=_area)[-1:]]:
            found[piece.label, piece.box] = piece
    return list(found.values())


def _regions(mask: Mask, around: Box, skip: Collection[int]) -> list[Piece]:
    """Return what is connected within a box."""
    if around.area <= _LARGE:
        labels = [label for label in labels_in(mask[around.slices]) if label not in skip]
        return [piece for label in labels for piece in _components(mask, label, around)]
    return [piece for cluster, box in _clusters(mask, around) for piece in _regions_of(mask, cluster, box, skip)]


def _clusters(mask: Mask, around: Box) -> Iterator[tuple[NDArray[np.bool_], Box]]:
    """Yield groups of neighboring blocks that hold marked pixels: which blocks of the box (px) around them do.

    Pixels that are connected are in the same group. So the empty part of a large mask costs one look.
    """
    bands = range(around.y, around.bottom, _BLOCK)
    columns = np.arange(0, around.width, _BLOCK)
    tops = [mask[y : min(y + _BLOCK, around.bottom), around.x : around.right].max(axis=0) for y in bands]
    marked = np.array([np.maximum.reduceat(top, columns) > 0 for top in tops])
    count, groups, stats, _ = cv2.connectedComponentsWithStats(np.asarray(marked, np.uint8), connectivity=8)
    for index in range(1, count):
        x, y, width, height = (int(value) for value in stats[index, :4])
        blocks = Box(x, y, width, height)
        box = Box(x * _BLOCK + around.x, y * _BLOCK + around.y, width * _BLOCK, height * _BLOCK)
        yield np.asarray(groups[blocks.slices] == index), box.intersection(around)


def _regions_of(mask: Mask, cluster: NDArray[np.bool_], box: Box, skip: Collection[int]) -> Iterator[Piece]:
    """Yield the regions of one group of blocks; parts of others may lie in its box too."""
    for label in labels_in(mask[box.slices]):
        for piece in _components(mask, label, box) if label not in skip else ():
            column = piece.box.x + int(np.argmax(piece.pixels[0])) - box.x
            if cluster[(piece.box.y - box.y) // _BLOCK, column // _BLOCK]:
                yield piece


def _whole(mask: Mask, part: Piece) -> Piece:
    """Return the region that a part of it belongs to."""
    row, column = (int(value) for value in np.argwhere(part.pixels)[0])
    return Piece(*connected(mask, part.box.x + column, part.box.y + row), part.label)


def _area(piece: Piece) -> int:
    return int(np.count_nonzero(piece.pixels))


def _components(mask: Mask, label: int, around: Box) -> Iterator[Piece]:
    same = np.asarray(mask[around.slices] == label, np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(same, connectivity=8)
    for index in range(1, count):
        x, y, width, height = (int(value) for value in stats[index, :4])
        box = Box(x, y, width, height)
        yield Piece(Box(x + around.x, y + around.y, width, height), np.asarray(labels[box.slices] == index), label)


def fill_holes(mask: Mask, regions: Iterable[Piece]) -> CleanUp:
    """Fill background that a region encloses."""
    changes, count = [], 0
    for region in regions:
        holes, found = _holes(region.pixels)
        free = holes & (mask[region.box.slices] == 0)
        if free.any():
            changes.append(Piece(region.box, free, region.label))
            count += found
    return CleanUp(tuple(changes), count)


def _holes(pixels: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], int]:
    """Return what a region encloses, bool (H, W), and in how many holes."""
    outside = np.pad(np.asarray(~pixels, np.uint8), 1, constant_values=1)
    # The region is connected diagonally, so what is around it is not.
    count, labels = cv2.connectedComponents(outside, connectivity=4)
    return np.asarray(labels > 1)[1:-1, 1:-1], count - 2


def grow(mask: Mask, regions: Iterable[Piece]) -> CleanUp:
    """Add the background that is at most 1 px away."""
    height, width = mask.shape
    changes = []
    for region in regions:
        window = region.box.expanded(1).clipped(width, height)
        wide = np.asarray(cv2.dilate(_within(region, window), _CROSS)) > 0
        free = wide & (mask[window.slices] == 0)
        if free.any():
            changes.append(Piece(window, free, region.label))
    return CleanUp(tuple(changes), len(changes))


def shrink(mask: Mask, regions: Iterable[Piece]) -> CleanUp:
    """Take away pixels that are 1 px away from something else; the edge of the image is nothing else."""
    height, width = mask.shape
    changes, gone = [], 0
    for region in regions:
        window = region.box.expanded(1).clipped(width, height)
        now = _within(region, window)
        left = cv2.erode(now, _CROSS)
        gone += not cv2.countNonZero(np.asarray(left))
        changes.append(Piece(window, np.asarray((now > 0) & (left == 0)), 0))
    return CleanUp(tuple(change for change in changes if change.pixels.any()), len(changes), gone)


def remove_specks(regions: Iterable[Piece], area: int) -> CleanUp:
    """Remove regions that are smaller than an area (px²)."""
    small = [region for region in regions if _area(region) < area]
    return CleanUp(tuple(Piece(region.box, region.pixels, 0) for region in small), len(small))


def _within(region: Piece, window: Box) -> NDArray[np.uint8]:
    """Return the region's pixels as 1 in a window around its box, uint8 (h, w)."""
    drawn = np.zeros((window.height, window.width), np.uint8)
    drawn[region.box.relative_to(window).slices] = region.pixels
    return drawn
