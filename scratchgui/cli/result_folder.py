"""The folder of `scratchgui infer`'s results as a whole: what is in it, what is added, and what is summed up."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scratchgui.cli.infer_summary import Effort, Tally, write_summary
from scratchgui.cli.result_log import ResultLog
from scratchgui.cli.result_records import result_of
from scratchgui.core.errors import UserError
from scratchgui.reports.tables import DEFECTS_FILE, IMAGES_FILE, write_defect_table, write_image_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scratchgui.cli.run_card import RunCard
    from scratchgui.cli.worklist import Stamp, Worklist
    from scratchgui.reports.summary import ImageResult


class ResultFolder:
    """Keeps results.jsonl, and makes the tables and summary.json of it."""

    def __init__(self, folder: Path, card: RunCard, worklist: Worklist, *, fresh: bool = False) -> None:
        """Open the folder, and note in the worklist what was judged before.

        Args:
            folder: The folder; made where there is none.
            card: What is going to be added.
            worklist: The images.
            fresh: Forget what was judged before.

        Raises:
            UserError: It holds results that were made with something else, another program adds to it, or it cannot be
                written.
        """
        self._folder = folder
        self._card = card
        self._worklist = worklist
        with _writing(folder):
            if not fresh:
                card.check(folder)
            self._log = ResultLog(folder, fresh=fresh)
            card.write(folder)
            self._log.recall_into(worklist)

    def close(self) -> None:
        """Write everything to the disk.

        Raises:
            UserError: It cannot be written.
        """
        with _writing(self._folder):
            self._log.close()

    def add(self, rel: str, name: str, stamp: Stamp, line: str, *, judged: bool) -> None:
        """Add what is known of an image.

        Args:
            rel: The image.
            name: Name of its results; empty when there are none.
            stamp: State of its file.
            line: The record, as JSON in one line.
            judged: Whether it has a verdict.

        Raises:
            UserError: It cannot be written.
        """
        with _writing(self._folder):
            place = self._log.add(line)
        self._worklist.recall(rel, name, stamp, judged=judged, place=place)
        self._worklist.settle(rel)

    def sum_up(self, effort: Effort) -> Tally:
        """Write the tables and the summary of all results, one after the other, and return the numbers.

        Raises:
            UserError: They cannot be written.
        """
        tally = Tally()
        with _writing(self._folder):
            for record in self._records():
                tally.count(record)
            write_image_table(self._folder / IMAGES_FILE, self._results())
            write_defect_table(self._folder / DEFECTS_FILE, self._results(), self._card.model.classes)
            write_summary(self._folder, self._card, effort, tally, self._records())
        return tally

    def _records(self) -> Iterator[dict[str, Any]]:
        return self._log.records(self._worklist)

    def _results(self) -> Iterator[ImageResult]:
        return (result_of(record) for record in self._records())


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what may happen to a folder into a sentence."""
    try:
        yield
    except OSError as error:
        raise UserError(f"The results cannot be written ({error.strerror})", path=folder) from error
