"""Cleaning up the mask of the current image: holes, growing and shrinking, specks, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from scratchgui.core import morphology
from scratchgui.core.gaps import close_gaps
from scratchgui.core.morphology import CleanUp, Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scratchgui.controllers.context import Context
    from scratchgui.controllers.correction_controller import CorrectionController
    from scratchgui.controllers.judging import JudgingController
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.history import Step
    from scratchgui.model.mask_document import MaskDocument
    from scratchgui.model.session import OpenImage

_AT_ONCE = 4_000_000
"""Masks of up to so many pixels are cleaned at once, larger ones in the pool."""
_TRIES = 3


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
        mask = self._shown(image)
        if mask is None or tries == 0:
            return
        if mask.size <= _AT_ONCE:
            self._apply(image, order, _clean(mask, order))
            return
        revision = image.document.revision
        done = partial(self._on_cleaned, image, order, revision, tries)
        self._context.runner.run(_clean, mask, order, on_result=done, owner=self)

    def _on_cleaned(self, image: OpenImage, order: _Order, revision: int, tries: int, cleaned: CleanUp) -> None:
        if image is not self._context.session.image:
            return
        if image.document.revision != revision or image.document.is_stroking:
            self._start(image, order, tries - 1)  # it was edited in the meantime: look again
        else:
            self._apply(image, order, cleaned)

    def _shown(self, image: OpenImage) -> Mask | None:
        """Return the mask that counts: the inspector's, or what the model finds at the present threshold."""
        if image.document.has_own_mask:
            return image.document.mask
        reading = self._judging.reading
        return reading.predicted_mask if reading is not None and reading.rel == image.rel else None

    def _apply(self, image: OpenImage, order: _Order, cleaned: CleanUp) -> None:
        words, notices, document = _WORDS[order.key], self._context.notices, image.document
        if not cleaned.changes:
            notices.info(words.nothing.format(limit=order.limit))
            return
        self._correction.prepare_edit()
        document.begin_stroke(0)
        for change in cleaned.changes:
            document.paint(change.box, change.pixels, change.label)
        document.end_stroke(words.step)
        text = (words.one if cleaned.count == 1 else words.several).format(count=cleaned.count, limit=order.limit)
        if cleaned.gone:
            text += f"; {cleaned.gone:,} of them {'was' if cleaned.gone == 1 else 'were'} too thin and vanished"
        undo = partial(_undo, document, document.history.last)
        notices.success(f"{text}.", action_text="Undo", action=undo)


def _undo(document: MaskDocument, step: Step | None) -> None:
    """Take the step back, unless more was done since."""
    if document.history.last is step:
        document.undo()


def _clean(mask: Mask, order: _Order) -> CleanUp:
    found = pieces(mask, order.boxes, order.skip)
    actions: dict[CleanUpKey, Callable[[Mask, list[Piece]], CleanUp]] = {
        CleanUpKey.FILL_HOLES: morphology.fill_holes,
        CleanUpKey.GROW: morphology.grow,
        CleanUpKey.SHRINK: morphology.shrink,
        CleanUpKey.REMOVE_SPECKS: lambda _, regions: morphology.remove_specks(regions, order.limit),
        CleanUpKey.CLOSE_GAPS: lambda mask, regions: close_gaps(mask, regions, order.limit),
    }
    return actions[order.key](mask, found)
