"""From an image's file to its record: what the threads of `scratchgui infer` do."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.cli.result_records import failure_record, record_of
from scratchgui.cli.worklist import Stamp
from scratchgui.core.errors import ImageReadError, UserError
from scratchgui.core.image_decoding import page_count
from scratchgui.core.images import read_image
from scratchgui.inference.pipeline import Limits, Stage, Stages, run_pipeline
from scratchgui.inference.postprocess import cut
from scratchgui.inference.steady_predictor import is_out_of_memory
from scratchgui.reports.summary import Finding, judge_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.cli.result_files import ResultFiles
    from scratchgui.cli.run_card import RunCard
    from scratchgui.core.verdict import Verdict
    from scratchgui.inference.pipeline import Outcome, Stop
    from scratchgui.inference.predictor import Prediction
    from scratchgui.inference.steady_predictor import SteadyPredictor

_NEVER_READ = Stamp(0, 0)


@dataclass(slots=True)
class Piece:
    """An image to judge.

    Attributes:
        rel: Its name below the root of the sources.
        name: The name of its results.
        stamp: State of its file when it was read.
        pages: Pictures in the file; of several the first is judged.
    """

    rel: str
    name: str
    stamp: Stamp = _NEVER_READ
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an image.

    Attributes:
        piece: The image.
        line: Its record, as JSON in one line.
        verdict: The decision; None when it failed.
        failure: Why it failed, as a sentence.
        is_unreadable: The file was at fault: it may be no image, or not be complete yet.
    """

    piece: Piece
    line: str
    verdict: Verdict | None = None
    failure: str = ""
    is_unreadable: bool = False


class Judging:
    """Reads, judges and draws images on several threads."""

    def __init__(self, predictor: SteadyPredictor, card: RunCard, files: ResultFiles) -> None:
        self._predictor = predictor
        self._card = card
        self._files = files

    def run(self, pieces: Iterable[Piece], stop: Stop) -> Iterator[Judged]:
        """Yield what becomes of each image, in their order.

        Raises:
            UserError: The results cannot be written.
        """

        def look(image: NDArray[np.uint8]) -> Prediction:
            return self._predictor.predict(image, cancelled=stop.is_set)

        stages = Stages(self._read, look, self._finish)
        for outcome in run_pipeline(pieces, stages, Limits.of(self._predictor.engine), stop):
            yield outcome.answer if outcome.answer is not None else self._failed(outcome)

    def _read(self, piece: Piece) -> NDArray[np.uint8]:
        path = self._card.source / piece.rel
        piece.stamp = stamp_of(path) or piece.stamp
        image = read_image(path)
        if piece.rel.lower().endswith((".tif", ".tiff")):
            piece.pages = page_count(path)
        if stamp_of(path) != piece.stamp:
            raise ImageReadError("The image changed while it was read", path=path)
        return image

    def _finish(self, piece: Piece, image: NDArray[np.uint8], seen: Prediction) -> Judged:
        card = self._card
        mask = cut(seen.probability, card.cutting)
        finding = Finding(mask, seen.probability)
        result = judge_finding(
            piece.rel, finding, card.recipe, model_id=seen.model_id, threshold=card.cutting.threshold
        )
        self._files.write(piece.name, image, mask, seen.probability, result.regions)
        record = record_of(
            result,
            mask,
            name=piece.name,
            stamp=piece.stamp,
            settings=card.settings,
            classes=card.model.classes,
        )
        return Judged(piece, json.dumps(record, ensure_ascii=False), result.verdict)

    def _failed(self, outcome: Outcome[Piece, Judged]) -> Judged:
        """Return the sentence about an image that failed; what concerns all of them, and bugs, are raised."""
        error, piece = outcome.error, outcome.item
        assert error is not None
        if outcome.stage is Stage.READ and isinstance(error, UserError):
            reason = str(error)
        elif outcome.stage is Stage.LOOK and isinstance(error, UserError):  # which does not know the image's name
            reason = str(type(error)(error.message, path=self._card.source / piece.rel, hint=error.hint))
        elif is_out_of_memory(error):
            reason = f"The image needs more memory than there is: {self._card.source / piece.rel}."
        elif outcome.stage is Stage.LOOK and isinstance(error, RuntimeError):  # OpenVINO and torch
            reason = f"The model cannot process {piece.rel} ({_short(error)})."
        else:
            raise error
        line = json.dumps(failure_record(piece.rel, piece.stamp, reason), ensure_ascii=False)
        return Judged(piece, line, failure=reason, is_unreadable=isinstance(error, ImageReadError))


def stamp_of(path: Path | str) -> Stamp | None:
    """Return the state of a file; None when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns)


def _short(error: Exception) -> str:
    """Return what an error says in one line; OpenVINO says it last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".")[:160] if lines else type(error).__name__
