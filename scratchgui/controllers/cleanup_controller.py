"""Cleaning up the mask of the current image: holes, growing and shrinking, specks, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from scratchgui.controllers.correction_controller import CorrectionController, take_back
from scratchgui.core import morphology
from scratchgui.core.gaps import close_gaps
from scratchgui.core.morphology import CleanUp, Piece, pieces
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.controllers.judging import JudgingController
    from scratchgui.core.cutting import Cutting
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.session import OpenImage

_AT_ONCE = 4_000_000
"""Masks of up to so many pixels are cleaned at once, larger ones in the pool."""
_TRIES = 3
_GIVEN_UP = "“{step}” did nothing, because the mask went on changing. Choose it again when you are done."


class CleanUpKey(StrEnum):
    """What can be done."""

    FILL_HOLES = "fill_holes"
    GROW = "grow"
    SHRINK = "shrink"
    REMOVE_SPECKS = "remove_specks"
    CLOSE_GAPS = "close_gaps"


@dataclass(frozen=True, slots=True)
class _Words:
    """Name of the undo step; sentences for one, for several (with {count} and {limit}), and for nothing found."""

    step: str
    one: str
    several: str
    nothing: str


_WORDS: Final = {
    CleanUpKey.FILL_HOLES: _Words("Fill holes", "1 hole filled", "{count:,} holes filled", "There are no holes."),
    CleanUpKey.GROW: _Words(
        "Grow defects", "1 defect grown by 1 px", "{count:,} defects grown by 1 px", "There is nothing to grow."
    ),
    CleanUpKey.SHRINK: _Words(
        "Shrink defects", "1 defect shrunk by 1 px", "{count:,} defects shrunk by 1 px", "There is nothing to shrink."
    ),
    CleanUpKey.REMOVE_SPECKS: _Words(
        "Remove specks",
        "1 speck under {limit:,} px² removed",
        "{count:,} specks under {limit:,} px² removed",
        "There are no specks under {limit:,} px².",
    ),
    CleanUpKey.CLOSE_GAPS: _Words(
        "Close gaps",
        "1 gap of up to {limit:,} px closed",
        "{count:,} gaps of up to {limit:,} px closed",
        "There are no gaps of up to {limit:,} px between pieces that go on in each other.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Order:
    """One request: what, with which limit (px or px²), on which regions (None for all), but not on these classes."""

    key: CleanUpKey
    limit: int
    boxes: Collection[Box] | None
    skip: Collection[int]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What is cleaned.

    Attributes:
        revision: Number of the document's state.
        mask: The mask, uint8 (H, W); None where it is still to be cut.
        probability: What it is cut from, uint8 (C, H, W); None for the inspector's own mask.
        cutting: How it is cut; None for the inspector's own mask.
    """

    revision: int
    mask: Mask | None
    probability: NDArray[np.uint8] | None = None
    cutting: Cutting | None = None

    def is_same(self, other: _Basis | None) -> bool:
        """Tell whether another one has the same mask."""
        if other is None or self.revision != other.revision:
            return False
        return self.probability is other.probability and self.cutting == other.cutting

    def shown(self) -> Mask:
        """Return the mask; on any thread."""
        if self.mask is not None:
            return self.mask
        assert self.probability is not None and self.cutting is not None
        return cut(self.probability, self.cutting)


class CleanUpController(QObject):
    """Cleans up the selected defects or all, each time as one undo step, and says what changed."""

    def __init__(
        self,
        context: Context,
        judging: JudgingController,
        correction: CorrectionController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._judging = judging
        self._correction = correction

    def run(self, key: CleanUpKey, numbers: Collection[int] = ()) -> None:
        """Clean up the defects of these numbers, or all when there are none.

        While there is no mask of the inspector's, the prediction is taken over first if anything is to be changed.
        """
        image, reading = self._context.session.image, self._judging.reading
        if image is None or image.read_only:
            return
        boxes = None
        if numbers and reading is not None and reading.rel == image.rel:
            boxes = [region.box for region in reading.regions if region.number in numbers]
        options = self._context.editor.options
        limit = options.speck_area if key is CleanUpKey.REMOVE_SPECKS else options.gap_length
        self._start(image, _Order(key, limit, boxes, image.document.locked), _TRIES)

    def _start(self, image: OpenImage, order: _Order, tries: int) -> None:
        basis = self._basis(image)
        if basis is None:
            return
        if image.document.mask.size <= _AT_ONCE:
            self._apply(image, order, _clean(basis, order))
            return
        done = partial(self._on_cleaned, image, order, basis, tries)
        self._context.runner.run(_clean, basis, order, on_result=done, owner=self)

    def _on_cleaned(self, image: OpenImage, order: _Order, basis: _Basis, tries: int, cleaned: CleanUp) -> None:
        if image is not self._context.session.image:
            return
        if basis.is_same(self._basis(image)) and not image.document.is_stroking:
            self._apply(image, order, cleaned)
        elif tries > 1:
            self._start(image, order, tries - 1)  # it was edited in the meantime, or cut anew: look again
        else:
            self._context.notices.warning(_GIVEN_UP.format(step=_WORDS[order.key].step))

    def _basis(self, image: OpenImage) -> _Basis | None:
        """Return what counts: the inspector's mask, or what the model finds at the present threshold."""
        document, prediction, reading = image.document, image.prediction, self._judging.reading
        if document.has_own_mask:
            return _Basis(document.revision, document.mask)
        if prediction is None:
            return None
        probability, cutting = prediction.probability, self._context.editor.cutting
        known = None if reading is None else reading.cut(probability, cutting)
        return _Basis(document.revision, known, probability, cutting)

    def _apply(self, image: OpenImage, order: _Order, cleaned: CleanUp) -> None:
        words, notices, document = _WORDS[order.key], self._context.notices, image.document
        if not cleaned.changes:
            notices.info(words.nothing.format(limit=order.limit))
            return
        if not document.has_own_mask and not self._correction.accept_prediction():
            return
        document.begin_stroke(0)
        for change in cleaned.changes:
            document.paint(change.box, change.pixels, change.label)
        document.end_stroke(words.step)
        text = (words.one if cleaned.count == 1 else words.several).format(count=cleaned.count, limit=order.limit)
        if cleaned.gone:
            text += f"; {cleaned.gone:,} of them {'was' if cleaned.gone == 1 else 'were'} too thin and vanished"
        undo = partial(take_back, document, document.history.last)
        notices.success(f"{text}.", action_text="Undo", action=undo)


def _clean(basis: _Basis, order: _Order) -> CleanUp:
    mask = basis.shown()
    found = pieces(mask, order.boxes, order.skip)
    actions: dict[CleanUpKey, Callable[[Mask, list[Piece]], CleanUp]] = {
        CleanUpKey.FILL_HOLES: morphology.fill_holes,
        CleanUpKey.GROW: morphology.grow,
        CleanUpKey.SHRINK: morphology.shrink,
        CleanUpKey.REMOVE_SPECKS: lambda _, regions: morphology.remove_specks(regions, order.limit),
        CleanUpKey.CLOSE_GAPS: lambda mask, regions: close_gaps(mask, regions, order.limit),
    }
    return actions[order.key](mask, found)
