"""`scratchgui evaluate`: a model's masks against true ones, with the scores of `core.metrics`."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.cli.console import plural, say, score_text
from scratchgui.cli.progress import progress_bar
from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import AnnotationError, UserError
from scratchgui.core.files import atomic_write_json
from scratchgui.core.images import read_image, scan_images
from scratchgui.core.mask import decode_mask
from scratchgui.core.metrics import ImageScores, Summary, compare, summarize
from scratchgui.inference.pipeline import Limits, Stages, Stop, run_pipeline
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.inference.pipeline import Outcome
    from scratchgui.inference.predictor import Prediction
    from scratchgui.inference.steady_predictor import SteadyPredictor

SCHEMA_VERSION = 1
_SOME_FAILED = 2
_MEANING = {
    "dice": "mean per-image Dice over images with a defect",
    "iou": "mean per-image IoU over images with a defect",
    "false_alarm_rate": "share of clean images on which something is marked",
    "region_recall": "share of true defects found",
    "region_precision": "share of marked regions that are defects",
}


class Evaluation:
    """One model at one threshold, on a folder whose truth is known.

    As in a training on such a folder, a mask says defect (not 0) or not; classes are not told apart.
    """

    def __init__(self, predictor: SteadyPredictor, threshold: float, min_area: int) -> None:
        self._predictor = predictor
        self._threshold = threshold
        self._min_area = min_area

    def run(self, data: Path, names_file: Path | None, out: Path | None) -> int:
        """Compare all images, print the scores, write them to `out`, and return the exit status.

        Raises:
            UserError: There is nothing to compare, or the scores cannot be written.
        """
        names = _names(data, names_file)
        scores: dict[str, ImageScores] = {}
        failures: dict[str, str] = {}
        with progress_bar("Comparing", len(names)) as bar:
            for outcome in self._compared(data, names):
                name, error = outcome.item, outcome.error
                if outcome.answer is not None:
                    scores[name] = outcome.answer
                elif isinstance(error, UserError):
                    failures[name] = str(error)
                    bar.line(str(error))
                elif error is not None:
                    raise error
                bar.show(len(scores) + len(failures), len(names))
        summary = summarize(scores.values())
        if out is not None:
            self._write(out, data, summary, scores, failures)
        self._say(summary, scores, failures)
        return 1 if not scores else _SOME_FAILED if failures else 0

    def _compared(self, data: Path, names: Sequence[str]) -> Iterator[Outcome[str, ImageScores]]:
        stop = Stop()

        def read(name: str) -> NDArray[np.uint8]:
            return read_image(data / "images" / name)

        def look(image: NDArray[np.uint8]) -> Prediction:
            return self._predictor.predict(image, cancelled=stop.is_set)

        def finish(name: str, image: NDArray[np.uint8], seen: Prediction) -> ImageScores:
            truth = _truth((data / "masks" / name).with_suffix(".png"))
            mask = cut(seen.probability, Cutting(self._threshold, self._min_area))
            if mask.shape != truth.shape:
                raise UserError("The image and its mask differ in size", path=data / "images" / name)
            return compare(np.asarray(mask > 0, np.uint8), truth)

        return run_pipeline(names, Stages(read, look, finish), Limits.of(self._predictor.engine), stop)

    def _say(self, summary: Summary, scores: dict[str, ImageScores], failures: dict[str, str]) -> None:
        card = self._predictor.bundle.card
        clean = sum(row.false_alarm is not None for row in scores.values())
        failed = f", {len(failures)} failed" if failures else ""
        say(f"{card.name} ({card.id}) at threshold {self._threshold:g}, {self._predictor.engine.name}")
        say(f"{plural(len(scores), 'image')}, {len(scores) - clean} with a defect, {clean} clean{failed}")
        for name, value in summary.as_dict().items():
            say(f"{name:17} {score_text(value):10} {_MEANING.get(name, '')}".rstrip())

    def _write(
        self,
        out: Path,
        data: Path,
        summary: Summary,
        scores: dict[str, ImageScores],
        failures: dict[str, str],
    ) -> None:
        card = self._predictor.bundle.card
        value = {
            "schema_version": SCHEMA_VERSION,
            "model": {"id": card.id, "name": card.name},
            "engine": self._predictor.engine.name,
            "data": os.path.abspath(data),
            "threshold": self._threshold,
            "min_area": self._min_area,
            "settings": self._predictor.settings.key(),
            "images": len(scores),
            "failed": failures,
            **summary.as_dict(),
            "results": {name: asdict(row) for name, row in scores.items()},
        }
        try:
            atomic_write_json(out, value)
        except OSError as error:
            raise UserError(f"The scores cannot be written ({error.strerror})", path=out) from error


def _names(data: Path, names_file: Path | None) -> list[str]:
    for folder in ("images", "masks"):
        if not (data / folder).is_dir():
            raise UserError("The data folder needs the subfolders images and masks", path=data)
    names = scan_images(data / "images") if names_file is None else _listed(data, names_file)
    if not names:
        raise UserError("There are no images to compare", path=names_file or data / "images")
    return names


def _listed(data: Path, names_file: Path) -> list[str]:
    path = names_file if names_file.is_file() else data / names_file
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("The list of images cannot be read", path=path, hint="Save it as UTF-8.") from error
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _truth(path: Path) -> Mask:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"The true mask cannot be read ({error.strerror})", path=path) from error
    try:
        return np.asarray(decode_mask(data) > 0, np.uint8)
    except AnnotationError as error:
        raise UserError("The true mask is damaged, or no 8-bit gray PNG", path=path) from error
