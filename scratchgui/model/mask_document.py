"""The mask of one image as it is edited: strokes, deleted regions, whole masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.mask import marks_anything
from scratchgui.core.regions import region_at
from scratchgui.model.stroked_mask import StrokedMask
from scratchgui.model.undo import Patch, differences, marked_tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask


class MaskDocument(StrokedMask):
    """The label map of one image with what edits it at once; signals as in `PatchedMask`.

    Locked labels (see `locked`) stay where they are whatever is done, but for undo and redo.
    """

    _empty_at = -1
    """The last revision that is known to be without a mark."""

    @classmethod
    def blank(cls, image_rel: str, width: int, height: int) -> MaskDocument:
        """Return the document of an image (size in px) that nobody has corrected yet."""
        made = cls(image_rel, np.zeros((height, width), np.uint8), own=False)
        made._empty_at = made.revision
        return made

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is marked; as a rule without looking at all pixels."""
        if self._empty_at == self.revision and not self.is_stroking:
            return True
        last = self.history.last
        for patch in () if last is None else last.patches:
            if cv2.countNonZero(self._mask[patch.box.slices]):
                return False
        if marks_anything(self._mask):
            return False
        if not self.is_stroking:
            self._empty_at = self.revision
        return True

    def replace(self, mask: Mask, text: str) -> bool:
        """Replace the whole label map, uint8 (H, W), as one undo step; return whether pixels changed.

        When the mask did not count as the inspector's own, it does so from this step on, even if no pixel changed.

        Raises:
            ValueError: The mask has another size or type.
        """
        if mask.shape != self._mask.shape or mask.dtype != np.uint8:
            raise ValueError(f"a mask of {mask.dtype} {mask.shape} cannot replace one of {self._mask.shape}")
        self.cancel_stroke()
        return self._become(mask, text)

    def write(self, box: Box, labels: Mask, text: str) -> bool:
        """Replace the labels, uint8 (box height, box width), of a box inside the image as one undo step.

        Returns:
            Whether pixels changed.
        """
        self.cancel_stroke()
        found = differences(self._mask[box.slices], self._keeping_locked(box, labels))
        return self._commit([patch.moved(box.x, box.y) for patch in found], text)

    def fill(self, box: Box, pixels: NDArray[np.bool_], label: int, text: str) -> bool:
        """Give pixels, bool (box height, box width), of a box inside the image a label as one undo step."""
        return self.write(box, np.where(pixels, np.uint8(label), self._mask[box.slices]), text)

    def delete_region(self, x: int, y: int, text: str = "Delete defect") -> bool:
        """Delete the connected region at a pixel as one undo step; return whether there was one."""
        self.cancel_stroke()
        found = region_at(self._mask, x, y)
        return found is not None and self.fill(*found, 0, text)

    def clear(self, text: str = "Clear mask") -> bool:
        """Make the whole mask background as one undo step; return whether pixels changed."""
        self.cancel_stroke()
        if self.is_empty:
            return self._push(text, (), even_if_same=not self.has_own_mask)
        changed = self._become(None, text)
        if not self.locked:
            self._empty_at = self.revision
        return changed

    def _become(self, mask: Mask | None, text: str) -> bool:
        """Become another label map (H, W), or background; where nothing is marked costs next to nothing."""
        even_if_same = not self.has_own_mask
        patches: list[Patch] = []
        before_and_after = [] if self._empty_at == self.revision else [self._mask]
        if mask is not None:
            before_and_after.append(mask)
        for tile in marked_tiles(*before_and_after):
            before = self._mask[tile.slices]
            wanted = self._keeping_locked(tile, np.zeros_like(before) if mask is None else mask[tile.slices])
            patch = Patch.between(tile.x, tile.y, before, wanted)
            if patch is not None:
                patches.append(patch)
                self._before_write(patch.box)
                before[:] = wanted
        self._tell_changed([patch.box for patch in patches])
        return self._push(text, patches, even_if_same=even_if_same)

    def _keeping_locked(self, box: Box, labels: Mask) -> Mask:
        open_labels = self.open_labels()
        before = self._mask[box.slices]
        return labels if open_labels is None else np.where(open_labels.take(before), labels, before)

    def _commit(self, patches: Sequence[Patch], text: str) -> bool:
        even_if_same = not self.has_own_mask
        self._apply(patches, True)
        return self._push(text, patches, even_if_same=even_if_same)
