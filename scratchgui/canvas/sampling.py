"""From image pixels to device pixels: which pixel of a pyramid shows at each pixel of the screen."""

from __future__ import annotations

from math import ceil, floor, log2
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np

from scratchgui.canvas.tone import tone_frame, toned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.pyramid import MaxPyramid, MeanPyramid
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

Word = TypeVar("Word", np.uint8, np.uint32)

NEAREST_FROM = 2.0
"""From this zoom on (200%) image pixels are shown as squares; below, in between is smoothed, but at exactly 100%."""


def image_level(zoom: float, levels: int, blur: float = 0.0) -> int:
    """Return the level of an image for a zoom: one to two of its pixels a device pixel when zoomed out.

    Args:
        zoom: Device pixels per image pixel.
        levels: Number of levels.
        blur: Go to the next coarser level so much earlier (0 … 1, in levels).
    """
    return min(max(0, floor(log2(1 / zoom) + 1e-9 + blur)), levels - 1)


def mask_level(zoom: float, levels: int) -> int:
    """Return the level of a mask for a zoom: at most one of its pixels a device pixel, so that none is skipped."""
    return min(max(0, ceil(log2(1 / zoom) - 1e-9)), levels - 1)


def sample_image(
    pyramid: MeanPyramid, place: Placement, box: Box, target: NDArray[np.uint8], blur: float = 0.0
) -> None:
    """Write blue, green, red, 255 of each device pixel of a box within the image to a part of a frame, (h, w, 4)."""
    level = image_level(place.zoom, len(pyramid.levels), blur)
    source = pyramid.best(level)
    if place.zoom >= NEAREST_FROM or place.zoom == 1:
        _nearest_image(source, place, box, target, pyramid.table)
    else:
        _smooth(source, place, box, level, target, pyramid.table)


def sample_labels(pyramid: MaxPyramid, place: Placement, box: Box) -> NDArray[np.uint8]:
    """Return the label of each device pixel of a box within the image, uint8 (h, w)."""
    level = mask_level(place.zoom, len(pyramid.levels))
    source = pyramid.levels[level]
    rows = indices(box.y, box.height, place.y, place.zoom, level, source.shape[0])
    columns = indices(box.x, box.width, place.x, place.zoom, level, source.shape[1])
    return gather(source, rows, columns)


def indices(start: int, count: int, origin: float, zoom: float, level: int, size: int) -> NDArray[np.intp]:
    """Return the row (or column) of a level that lies under the middle of each device pixel from `start` on."""
    position = (np.arange(start, start + count) + (0.5 - origin)) / (zoom * 2.0**level)
    return np.clip(position.astype(np.intp), 0, size - 1)


def gather(source: NDArray[Word], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[Word]:
    """Return `source[rows][:, columns]` for ascending indices, with as little copying as possible."""
    part = source[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    rows, columns = rows - rows[0], columns - columns[0]
    # The cheaper direction first: fewer rows when zoomed out, fewer columns when zoomed in.
    if part.shape[0] > rows.size:
        part = part[rows]
    if columns[-1] != columns.size - 1:
        part = np.take(part, columns, axis=1)
    return part if part.shape[0] == rows.size else part[rows]


def _nearest_image(
    source: NDArray[np.uint8], place: Placement, box: Box, target: NDArray[np.uint8], table: NDArray[np.uint8] | None
) -> None:
    rows = indices(box.y, box.height, place.y, place.zoom, 0, source.shape[0])
    columns = indices(box.x, box.width, place.x, place.zoom, 0, source.shape[1])
    if source.ndim == 2:
        _to_bgra(toned(gather(source, rows, columns), table), target)
        return
    part = to_bgra(toned(source[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], table))
    target.view(np.uint32)[..., 0] = gather(part.view(np.uint32)[..., 0], rows - rows[0], columns - columns[0])


def _smooth(
    source: NDArray[np.uint8],
    place: Placement,
    box: Box,
    level: int,
    target: NDArray[np.uint8],
    table: NDArray[np.uint8] | None,
) -> None:
    scale = 2.0**-level / place.zoom
    # The middle of device pixel (0, 0) of the box in the level's coordinates, in which whole numbers are middles.
    x, y = (box.x + 0.5 - place.x) * scale - 0.5, (box.y + 0.5 - place.y) * scale - 0.5
    height, width = source.shape[:2]
    left, top = min(max(0, floor(x) - 1), width - 1), min(max(0, floor(y) - 1), height - 1)
    right, bottom = floor(x + box.width * scale) + 3, floor(y + box.height * scale) + 3
    part = source[top : max(bottom, top + 1), left : max(right, left + 1)]
    if part.ndim == 3:
        # OpenCV warps four channels in half the time of three; gray is quicker still.
        part = to_bgra(toned(part, table) if part.dtype == np.uint16 else part)
    matrix = np.array([[scale, 0, x - left], [0, scale, y - top]])
    size, flags = (box.width, box.height), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if part.ndim == 3:
        cv2.warpAffine(part, matrix, size, dst=target, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        if table is not None and source.dtype == np.uint8:
            tone_frame(target, table)
    else:
        warped = cv2.warpAffine(part, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        _to_bgra(toned(warped, table), target)


def to_bgra(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an image, uint8 (h, w) gray or (h, w, 3) RGB, as blue, green, red, 255: (h, w, 4), contiguous."""
    code = cv2.COLOR_GRAY2BGRA if image.ndim == 2 else cv2.COLOR_RGB2BGRA
    return np.asarray(cv2.cvtColor(image, code), np.uint8)


def _to_bgra(gray: NDArray[np.uint8], target: NDArray[np.uint8]) -> None:
    # OpenCV writes through a view of whole pixels, whatever its row length.
    cv2.cvtColor(gray, cv2.COLOR_GRAY2BGRA, dst=target)
