"""From the gray levels of deep images to the 256 that are shown and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A window of the gray levels of a 16- or 32-bit image, in percent: a few dead or hot pixels must not set it.
_WINDOW_PERCENTILES = (0.1, 99.9)
_WINDOW_SAMPLE = 1_000_000
_BAND = 4_000_000
"""Values that are worked on at once."""


def to_eight_bits(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return an image as uint8 of the same shape.

    More than 8 bits are windowed to their own 0.1 … 99.9 percentile; what is not a finite number becomes black.
    """
    if image.dtype == np.uint8:
        return np.ascontiguousarray(image, np.uint8)
    if image.dtype == np.bool_:
        return np.where(image, np.uint8(255), np.uint8(0))
    if image.dtype == np.uint16:  # a table instead of arithmetic: an eighth of the time, and no copy in 32 bits
        return np.asarray(window_table(*window_of(image))[image], np.uint8)
    low, high = _window(image.ravel())
    made = np.empty(image.shape, np.uint8)
    rows = max(1, _BAND // max(1, image[:1].size))
    for top in range(0, len(image), rows):  # in bands: an image of 400 megapixels would need gigabytes
        made[top : top + rows] = _stretched(_finite(image[top : top + rows], low), low, high)
    return made


def window_of(image: NDArray[np.generic]) -> tuple[float, float]:
    """Return the values of a deep image that become black and white: its 0.1 and 99.9 percentile."""
    return _window(image.ravel())


def window_table(low: float, high: float) -> NDArray[np.uint8]:
    """Return what each value of 16 bits becomes between black (low) and white (high), uint8 (65536,)."""
    return _stretched(np.arange(65536, dtype=np.float32), low, high)


def _finite(values: NDArray[np.generic], black: float) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        known = np.array(values, np.float32)
    known[~np.isfinite(known)] = black  # holes in a height map
    return known


def _stretched(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint8]:
    scale = 255.0 / (high - low) if high > low else 0.0
    # Clipped first: the largest floats times anything are no numbers any more.
    return np.asarray((np.clip(values, low, high) - low) * scale + 0.5, np.uint8)


def _window(values: NDArray[np.generic]) -> tuple[float, float]:
    """Return the values, of one dimension, that become black and white."""
    step = max(1, values.size // _WINDOW_SAMPLE)
    sample = _known(values[::step])
    low, high = np.percentile(sample, _WINDOW_PERCENTILES) if sample.size else (0.0, 0.0)
    if high <= low:
        sample = _known(values)
        low, high = (sample.min(), sample.max()) if sample.size else (0.0, 0.0)
    return float(low), float(high)


def _known(values: NDArray[np.generic]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        known = np.asarray(values, np.float32)
    return known[np.isfinite(known)]
