"""`scratchgui infer`: one run over images, in memory that does not grow with their number."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from pydantic import ValidationError

from scratchgui.cli.console import complain, plural, say
from scratchgui.cli.infer_summary import Effort
from scratchgui.cli.judging import Judging, Piece, stamp_of
from scratchgui.cli.progress import progress_bar
from scratchgui.cli.result_files import ResultFiles
from scratchgui.cli.result_folder import ResultFolder
from scratchgui.cli.run_card import Outputs, RunCard
from scratchgui.cli.stopping import stop_on_signals
from scratchgui.cli.worklist import Worklist
from scratchgui.core.classes import class_color
from scratchgui.core.errors import UserError
from scratchgui.core.recipe import Recipe
from scratchgui.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scratchgui.cli.image_sources import ImageSources
    from scratchgui.cli.infer_summary import Tally
    from scratchgui.cli.judging import Judged
    from scratchgui.cli.progress import Bar
    from scratchgui.cli.watching import Watch
    from scratchgui.core.cutting import Cutting
    from scratchgui.inference.pipeline import Stop
    from scratchgui.inference.steady_predictor import SteadyPredictor

_NOTHING_JUDGED = 1
_SOME_FAILED = 2
_INTERRUPTED = 130


def make_recipe(min_area: int, review_area_ratio: float, ng_area_ratio: float) -> Recipe:
    """Return the acceptance rules.

    Raises:
        UserError: The two limits are the wrong way around.
    """
    try:
        return Recipe(min_area=min_area, review_area_ratio=review_area_ratio, ng_area_ratio=ng_area_ratio)
    except ValidationError as error:
        hint = "Give --ng-area-ratio at least the value of --review-area-ratio."
        raise UserError("The NG limit lies below the review limit", hint=hint) from error


class Inference:
    """One run of a model over images."""

    def __init__(
        self,
        predictor: SteadyPredictor,
        cutting: Cutting,
        recipe: Recipe,
        out: Path,
        *,
        outputs: Outputs | None = None,
        fresh: bool = False,
    ) -> None:
        """Prepare a run.

        Args:
            predictor: The model.
            cutting: How defects are cut out.
            recipe: Acceptance rules.
            out: Folder of the results.
            outputs: What is written beside masks and tables.
            fresh: Forget what was judged before.
        """
        self._predictor = predictor
        self._cutting = cutting
        self._recipe = recipe
        self._out = out
        self._outputs = outputs or Outputs()
        self._fresh = fresh
        self._done = 0
        self._failed = 0
        self._skipped = 0
        self._pages_mentioned = False

    def run(self, sources: ImageSources, watch: Watch | None = None) -> int:
        """Judge the images and return the exit status: what was judged before, and did not change, is left out.

        What was done until Ctrl+C is kept and summed up.

        Args:
            sources: The images.
            watch: How to go on with those that come later; None to end after those that are there.

        Raises:
            UserError: There are no images, the folder's results were made otherwise, or nothing can be written.
        """
        card = self._card(sources)
        try:
            with stop_on_signals() as stop, closing(Worklist()) as worklist:
                if watch is None:
                    _list(sources, worklist)
                with closing(ResultFolder(self._out, card, worklist, fresh=self._fresh)) as folder:
                    return self._run(sources, card, worklist, folder, watch, stop)
        except sqlite3.Error as error:
            raise UserError(f"The list of images cannot be kept in the temporary folder ({error})") from error

    def _card(self, sources: ImageSources) -> RunCard:
        predictor = self._predictor
        return RunCard(
            sources.root,
            predictor.bundle.card,
            predictor.settings.key(),
            predictor.engine.precision,
            self._cutting,
            self._recipe,
            self._outputs,
        )

    def _run(
        self,
        sources: ImageSources,
        card: RunCard,
        worklist: Worklist,
        folder: ResultFolder,
        watch: Watch | None,
        stop: Stop,
    ) -> int:
        colors = [class_color(label) for label, _ in enumerate(card.model.classes, 1)]
        files = ResultFiles(self._out, colors, self._outputs)
        judging = Judging(self._predictor, card, files)
        began = time.perf_counter()

        def summed_up() -> Tally:
            return folder.sum_up(Effort(self._predictor.engine.name, time.perf_counter() - began, self._done))

        with progress_bar("Judging" if watch is None else "Watching") as bar:
            self._predictor.told = bar.line
            turns = [None] if watch is None else watch.turns(sources, worklist, stop, bar.line, summed_up)
            for _ in turns:
                total = worklist.count_due() if watch is None else None
                pieces = self._pieces(card, worklist, files, bar, total)
                for judged in judging.run(pieces, stop):
                    if watch is not None and watch.has_to_wait(worklist, judged):
                        continue
                    self._keep(judged, folder, bar, total)
            interrupted = watch is None and stop.is_set() and worklist.count_due() > 0
        return self._close(summed_up(), time.perf_counter() - began, len(worklist), interrupted)

    def _pieces(
        self, card: RunCard, worklist: Worklist, files: ResultFiles, bar: Bar, total: int | None
    ) -> Iterator[Piece]:
        """Yield the images that are due, without those that were judged as they are."""
        for entry in worklist.due():
            kept = entry.judged and entry.name and stamp_of(card.source / entry.rel) == entry.stamp
            if kept and files.are_there(entry.name or ""):
                worklist.settle(entry.rel)
                self._skipped += 1
                self._show(bar, total, "judged before")
            else:
                yield Piece(entry.rel, worklist.name_of(entry))

    def _keep(self, judged: Judged, folder: ResultFolder, bar: Bar, total: int | None) -> None:
        piece = judged.piece
        if piece.pages > 1 and not self._pages_mentioned:
            bar.line(f"{piece.rel} holds {piece.pages} pictures: the first one of each file is judged.")
            self._pages_mentioned = True
        if judged.failure:
            bar.line(judged.failure)
            self._failed += 1
        name = "" if judged.failure else piece.name
        folder.add(piece.rel, name, piece.stamp, judged.line, judged=not judged.failure)
        self._done += 1
        self._show(bar, total, judged.verdict or "failed")

    def _show(self, bar: Bar, total: int | None, note: str) -> None:
        """Show how far the work is; what is left out takes no time, and the time left is not to be told by it."""
        bar.show(self._done, None if total is None else total - self._skipped, note)

    def _close(self, tally: Tally, seconds: float, known: int, interrupted: bool) -> int:
        rate = Effort("", seconds, self._done).rate
        parts = [f"{tally.verdicts[verdict]} {verdict}" for verdict in (Verdict.OK, Verdict.REVIEW, Verdict.NG)]
        parts += [f"{tally.failed} failed"] if tally.failed else []
        before = tally.images - self._done
        notes = [f"{before:,} judged before"] if before > 0 else []
        notes += [f"{rate:.1f} images/s"] if rate else []
        say("; ".join([f"{plural(tally.images, 'image')}: {', '.join(parts)}", *notes, f"results in {self._out}"]))
        if interrupted:
            complain(
                f"Interrupted after {tally.images} of {plural(known, 'image')}; the same command goes on from there."
            )
            return _INTERRUPTED
        if not tally.judged and tally.failed:
            return _NOTHING_JUDGED
        return _SOME_FAILED if self._failed else 0


def _list(sources: ImageSources, worklist: Worklist) -> None:
    """Put the images into the worklist.

    Raises:
        UserError: There are none, or they cannot be listed.
    """
    try:
        worklist.add(sources.names())
    except OSError as error:
        raise UserError(f"The images cannot be listed ({error.strerror})", path=sources.root) from error
    if not len(worklist):
        raise UserError(sources.nothing())
