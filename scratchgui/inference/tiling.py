"""Images of any size through a network that sees tiles: cutting, padding and blending without seams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from scratchgui.core.images import as_rgb
from scratchgui.inference.engine import STRIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

Infer: TypeAlias = "Callable[[NDArray[np.uint8]], NDArray[np.float32]]"


@dataclass(frozen=True, slots=True)
class Axis:
    """Tiles along one side of an image.

    Attributes:
        length: Size of the image (px).
        tile: Size of a tile, a multiple of 32 (px); larger than the image when that is small.
        starts: First pixel of each tile.
        weights: Share of each tile in each of its pixels, float32 (tiles, tile); at every pixel they add up to 1.
    """

    length: int
    tile: int
    starts: tuple[int, ...]
    weights: NDArray[np.float32]


def plan_axis(length: int, tile: int, overlap: int) -> Axis:
    """Spread tiles evenly over one side, neighbors sharing at least `overlap` px.

    As few tiles as the largest size allows, and then as small as that number allows: 900 × 600 px are four tiles of
    512 × 352 instead of 512 × 512, a third less to compute.

    Args:
        length: Size of the image (px).
        tile: Largest size of a tile (px); rounded up to a multiple of 32.
        overlap: Smallest overlap of neighbors (px).
    """
    tile = _round_up(tile)
    if length <= tile:
        size = _round_up(length)
        return Axis(length, size, (0,), np.ones((1, size), np.float32))
    overlap = min(overlap, tile // 2)
    count = -(-(length - overlap) // (tile - overlap))
    tile = _round_up(-(-(length + (count - 1) * overlap) // count))
    starts = tuple(round(value) for value in np.linspace(0, length - tile, count))
    return Axis(length, tile, starts, _weights(length, tile, starts, overlap))


def _round_up(size: int) -> int:
    return max(STRIDE, -(-size // STRIDE) * STRIDE)


def _weights(length: int, tile: int, starts: tuple[int, ...], ramp: int) -> NDArray[np.float32]:
    """Weights that rise smoothly from each tile's inner edges, normalized by their sum at every pixel."""
    distance = np.minimum((np.arange(tile) + 0.5) / max(ramp, 0.5), 1)
    rise = 0.5 - 0.5 * np.cos(np.pi * distance)
    raw = np.ones((len(starts), tile))
    raw[1:] *= rise
    raw[:-1] *= rise[::-1]
    total = np.zeros(length)
    for start, row in zip(starts, raw, strict=True):
        total[start : start + tile] += row
    for start, row in zip(starts, raw, strict=True):
        row /= total[start : start + tile]
    return np.asarray(raw, np.float32)


def predict_tiled(
    image: NDArray[np.uint8], infer: Infer, *, tile: int, overlap: int, batch: int, classes: int
) -> Iterator[NDArray[np.uint8] | None]:
    """Run a network over an image, one batch of tiles for each step of the iteration.

    One strip of tiles is kept in float32, never the whole image: 20 MB for a side of 10,000 px.

    Args:
        image: Gray (H, W) or RGB (H, W, 3).
        infer: RGB tiles (N, H, W, 3) to probabilities (N, C, H, W).
        tile: Size of a tile (px); smaller images are one tile, padded by reflection.
        overlap: Smallest overlap of neighboring tiles (px).
        batch: Tiles given to `infer` at once.
        classes: Number of classes C.

    Yields:
        None after each batch, at last the probability quantized to uint8, (C, H, W), 255 = 1.
    """
    rows = plan_axis(image.shape[0], tile, overlap)
    columns = plan_axis(image.shape[1], tile, overlap)
    result = np.empty((classes, rows.length, columns.length), np.uint8)
    strip = np.zeros((classes, rows.tile, max(columns.length, columns.tile)), np.float32)
    for index, top in enumerate(rows.starts):
        for first in range(0, len(columns.starts), batch):
            group = range(first, min(first + batch, len(columns.starts)))
            tiles = np.stack([_cut(image, top, columns.starts[i], rows.tile, columns.tile) for i in group])
            for i, probability in zip(group, infer(tiles), strict=True):
                _add(strip, probability, columns.starts[i], rows.weights[index], columns.weights[i])
            yield None
        following = rows.starts[index + 1] if index + 1 < len(rows.starts) else rows.length
        _emit(strip, result, top, following - top)
    yield result


def _cut(image: NDArray[np.uint8], top: int, left: int, height: int, width: int) -> NDArray[np.uint8]:
    part = as_rgb(image[top : top + height, left : left + width])
    below, right = height - part.shape[0], width - part.shape[1]
    if below or right:
        part = np.asarray(cv2.copyMakeBorder(part, 0, below, 0, right, cv2.BORDER_REFLECT_101), np.uint8)
    return part


def _add(
    strip: NDArray[np.float32],
    probability: NDArray[np.float32],
    left: int,
    row_weights: NDArray[np.float32],
    column_weights: NDArray[np.float32],
) -> None:
    weights = row_weights[:, None] * column_weights[None, :]
    strip[:, :, left : left + weights.shape[1]] += probability * weights


def _emit(strip: NDArray[np.float32], result: NDArray[np.uint8], top: int, done: int) -> None:
    """Quantize the strip's finished rows into the result, and move the rest up."""
    width = result.shape[2]
    finished = strip[:, :done, :width]
    result[:, top : top + done] = np.clip(np.rint(finished * 255), 0, 255).astype(np.uint8)
    kept = strip.shape[1] - done
    if kept > 0:
        strip[:, :kept] = strip[:, done:].copy()
    strip[:, max(kept, 0) :] = 0
