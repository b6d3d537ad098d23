"""`scratchgui infer`: the work, one image at a time, so that memory does not grow with their number."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from pydantic import ValidationError

from scratchgui.cli.console import complain, plural, say
from scratchgui.cli.infer_summary import write_summary
from scratchgui.cli.progress import Bar, progress_bar
from scratchgui.cli.read_ahead import read_ahead
from scratchgui.cli.result_files import ResultFiles, result_names
from scratchgui.cli.sources import find_images
from scratchgui.core.classes import class_color
from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import ImageReadError, UserError
from scratchgui.core.image_decoding import page_count
from scratchgui.core.project import DefectClass
from scratchgui.core.recipe import Recipe
from scratchgui.core.verdict import Verdict
from scratchgui.inference.postprocess import cut
from scratchgui.reports.summary import Finding, ImageResult, ReportSummary, judge_finding
from scratchgui.reports.tables import write_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.inference.steady_predictor import SteadyPredictor

_SOME_FAILED = 2
_INTERRUPTED = 130

_log = logging.getLogger(__name__)


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
        self, predictor: SteadyPredictor, recipe: Recipe, threshold: float, out: Path, *, probabilities: bool = False
    ) -> None:
        self._predictor = predictor
        self._recipe = recipe
        self._threshold = threshold
        self._out = out
        self._pages_mentioned = False
        names = predictor.bundle.card.classes
        self._classes = tuple(DefectClass(name=name, color=class_color(index + 1)) for index, name in enumerate(names))
        colors = [item.color for item in self._classes]
        self._files = ResultFiles(out, colors, probabilities=probabilities)

    def run(self, source: Path, *, recursive: bool = True) -> int:
        """Judge all images of a source and return the exit status.

        What was done until Ctrl+C is kept and summed up.

        Raises:
            UserError: There are no images, or the results cannot be written.
        """
        root, rels = find_images(source, recursive=recursive, skip=self._out)
        names = result_names(rels)
        results: list[ImageResult] = []
        interrupted = False
        began = time.perf_counter()
        with progress_bar("Judging", len(rels)) as bar, ThreadPoolExecutor(1, "write") as writer:
            try:
                self._judge_all(root, rels, names, results, bar, writer)
            except KeyboardInterrupt:
                interrupted = True
        seconds = time.perf_counter() - began
        status = self._close(root, results, names, seconds)
        if interrupted:
            complain(f"Interrupted after {len(results)} of {plural(len(rels), 'image')}.")
        return _INTERRUPTED if interrupted else status

    def _judge_all(
        self,
        root: Path,
        rels: list[str],
        names: dict[str, str],
        results: list[ImageResult],
        bar: Bar,
        writer: ThreadPoolExecutor,
    ) -> None:
        """Judge the images one after the other; beside it, one image is decoded and the files of one are written."""
        writing: Future[None] | None = None
        for rel, image in read_ahead(root, rels):
            if isinstance(image, ImageReadError):
                result, write = ImageResult(rel, failure=str(image)), None
            else:
                self._mention_pages(root, rel, bar)
                result, write = self._judge(rel, names[rel], image)
            if result.failure:
                bar.line(result.failure)
            if writing is not None:
                writing.result()  # one waits at most: memory stays bounded, and a full disk is heard of soon
            writing = writer.submit(write) if write else None
            results.append(result)
            bar.show(len(results), len(rels), result.verdict or "failed")
        if writing is not None:
            writing.result()

    def _mention_pages(self, root: Path, rel: str, bar: Bar) -> None:
        """Say once that of several pictures in one file only the first is judged."""
        if not self._pages_mentioned and rel.lower().endswith((".tif", ".tiff")):
            pages = page_count(root / rel)
            if pages > 1:
                bar.line(f"{rel} holds {pages} pictures: the first one of each file is judged.")
                self._pages_mentioned = True

    def _judge(self, rel: str, name: str, image: NDArray[np.uint8]) -> tuple[ImageResult, Callable[[], None] | None]:
        """Return the verdict on an image, and what writes its files."""
        try:
            prediction = self._predictor.predict(image)
        except (RuntimeError, MemoryError) as error:  # OpenVINO and torch without memory
            _log.warning("The model failed on %s", rel, exc_info=True)
            return ImageResult(rel, failure=f"The model cannot process {rel} ({error})."), None
        mask = cut(prediction.probability, Cutting(self._threshold, self._recipe.min_area))
        finding = Finding(mask, prediction.probability)
        result = judge_finding(rel, finding, self._recipe, model_id=prediction.model_id, threshold=self._threshold)
        return result, partial(self._files.write, name, image, mask, prediction.probability, result.regions)

    def _close(self, root: Path, results: list[ImageResult], names: dict[str, str], seconds: float) -> int:
        card = self._predictor.bundle.card
        summary = ReportSummary(
            title=root.name,
            folder=str(root),
            recipe=self._recipe,
            classes=self._classes,
            threshold=self._threshold,
            model_id=card.id,
            model_name=card.name,
            results=tuple(results),
            settings=self._predictor.settings.key(),
        )
        try:
            write_tables(summary, self._out)
            write_summary(self._out, summary, names, engine=self._predictor.engine.name, seconds=seconds)
        except OSError as error:
            raise UserError(f"The results cannot be written ({error.strerror})", path=self._out) from error
        say(_closing_line(summary, seconds, self._out))
        judged = len(results) - summary.not_judged
        return 1 if not judged else _SOME_FAILED if summary.not_judged else 0


def _closing_line(summary: ReportSummary, seconds: float, out: Path) -> str:
    counts = summary.counts
    rate = len(summary.results) / seconds if seconds else 0.0
    parts = [f"{counts[verdict]} {verdict}" for verdict in (Verdict.OK, Verdict.REVIEW, Verdict.NG)]
    failed = f", {summary.not_judged} failed" if summary.not_judged else ""
    return f"{plural(len(summary.results), 'image')}: {', '.join(parts)}{failed}; {rate:.1f} images/s; results in {out}"
