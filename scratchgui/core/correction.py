"""What an inspector changed of the mask that a correction began with, and what that says about the model."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from scratchgui.core.components import components
from scratchgui.core.mask import decode_mask, encode_mask, labels_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

HEAVIEST = 4.0
"""An image on which the model was wrong altogether is learned from so many times as often as one it got right."""
_BAND = 512
"""Rows that are compared at once (px)."""


class Beginning:
    """The mask that a correction began with: what a model marked. Kept as a PNG once it was asked for.

    Attributes:
        model: Id of the model.
        threshold: Probability from which on a pixel counted as defect (0 … 1).
        taken_over: The inspector's mask began as a copy of it; otherwise it was only there to be seen.
    """

    def __init__(self, mask: Mask, model: str, threshold: float, *, taken_over: bool = True) -> None:
        """Take a mask, uint8 (H, W), that nobody writes into any more."""
        self.model = model
        self.threshold = threshold
        self.taken_over = taken_over
        self._mask: Mask | None = mask
        self._png = b""

    def png(self) -> bytes:
        """Return the mask as a PNG file; not on two threads at once."""
        if self._mask is not None:
            self._png = encode_mask(self._mask)
            self._mask = None
        return self._png

    @property
    def mask(self) -> Mask:
        """The mask, uint8 (H, W); not to be written into."""
        kept = self._mask
        return decode_mask(self._png) if kept is None else kept


class Correction(BaseModel):
    """The difference between the mask that a correction began with and the inspector's.

    Attributes:
        model: Id of the model that marked.
        threshold: Probability from which on a pixel counted as defect (0 … 1).
        began_sha256: Hash of the file with the mask that the correction began with.
        taken_over: The inspector's mask began as a copy of the model's: what is the same in both was left as it was.
        dice: Agreement of the two masks, classes compared as they are labeled; None where the inspector's is clean.
        pixels_added: Pixels marked that were not (px²).
        pixels_removed: Pixels no longer marked (px²).
        pixels_relabeled: Pixels that are of another class (px²).
        regions: Defects in the inspector's mask.
        regions_added: Those of them of which nothing was marked.
        regions_removed: Marked regions of which nothing is left: false alarms.
    """

    model_config = ConfigDict(extra="allow")

    model: str
    threshold: float
    began_sha256: str = ""
    taken_over: bool = True
    dice: float | None = Field(default=None, ge=0, le=1)
    pixels_added: int = 0
    pixels_removed: int = 0
    pixels_relabeled: int = 0
    regions: int = 0
    regions_added: int = 0
    regions_removed: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the model was right in every pixel."""
        return not (self.pixels_added or self.pixels_removed or self.pixels_relabeled)

    @property
    def false_alarm(self) -> bool:
        """Tell whether something was marked on a clean image."""
        return self.regions == 0 and self.pixels_removed > 0

    @property
    def error(self) -> float:
        """How wrong the model was (0 … 1): by pixels, or by regions where that is more.

        A short scratch that was missed beside a long one hardly shows in the pixels; it does in the regions.
        """
        if self.is_unchanged:
            return 0.0
        by_pixels = 1.0 if self.dice is None else 1 - self.dice
        regions = self.regions + self.regions_removed
        return max(by_pixels, (self.regions_added + self.regions_removed) / regions if regions else 0.0)

    @property
    def weight(self) -> float:
        """How often to learn from the image, from 1 (nothing was changed) to `HEAVIEST`: 1 + 3 × `error`."""
        return 1 + (HEAVIEST - 1) * self.error


def correction_between(began: Beginning, mask: Mask) -> Correction | None:
    """Return what was changed; None where the two masks are of different sizes.

    Args:
        began: What the correction began with.
        mask: The inspector's mask, uint8 (H, W).
    """
    before = began.mask
    if before.shape != mask.shape:
        return None
    added, removed, relabeled = _changed_pixels(before, mask)
    total = cv2.countNonZero(mask)
    common = total - added - relabeled
    kept, new = _regions(mask, before)
    _, gone = _regions(before, mask)
    return Correction(
        model=began.model,
        threshold=began.threshold,
        began_sha256=hashlib.sha256(began.png()).hexdigest(),
        taken_over=began.taken_over,
        dice=2 * common / (cv2.countNonZero(before) + total) if total else None,
        pixels_added=added,
        pixels_removed=removed,
        pixels_relabeled=relabeled,
        regions=kept + new,
        regions_added=new,
        regions_removed=gone,
    )


def changed_surroundings(before: Mask, mask: Mask, reach: int) -> NDArray[np.uint8]:
    """Return where the inspector certainly looked: 255 within `reach` px of a changed pixel, else 0, uint8 (H, W)."""
    changed = np.asarray(cv2.compare(before, mask, cv2.CMP_NE), np.uint8)
    return np.asarray(cv2.dilate(changed, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8)


def _changed_pixels(before: Mask, after: Mask) -> tuple[int, int, int]:
    """Count pixels added, removed and given another class."""
    added = removed = relabeled = 0
    for top in range(0, len(before), _BAND):
        old, new = before[top : top + _BAND], after[top : top + _BAND]
        changed = np.asarray(cv2.compare(old, new, cv2.CMP_NE), np.bool_)
        if changed.any():
            was, becomes = old[changed] > 0, new[changed] > 0
            added += int(np.count_nonzero(~was))
            removed += int(np.count_nonzero(~becomes))
            relabeled += int(np.count_nonzero(was & becomes))
    return added, removed, relabeled


def _regions(of: Mask, against: Mask) -> tuple[int, int]:
    """Count the regions of a mask on which the other one marks something, and those on which it marks nothing."""
    touched = missed = 0
    for label in labels_in(of):
        highest = components(of, label, against).highest
        touched += int(np.count_nonzero(highest))
        missed += int(np.count_nonzero(highest == 0))
    return touched, missed
