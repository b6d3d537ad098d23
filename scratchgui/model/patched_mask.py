"""A label map that changes by patches: undo, redo and what is saved of it."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING
from weakref import ref

import numpy as np
from PySide6.QtCore import QObject, Signal

from scratchgui.core.geometry import Box
from scratchgui.model.history import History, Step
from scratchgui.model.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.model.undo import Patch

_MOST_BOXES = 256
"""With more patches than this, one box around all is told instead of each."""


class PatchedMask(QObject):
    """The label map of one image with its history.

    Signals:
        changed(Box): Pixels of the box (px) were written, by a running gesture, undo or redo.
        edited(): A gesture, undo or redo is complete: `revision` has grown.
        dirty_changed(bool): There is something to save, or nothing any more.
        own_mask_changed(bool): The inspector's mask began or stopped to count (see `has_own_mask`).

    Attributes:
        image_rel: Name of the image in the project.
        history: One step a gesture.
        revision: Grows with each change.
        locked: Labels whose pixels stay as they are, whatever is painted or edited.
    """

    changed = Signal(object)
    edited = Signal()
    dirty_changed = Signal(bool)
    own_mask_changed = Signal(bool)

    def __init__(self, image_rel: str, mask: Mask, *, own: bool = True, parent: QObject | None = None) -> None:
        """Take a label map over.

        Args:
            image_rel: Name of the image in the project.
            mask: uint8 (H, W); kept and written, not copied, unless it is read-only or not contiguous.
            own: Whether the inspector made the mask, so that it counts even when it is empty.
            parent: Qt parent.

        Raises:
            ValueError: The mask is no uint8 array of two dimensions.
        """
        super().__init__(parent)
        if mask.ndim != 2 or mask.dtype != np.uint8:
            raise ValueError(f"a mask is uint8 (H, W), not {mask.dtype} {mask.shape}")
        self.image_rel = image_rel
        self.history = History()
        self.revision = 0
        self._mask = np.require(mask, requirements=["C", "W"])
        self._saved = 0
        self._own = own
        self._told_own = own
        self.locked: frozenset[int] = frozenset()
        self._snapshots: list[ref[Snapshot]] = []

    @property
    def mask(self) -> Mask:
        """The label map, uint8 (H, W). Read it, but write it only through its document."""
        return self._mask

    @property
    def dirty(self) -> bool:
        """Tell whether there are changes that are not saved."""
        return self.revision != self._saved

    @property
    def has_own_mask(self) -> bool:
        """Tell whether the inspector's mask counts, also when it is empty; until then the prediction does."""
        return self._own or self.history.can_undo

    def open_labels(self, only: Collection[int] | None = None) -> NDArray[np.bool_] | None:
        """Return for each label whether it may be replaced, bool (256,); None when all may.

        Args:
            only: Nothing but these labels may be.
        """
        if only is None and not self.locked:
            return None
        table = np.full(256, only is None)
        table[list(only or ())] = True
        table[list(self.locked)] = False
        return table

    def snapshot(self) -> Snapshot:
        """Return the label map as it is now, to be copied and saved by another thread; its number is `revision`."""
        taken = Snapshot(self._mask)
        self._snapshots.append(ref(taken))
        return taken

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        if not self.history.can_undo:
            return False
        self._apply(self.history.back().patches, False)
        self._advance()
        return True

    def redo(self) -> bool:
        """Do the step again that was taken back last; return whether there was one."""
        if not self.history.can_redo:
            return False
        self._apply(self.history.forward().patches, True)
        self._advance()
        return True

    def mark_saved(self, revision: int) -> None:
        """Remember that this revision is on disk."""
        was = self.dirty
        self._saved = revision
        if self.dirty != was:
            self.dirty_changed.emit(self.dirty)

    def _push(self, text: str, patches: Sequence[Patch], *, even_if_same: bool = False) -> bool:
        """Make patches that are in the mask already one undo step."""
        if patches or even_if_same:
            self.history.push(Step(text, tuple(patches)))
            self._advance()
        return bool(patches)

    def _apply(self, patches: Sequence[Patch], forward: bool) -> None:
        """Write patches into the mask; `forward` writes the labels after the change, else those before."""
        for patch in patches:
            self._before_write(patch.box)
            patch.apply(self._mask, forward=forward)
        self._tell_changed([patch.box for patch in patches])

    def _before_write(self, box: Box) -> None:
        """Call before pixels in the box (inside the image) are written: what is not saved yet must not be lost."""
        for reference in list(self._snapshots):
            taken = reference()
            if taken is None or taken.is_copied:
                self._snapshots.remove(reference)
            else:
                taken.keep(box)

    def _tell_changed(self, boxes: Sequence[Box]) -> None:
        if len(boxes) > _MOST_BOXES:
            boxes = [reduce(Box.union, boxes)]
        for box in boxes:
            self.changed.emit(box)

    def _tell_own(self) -> None:
        if self.has_own_mask != self._told_own:
            self._told_own = self.has_own_mask
            self.own_mask_changed.emit(self._told_own)

    def _advance(self) -> None:
        was = self.dirty
        self.revision += 1
        self._tell_own()
        if not was:
            self.dirty_changed.emit(True)
        self.edited.emit()
