"""From the levels of a picture to those on the screen, by a table: brightness, contrast, gamma, 16-bit windows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def toned(pixels: NDArray[Any], table: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Return what pixels of 8 or 16 bits are shown as, uint8 of the same shape.

    Args:
        pixels: uint8 or uint16.
        table: uint8 (256,) for 8 bits, (65536,) for 16; None, for 8 bits alone, where nothing changes.
    """
    if table is None:
        return np.asarray(pixels, np.uint8)
    if table.size == 256:
        return np.asarray(cv2.LUT(pixels, table), np.uint8)
    return table.take(pixels)


def tone_frame(target: NDArray[np.uint8], table: NDArray[np.uint8]) -> None:
    """Change blue, green and red of a part of a frame, uint8 (h, w, 4), by a table, uint8 (256,)."""
    cv2.LUT(target, _of_four(table.tobytes()), dst=target)


@lru_cache(maxsize=4)
def _of_four(table: bytes) -> NDArray[np.uint8]:
    """Return a table of four channels that leaves the last one, the opacity, alone."""
    channels = np.repeat(np.frombuffer(table, np.uint8)[:, None], 4, axis=1)
    channels[:, 3] = np.arange(256)
    return channels[None]
