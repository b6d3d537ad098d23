"""The mask of one image as it is edited: strokes, deleted regions, whole masks."""

from __future__ import annotations

from math import ceil, hypot
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.brush import stroke_coverage
from scratchgui.core.geometry import Box
from scratchgui.core.regions import region_at
from scratchgui.model.patched_mask import PatchedMask
from scratchgui.model.undo import Patch, Recorder, differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

_LONGEST_STAMP = 512
"""Longer moves are cut (px), so that a diagonal over a huge image does not need a stamp of its size."""


class MaskDocument(PatchedMask):
    """The label map of one image with the gestures that edit it; signals as in `PatchedMask`."""

    _recorder: Recorder | None = None
    _label = 0

    @classmethod
    def blank(cls, image_rel: str, width: int, height: int) -> MaskDocument:
        """Return the document of an image (size in px) that nobody has corrected yet."""
        return cls(image_rel, np.zeros((height, width), np.uint8), own=False)

    @property
    def has_own_mask(self) -> bool:
        """Tell whether the inspector's mask counts, also when it is empty; a running stroke makes it count."""
        return self._recorder is not None or super().has_own_mask

    @property
    def is_stroking(self) -> bool:
        """Tell whether a gesture runs, so that the mask is between two states."""
        return self._recorder is not None

    def begin_stroke(self, label: int) -> None:
        """Begin a gesture that paints with a class, or erases with 0; one that still runs is taken back."""
        self.cancel_stroke()
        self._recorder = Recorder(self._mask)
        self._label = label
        self._tell_own()

    def extend_stroke(self, x0: float, y0: float, x1: float, y1: float, diameter: int) -> Box:
        """Paint the brush's way from one point to another (image coordinates, px); return the box that was written.

        Raises:
            RuntimeError: No stroke was begun.
        """
        parts = max(1, ceil(hypot(x1 - x0, y1 - y0) / _LONGEST_STAMP))
        xs, ys = np.linspace(x0, x1, parts + 1).tolist(), np.linspace(y0, y1, parts + 1).tolist()
        written = Box.empty()
        for part in range(parts):
            written = written.union(self._stamp(xs[part], ys[part], xs[part + 1], ys[part + 1], diameter))
        return written

    def end_stroke(self, text: str) -> bool:
        """Make the gesture one undo step of this name; return whether it changed anything."""
        recorder, self._recorder = self._recorder, None
        done = recorder is not None and self._push(text, recorder.patches())
        self._tell_own()
        return done

    def cancel_stroke(self) -> None:
        """Take the running gesture back as if it had not begun."""
        if self._recorder is not None:
            self.rewind_stroke()
            self._recorder = None
            self._tell_own()

    def rewind_stroke(self) -> None:
        """Take back what the running gesture has painted, and let it go on from nothing."""
        if self._recorder is not None:
            boxes = self._recorder.restore()
            self._recorder = Recorder(self._mask)
            self._tell_changed(boxes)

    def replace(self, mask: Mask, text: str) -> bool:
        """Replace the whole label map, uint8 (H, W), as one undo step; return whether pixels changed.

        When the mask did not count as the inspector's own, it does so from this step on, even if no pixel changed.

        Raises:
            ValueError: The mask has another size or type.
        """
        if mask.shape != self._mask.shape or mask.dtype != np.uint8:
            raise ValueError(f"a mask of {mask.dtype} {mask.shape} cannot replace one of {self._mask.shape}")
        self.cancel_stroke()
        return self._commit(differences(self._mask, mask), text)

    def delete_region(self, x: int, y: int, text: str = "Delete defect") -> bool:
        """Delete the connected region at a pixel as one undo step; return whether there was one."""
        self.cancel_stroke()
        found = region_at(self._mask, x, y)
        return found is not None and self.fill(*found, 0, text)

    def fill(self, box: Box, pixels: NDArray[np.bool_], label: int, text: str) -> bool:
        """Give pixels, bool (box height, box width), of a box inside the image a label as one undo step."""
        self.cancel_stroke()
        before = self._mask[box.slices]
        patch = Patch.between(box.x, box.y, before, np.where(pixels, np.uint8(label), before))
        return patch is not None and self._commit([patch], text)

    def clear(self, text: str = "Clear mask") -> bool:
        """Make the whole mask background as one undo step; return whether pixels changed."""
        return self.replace(np.zeros_like(self._mask), text)

    def _stamp(self, x0: float, y0: float, x1: float, y1: float, diameter: int) -> Box:
        if self._recorder is None:
            raise RuntimeError("no stroke was begun")
        covered, left, top = stroke_coverage(x0, y0, x1, y1, diameter)
        height, width = self._mask.shape
        box = Box(left, top, covered.shape[1], covered.shape[0]).clipped(width, height)
        if not box.is_empty:
            self._recorder.keep(box)
            inside = covered[box.y - top : box.bottom - top, box.x - left : box.right - left]
            self._mask[box.slices][inside] = self._label
            self.changed.emit(box)
        return box

    def _commit(self, patches: Sequence[Patch], text: str) -> bool:
        even_if_same = not self.has_own_mask
        self._apply(patches, True)
        return self._push(text, patches, even_if_same=even_if_same)

    def _apply(self, patches: Sequence[Patch], forward: bool) -> None:
        # Undo in the middle of a stroke: the stroke is not part of the history yet.
        self.cancel_stroke()
        super()._apply(patches, forward)
