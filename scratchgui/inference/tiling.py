"""Images of any size through a network that sees tiles: cutting, padding and blending without seams."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from scratchgui.core.geometry import Box
from scratchgui.core.images import as_rgb
from scratchgui.inference.engine import STRIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

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


@dataclass(frozen=True, slots=True)
class Tiling:
    """How an image is cut.

    Attributes:
        tile: Largest size of a tile (px); smaller images are one tile, padded by reflection.
        overlap: Smallest overlap of neighboring tiles (px).
        batch: Tiles given to the network at once.
        skip: Tells whether nothing within a box (px) is wanted: its probability is 0.
    """

    tile: int
    overlap: int
    batch: int = 1
    skip: Callable[[Box], bool] | None = None


@dataclass(frozen=True, slots=True)
class Workers:
    """Threads on which a network runs.

    Attributes:
        executor: Runs the batches.
        ahead: So many batches at once, running or next in turn, keep the network busy.
    """

    executor: Executor
    ahead: int


def predict_tiled(
    image: NDArray[np.uint8],
    infer: Infer,
    tiling: Tiling,
    classes: int,
    *,
    workers: Workers | None = None,
    watch: Callable[[float], None] = lambda done: None,
) -> NDArray[np.uint8]:
    """Run a network over an image; while batches run, those before them are blended on the calling thread.

    Args:
        image: Gray (H, W) or RGB (H, W, 3).
        infer: RGB tiles (N, H, W, 3) to probabilities (N, C, H, W).
        tiling: How the image is cut.
        classes: Number of classes C.
        workers: Where `infer` runs; None for the calling thread.
        watch: Told before each batch how much is done (0 … 1); what it raises ends the work.

    Returns:
        The probability quantized to uint8, (C, H, W), 255 = 1.
    """
    rows = plan_axis(image.shape[0], tiling.tile, tiling.overlap)
    columns = plan_axis(image.shape[1], tiling.tile, tiling.overlap)
    groups = _groups(rows, columns, tiling)
    blend = _Blend(rows, columns, classes)
    running: deque[tuple[_Group, Future[NDArray[np.float32]]]] = deque()
    waiting = iter(groups)
    try:
        for done in range(len(groups)):
            watch(done / len(groups))
            for group in islice(waiting, (workers.ahead if workers else 1) - len(running)):
                running.append((group, _begin(partial(_run, image, infer, rows, columns, group), workers)))
            blend.add(running[0][0], running[0][1].result())
            running.popleft()
    finally:
        for _, future in running:
            future.cancel()
    return blend.finish()


@dataclass(frozen=True, slots=True)
class _Group:
    """Tiles that go through the network together: their row, and their columns."""

    row: int
    columns: tuple[int, ...]


def _groups(rows: Axis, columns: Axis, tiling: Tiling) -> list[_Group]:
    groups = []
    for row, top in enumerate(rows.starts):
        wanted = [
            column
            for column, left in enumerate(columns.starts)
            if tiling.skip is None or not tiling.skip(Box(left, top, columns.tile, rows.tile))
        ]
        groups += [_Group(row, tuple(wanted[i : i + tiling.batch])) for i in range(0, len(wanted), tiling.batch)]
    return groups


def _begin(call: Callable[[], NDArray[np.float32]], workers: Workers | None) -> Future[NDArray[np.float32]]:
    if workers is not None:
        return workers.executor.submit(call)
    done: Future[NDArray[np.float32]] = Future()
    done.set_result(call())
    return done


def _run(image: NDArray[np.uint8], infer: Infer, rows: Axis, columns: Axis, group: _Group) -> NDArray[np.float32]:
    top = rows.starts[group.row]
    tiles = [cut_tile(image, top, columns.starts[column], rows.tile, columns.tile) for column in group.columns]
    return infer(np.stack(tiles))


def cut_tile(image: NDArray[np.uint8], top: int, left: int, height: int, width: int) -> NDArray[np.uint8]:
    """Return a tile, RGB (height, width, 3); what lies outside the image is its reflection."""
    part = as_rgb(image[top : top + height, left : left + width])
    below, right = height - part.shape[0], width - part.shape[1]
    if below or right:
        part = np.asarray(cv2.copyMakeBorder(part, 0, below, 0, right, cv2.BORDER_REFLECT_101), np.uint8)
    return part


class _Blend:
    """Puts tiles together, row of tiles after row of tiles.

    One strip of tiles is kept in float32, never the whole image: 20 MB for a side of 10,000 px.
    """

    def __init__(self, rows: Axis, columns: Axis, classes: int) -> None:
        self._rows, self._columns = rows, columns
        self._result = np.empty((classes, rows.length, columns.length), np.uint8)
        self._strip = np.zeros((classes, rows.tile, max(columns.length, columns.tile)), np.float32)
        self._row = 0

    def add(self, group: _Group, probabilities: NDArray[np.float32]) -> None:
        """Blend tiles, float32 (N, C, H, W), of the row that is in work or of a later one."""
        self._emit_until(group.row)
        for column, probability in zip(group.columns, probabilities, strict=True):
            weights = self._rows.weights[group.row][:, None] * self._columns.weights[column]
            left = self._columns.starts[column]
            self._strip[:, :, left : left + weights.shape[1]] += probability * weights

    def finish(self) -> NDArray[np.uint8]:
        """Return the whole, quantized."""
        self._emit_until(len(self._rows.starts))
        return self._result

    def _emit_until(self, row: int) -> None:
        """Quantize the strip's finished rows into the result, and move the rest up."""
        starts = (*self._rows.starts, self._rows.length)
        while self._row < row:
            top, done = starts[self._row], starts[self._row + 1] - starts[self._row]
            for plane, finished in zip(self._result, self._strip[:, :done, : self._columns.length], strict=True):
                cv2.convertScaleAbs(finished, dst=plane[top : top + done], alpha=255)
            kept = self._strip.shape[1] - done
            if kept > 0:
                self._strip[:, :kept] = self._strip[:, done:].copy()
            self._strip[:, max(kept, 0) :] = 0
            self._row += 1
