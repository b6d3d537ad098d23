"""Which images of the queue are shown, and in which order: numpy columns, no Qt.

A row of the queue keeps its place while one works: `arrange` runs only when it is asked for.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from scratchgui.core.project import ReviewStatus
from scratchgui.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from scratchgui.core.project import ImageRecord


class FilterKey(StrEnum):
    """Which images are shown."""

    ALL = "all"
    TO_REVIEW = "to_review"
    NG = "ng"
    OK = "ok"
    FAILED = "failed"


class SortKey(StrEnum):
    """What the images are sorted by."""

    NEEDS_A_LOOK = "needs_a_look"
    NAME = "name"
    SCORE = "score"
    DATE = "date"
    VERDICT = "verdict"


_VERDICTS: Final = {None: 0, Verdict.OK: 1, Verdict.REVIEW: 2, Verdict.NG: 3}
# A verdict of REVIEW is near a rule of the recipe: it counts as this much nearer to the threshold.
_NEAR_RULE: Final = 0.25
# Ranks after every scored image (whose distance is at most 1).
_UNSCORED, _UNREADABLE, _APPROVED = 2.0, 3.0, 4.0


class QueueColumns:
    """The records' values in columns of length N, in the records' own (name) order.

    Attributes:
        names: Their names.
        index: Where each name is.
    """

    def __init__(self, records: list[ImageRecord]) -> None:
        count = len(records)
        self.names = [record.rel for record in records]
        self.index = dict(zip(self.names, range(count), strict=True))
        self.approved = np.fromiter((r.status is ReviewStatus.APPROVED for r in records), np.bool_, count)
        self.score = np.fromiter((np.nan if r.score is None else r.score for r in records), np.float64, count)
        self.verdict = np.fromiter((_VERDICTS[r.verdict] for r in records), np.int8, count)
        self.failed = np.fromiter((r.failure is not None for r in records), np.bool_, count)
        self.date = np.zeros(count, np.float64)

    def read(self, index: int, record: ImageRecord) -> None:
        """Take over one record's present values."""
        self.approved[index] = record.status is ReviewStatus.APPROVED
        self.score[index] = np.nan if record.score is None else record.score
        self.verdict[index] = _VERDICTS[record.verdict]
        self.failed[index] = record.failure is not None

    @property
    def to_review(self) -> NDArray[np.bool_]:
        """Images that can be looked at and are not approved."""
        return ~(self.approved | self.failed)

    def matching(self, key: FilterKey) -> NDArray[np.bool_]:
        """Return which images a filter shows, bool (N,)."""
        match key:
            case FilterKey.TO_REVIEW:
                return self.to_review
            case FilterKey.NG:
                return np.equal(self.verdict, _VERDICTS[Verdict.NG])
            case FilterKey.OK:
                return np.equal(self.verdict, _VERDICTS[Verdict.OK])
            case FilterKey.FAILED:
                return self.failed
        return np.ones(self.failed.size, np.bool_)

    def sort_values(self, key: SortKey, threshold: float) -> NDArray[np.float64]:
        """Return the values (N,) whose ascending order is the queue's; equal values stay in name order."""
        match key:
            case SortKey.NEEDS_A_LOOK:
                return self._distance(threshold)
            case SortKey.SCORE:
                return np.where(np.isnan(self.score), 1.0, -self.score)
            case SortKey.DATE:
                return -self.date
            case SortKey.VERDICT:
                return -self.verdict.astype(np.float64)
        return np.arange(self.failed.size, dtype=np.float64)

    def _distance(self, threshold: float) -> NDArray[np.float64]:
        """How far each image is from needing a look: near the threshold or a rule first, approved last."""
        near = np.where(self.verdict == _VERDICTS[Verdict.REVIEW], _NEAR_RULE, 0.0)
        distance = np.abs(self.score - threshold) - near
        distance = np.where(np.isnan(self.score), _UNSCORED, distance)
        distance[self.failed] = _UNREADABLE
        distance[self.approved] = _APPROVED
        return distance


class QueueOrder:
    """The shown rows: `rows[i]` is the record of row i, `position[j]` the row of record j or -1.

    Attributes:
        filter: Which images are shown.
        sort: What they are sorted by.
        search: Text that shown names contain, in any case.
        threshold: Probability (0 … 1) that "needs a look" measures from.
    """

    def __init__(self) -> None:
        self.filter = FilterKey.ALL
        self.sort = SortKey.NEEDS_A_LOOK
        self.search = ""
        self.threshold = 0.5
        self._folded: list[str] = []
        self.set_records([])

    def set_records(self, records: list[ImageRecord], columns: QueueColumns | None = None) -> None:
        """Take a new list, in name order, and arrange it; `columns` where they were made already."""
        self.columns = columns or QueueColumns(records)
        self._folded = []
        self.arrange()

    def set_dates(self, dates: Mapping[str, float]) -> None:
        """Take the images' dates (seconds since 1970) by name; unknown ones come last."""
        names = self.columns.names
        self.columns.date = np.fromiter((dates.get(name, 0.0) for name in names), np.float64, len(names))

    def arrange(self) -> None:
        """Filter and sort again."""
        shown = np.flatnonzero(self.columns.matching(self.filter) & self._found())
        values = self.columns.sort_values(self.sort, self.threshold)[shown]
        self.rows: NDArray[np.intp] = shown[np.argsort(values, kind="stable")]
        self.position: NDArray[np.intp] = np.full(self.columns.failed.size, -1, np.intp)
        self.position[self.rows] = np.arange(self.rows.size)

    def _found(self) -> NDArray[np.bool_]:
        """Return which names contain the search text, bool (N,)."""
        needle = self.search.strip().casefold()
        if not needle:
            return np.ones(len(self.columns.names), np.bool_)
        if not self._folded:
            self._folded = [name.casefold() for name in self.columns.names]
        return np.fromiter((needle in name for name in self._folded), np.bool_, len(self._folded))

    def counts(self) -> dict[FilterKey, int]:
        """Return how many images each filter shows when nothing is searched."""
        return {key: int(np.count_nonzero(self.columns.matching(key))) for key in FilterKey}

    def next_to_review(self, row: int) -> int | None:
        """Return the next shown row to review after `row` (-1: from the top), going round; None if there is none."""
        waiting = np.flatnonzero(self.columns.to_review[self.rows])
        waiting = waiting[waiting != row]
        if waiting.size == 0:
            return None
        return int(waiting[np.searchsorted(waiting, row) % waiting.size])
