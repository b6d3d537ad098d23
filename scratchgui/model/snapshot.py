"""A label map as it was at one moment, copied later by another thread while the original changes."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask

_ROWS, _COLUMNS = 64, 1024
"""Height and width of what is kept when it is about to be overwritten (px)."""

_Cell: TypeAlias = tuple[slice, slice]


class Snapshot:
    """The promise of a copy. Taking it costs nothing; who writes into the original tells it before.

    The copying thread goes from band to band under a lock. What is overwritten in bands that it has not reached is
    kept here by the writing thread, which so waits for the copy of one band at most.
    """

    def __init__(self, mask: Mask) -> None:
        """Promise a copy of a label map, uint8 (H, W), as it is now."""
        self._mask = mask
        self._lock = Lock()
        self._kept: dict[int, dict[int, tuple[_Cell, Mask]]] = {}
        self._reached = 0

    @property
    def is_copied(self) -> bool:
        """Tell whether what happens to the original does not matter any more."""
        return bool(self._reached >= self._mask.shape[0])

    def keep(self, box: Box) -> None:
        """Call before pixels in the box (inside the image) are written, on the thread that writes."""
        for row in range(box.y // _ROWS, (box.bottom - 1) // _ROWS + 1):
            with self._lock:
                if row * _ROWS >= self._reached:
                    self._keep_cells(row, box)

    def copy(self) -> Mask:
        """Return the label map as it was, uint8 (H, W); once, on any thread."""
        made = np.empty_like(self._mask)
        for row in range(-(-self._mask.shape[0] // _ROWS)):
            with self._lock:
                band = slice(row * _ROWS, (row + 1) * _ROWS)
                made[band] = self._mask[band]
                for cell, before in self._kept.pop(row, {}).values():
                    made[cell] = before
                self._reached = (row + 1) * _ROWS
        return made

    def _keep_cells(self, row: int, box: Box) -> None:
        kept = self._kept.setdefault(row, {})
        for column in range(box.x // _COLUMNS, (box.right - 1) // _COLUMNS + 1):
            if column not in kept:
                cell = (
                    slice(row * _ROWS, (row + 1) * _ROWS),
                    slice(column * _COLUMNS, (column + 1) * _COLUMNS),
                )
                kept[column] = cell, self._mask[cell].copy()
