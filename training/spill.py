"""Decoded pixels that memory has no room for: on disk without a name, read where a crop is cut."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROOM = 4
"""The disk must have room for so many times what is written."""


def spill(array: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return an array of the same pixels that lie on disk; None where there is no room.

    The file has no name (or goes when it is closed, on Windows): whatever ends the process, nothing is left behind.
    """
    try:
        if shutil.disk_usage(tempfile.gettempdir()).free < _ROOM * array.nbytes:
            return None
        with tempfile.TemporaryFile(prefix="scratchgui-") as file:
            file.write(np.ascontiguousarray(array).data)
            file.flush()
            # The mapping has a handle of its own.
            return cast("NDArray[np.uint8]", np.memmap(file, np.uint8, "r", shape=array.shape))
    except OSError:
        return None
