"""A label map that is painted: gestures that end as one undo step each."""

from __future__ import annotations

from math import ceil, floor, hypot
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.brush import stroke_coverage
from scratchgui.core.geometry import Box
from scratchgui.model.patched_mask import PatchedMask
from scratchgui.model.undo import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from scratchgui.model.undo import Patch

_LONGEST_STAMP = 512
"""Longer moves are cut (px), so that a diagonal over a huge image does not need a stamp of its size."""

_LARGE = 256 * 256
"""Of larger boxes only the part with pixels in it is looked at (px²): one around a scratch is mostly empty."""


class StrokedMask(PatchedMask):
    """The label map of one image with running gestures; signals as in `PatchedMask`."""

    _recorder: Recorder | None = None
    _label = 0
    _over: NDArray[np.bool_] | None = None
    _only: Callable[[Box], NDArray[np.bool_]] | None = None

    @property
    def has_own_mask(self) -> bool:
        """Tell whether the inspector's mask counts, also when it is empty; a running stroke makes it count."""
        return self._recorder is not None or super().has_own_mask

    @property
    def is_stroking(self) -> bool:
        """Tell whether a gesture runs, so that the mask is between two states."""
        return self._recorder is not None

    def begin_stroke(
        self,
        label: int,
        over: Collection[int] | None = None,
        only: Callable[[Box], NDArray[np.bool_]] | None = None,
    ) -> None:
        """Begin a gesture; one that still runs is taken back.

        Args:
            label: Class that it paints with, 0 to erase.
            over: Labels that it may replace; None for all. Locked ones never are.
            only: Returns which pixels of a box inside the image it may write, bool (box height, box width); None for
                all.
        """
        self.cancel_stroke()
        self._recorder = Recorder(self._mask)
        self._label = label
        self._over = self.open_labels(over)
        self._only = only
        self._tell_own()

    def extend_stroke(
        self, x0: float, y0: float, x1: float, y1: float, diameter: int, end_diameter: int | None = None
    ) -> Box:
        """Paint the brush's way from one point to another; both ways it is the same.

        Args:
            x0: Start, image coordinates (px).
            y0: Start.
            x1: End.
            y1: End.
            diameter: Size of the brush (px).
            end_diameter: Its size at the end when it changes evenly on the way; None when it does not.

        Returns:
            The box that was written.

        Raises:
            RuntimeError: No stroke was begun.
        """
        ends = sorted([(x0, y0, diameter), (x1, y1, diameter if end_diameter is None else end_diameter)])
        parts = max(1, ceil(hypot(x1 - x0, y1 - y0) / _LONGEST_STAMP))
        xs, ys, widths = np.linspace(ends[0], ends[1], parts + 1, axis=1).tolist()
        sizes = [floor(width + 0.5) for width in widths]
        written = Box.empty()
        for part in range(parts):
            covered, left, top = stroke_coverage(
                *(xs[part], ys[part], xs[part + 1], ys[part + 1]), sizes[part], sizes[part + 1]
            )
            written = written.union(self.paint(Box(left, top, covered.shape[1], covered.shape[0]), covered))
        return written

    def paint(self, box: Box, pixels: NDArray[np.bool_], label: int | None = None) -> Box:
        """Let the running gesture write pixels, bool (box height, box width), of a box that may reach outside.

        Args:
            box: Where the pixels lie (px).
            pixels: Which of them are written.
            label: What they become; None for the label that the gesture began with.

        Returns:
            What is written, inside the image: the box, or of a large one the part that has such pixels.

        Raises:
            RuntimeError: No stroke was begun.
        """
        if self._recorder is None:
            raise RuntimeError("no stroke was begun")
        height, width = self._mask.shape
        inner = box.clipped(width, height)
        inside = pixels[inner.y - box.y : inner.bottom - box.y, inner.x - box.x : inner.right - box.x]
        if inner.area > _LARGE:
            marked = Box(*cv2.boundingRect(np.ascontiguousarray(inside).view(np.uint8)))
            inner, inside = marked.moved(inner.x, inner.y), inside[marked.slices]
        if not inner.is_empty:
            self._recorder.keep(inner)
            if self._over is not None:
                inside = inside & self._over.take(self._mask[inner.slices])
            if self._only is not None:
                inside = inside & self._only(inner)
            self._before_write(inner)
            self._mask[inner.slices][inside] = self._label if label is None else label
            self.changed.emit(inner)
        return inner

    def end_stroke(self, text: str) -> bool:
        """Make the gesture one undo step of this name; return whether it changed anything."""
        recorder, self._recorder, self._only = self._recorder, None, None  # `only` may hold the whole image
        done = recorder is not None and self._push(text, recorder.patches())
        self._tell_own()
        return done

    def cancel_stroke(self) -> None:
        """Take the running gesture back as if it had not begun."""
        if self._recorder is not None:
            self.rewind_stroke()
            self._recorder = self._only = None
            self._tell_own()

    def rewind_stroke(self) -> None:
        """Take back what the running gesture has painted, and let it go on from nothing."""
        if self._recorder is not None:
            boxes = self._recorder.boxes
            for box in boxes:
                self._before_write(box)
            self._recorder.restore()
            self._recorder = Recorder(self._mask)
            self._tell_changed(boxes)

    def _apply(self, patches: Sequence[Patch], forward: bool) -> None:
        # Undo in the middle of a stroke: the stroke is not part of the history yet.
        self.cancel_stroke()
        super()._apply(patches, forward)
