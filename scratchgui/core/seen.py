"""Where the inspector looked in an image that is not approved yet: where the model's mask was changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scratchgui.core.correction import changed_surroundings
from scratchgui.core.errors import AnnotationError
from scratchgui.core.files import atomic_write_bytes
from scratchgui.core.mask import decode_mask, encode_mask

REACH = 32
"""So far around a change the inspector certainly looked (px)."""


def write_seen(path: Path, began: str | None, mask: str | None) -> bool:
    """Write where the inspector looked, an 8-bit PNG with 255 there.

    Args:
        path: The file.
        began: Path of the mask that the correction began with; None where it is not known.
        mask: Path of the inspector's mask; None where nothing is marked.

    Returns:
        False where it is not known, and nothing is written.

    Raises:
        OSError: The file cannot be written.
    """
    try:
        before = None if began is None else _read(began)
        after = np.zeros_like(before) if before is not None and mask is None else _read(mask or "")
    except (OSError, AnnotationError):
        return False
    if before is None or before.shape != after.shape:
        return False
    atomic_write_bytes(path, encode_mask(changed_surroundings(before, after, REACH)))
    return True


def _read(path: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return decode_mask(Path(path).read_bytes(), path=Path(path))
