"""Which images of the queue are shown, and in which order: numpy columns, no Qt.

A row of the queue keeps its place while one works: `arrange` runs only when it is asked for.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from scratchgui.core.doubt import as_points, unlike_each_other
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
# A verdict of REVIEW is near a rule of the recipe: it counts for more than the doubt about its mask alone.
_NEAR_RULE: Final = 0.5
# Ranks after every image of which it is known how sure the model is (they have ranks of at most 0).
_UNSCORED, _UNREADABLE, _APPROVED = 2.0, 3.0, 4.0
# So many of the most doubtful images are compared in looks with so many approved ones, and so many of them come first.
_CANDIDATES, _COMPARED, _FIRST = 2048, 512, 32


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
        self.doubt = np.fromiter((np.nan if r.doubt is None else r.doubt.pixels for r in records), np.float64, count)
        self.impressions = [None if r.doubt is None else r.doubt.impression for r in records]
        self.date = np.zeros(count, np.float64)

    def read(self, index: int, record: ImageRecord) -> None:
        """Take over one record's present values."""
        self.approved[index] = record.status is ReviewStatus.APPROVED
        self.score[index] = np.nan if record.score is None else record.score
        self.verdict[index] = _VERDICTS[record.verdict]
        self.failed[index] = record.failure is not None
        self.doubt[index] = np.nan if record.doubt is None else record.doubt.pixels
        self.impressions[index] = None if record.doubt is None else record.doubt.impression

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

    def sort_values(self, key: SortKey) -> NDArray[np.float64]:
        """Return the values (N,) whose ascending order is the queue's; equal values stay in name order."""
        match key:
            case SortKey.NEEDS_A_LOOK:
                return self._looked_at_last()
            case SortKey.SCORE:
                return np.where(np.isnan(self.score), 1.0, -self.score)
            case SortKey.DATE:
                return -self.date
            case SortKey.VERDICT:
                return -self.verdict.astype(np.float64)
        return np.arange(self.failed.size, dtype=np.float64)

    def _looked_at_last(self) -> NDArray[np.float64]:
        """Return how little each image needs a look.

        The more the model expects to have wrong, the sooner; and first some of them that are unlike all that was
        approved and unlike each other, since one of each kind teaches more than many of one.
        """
        count = self.failed.size
        waits = self.to_review & ~np.isnan(self.doubt)
        known = np.flatnonzero(waits)
        need = np.zeros(count)
        # By rank: an image of twice the size is not twice as urgent. Those without a doubt have none.
        doubt = self.doubt[known]
        need[known] = (np.searchsorted(np.sort(doubt), doubt) + (doubt > 0)) / max(1, known.size)
        need[waits & np.equal(self.verdict, _VERDICTS[Verdict.REVIEW])] += _NEAR_RULE
        values = np.where(waits, -need, _UNSCORED)
        first = self._first_of_each_kind(known, need)
        values[first] = np.arange(first.size) - _FIRST - 2
        values[self.failed] = _UNREADABLE
        values[self.approved] = _APPROVED
        return values

    def _first_of_each_kind(self, known: NDArray[np.intp], need: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the images that come first, of those that are known and need a look."""
        candidates = known[np.argsort(-need[known], kind="stable")][:_CANDIDATES]
        if not all(self.impressions[index] for index in candidates.tolist()):  # kept by an earlier program
            return candidates[:0]
        approved = np.array([index for index in np.flatnonzero(self.approved) if self.impressions[index]], np.intp)
        seen = approved[:: max(1, -(-len(approved) // _COMPARED))]
        taken = unlike_each_other(self._points(candidates), need[candidates], self._points(seen), _FIRST)
        return candidates[taken]

    def _points(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        return as_points([self.impressions[index] or b"" for index in indices.tolist()])


class QueueOrder:
    """The shown rows: `rows[i]` is the record of row i, `position[j]` the row of record j or -1.

    Attributes:
        filter: Which images are shown.
        sort: What they are sorted by.
        search: Text that shown names contain, in any case.
    """

    def __init__(self) -> None:
        self.filter = FilterKey.ALL
        self.sort = SortKey.NEEDS_A_LOOK
        self.search = ""
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
        values = self.columns.sort_values(self.sort)[shown]
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
