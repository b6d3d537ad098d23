"""`scratchgui evaluate`: a model's masks against true ones, with the scores of `core.metrics`."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.cli.console import plural, say, score_text
from scratchgui.cli.progress import progress_bar
from scratchgui.cli.tables import interval_text, show_table
from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import AnnotationError, UserError
from scratchgui.core.files import atomic_write_json
from scratchgui.core.images import read_image, scan_images
from scratchgui.core.mask import decode_mask
from scratchgui.core.scores import MEANING, Result, estimates, score
from scratchgui.inference.pipeline import Limits, Stages, Stop, run_pipeline
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.scores import Estimate
    from scratchgui.inference.pipeline import Outcome
    from scratchgui.inference.predictor import Prediction
    from scratchgui.inference.steady_predictor import SteadyPredictor

SCHEMA_VERSION = 1
_SOME_FAILED = 2


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
        results: dict[str, Result] = {}
        failures: dict[str, str] = {}
        with progress_bar("Comparing", len(names)) as bar:
            for outcome in self._compared(data, names):
                name, error = outcome.item, outcome.error
                if outcome.answer is not None:
                    results[name] = outcome.answer
                elif isinstance(error, UserError):
                    failures[name] = str(error)
                    bar.line(str(error))
                elif error is not None:
                    raise error
                bar.show(len(results) + len(failures), len(names))
        found = estimates(list(results.values()))
        if out is not None:
            self._write(out, data, found, results, failures)
        self._say(found, results, failures)
        return 1 if not results else _SOME_FAILED if failures else 0

    def _compared(self, data: Path, names: Sequence[str]) -> Iterator[Outcome[str, Result]]:
        stop = Stop()

        def read(name: str) -> NDArray[np.uint8]:
            return read_image(data / "images" / name)

        def look(image: NDArray[np.uint8]) -> Prediction:
            return self._predictor.predict(image, cancelled=stop.is_set)

        def finish(name: str, image: NDArray[np.uint8], seen: Prediction) -> Result:
            truth = _truth((data / "masks" / name).with_suffix(".png"))
            mask = cut(seen.probability, Cutting(self._threshold, self._min_area))
            if mask.shape != truth.shape:
                raise UserError("The image and its mask differ in size", path=data / "images" / name)
            return score(np.asarray(mask > 0, np.uint8), seen.probability, truth)

        return run_pipeline(names, Stages(read, look, finish), Limits.of(self._predictor.engine), stop)

    def _say(self, found: dict[str, Estimate], results: dict[str, Result], failures: dict[str, str]) -> None:
        card = self._predictor.bundle.card
        clean = sum(row.scores.false_alarm is not None for row in results.values())
        failed = f", {len(failures)} failed" if failures else ""
        say(f"{card.name} ({card.id}) at threshold {self._threshold:g}, {self._predictor.engine.name}")
        say(f"{plural(len(results), 'image')}, {len(results) - clean} with a defect, {clean} clean{failed}")
        rows = [
            [name, score_text(item.value), interval_text(item.interval), MEANING[name]] for name, item in found.items()
        ]
        show_table(["score", "value", "95% interval", "meaning"], rows)

    def _write(
        self,
        out: Path,
        data: Path,
        found: dict[str, Estimate],
        results: dict[str, Result],
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
            "images": len(results),
            "failed": failures,
            **{name: item.value for name, item in found.items()},
            "intervals": {name: item.interval for name, item in found.items()},
            "results": {
                name: {**asdict(row.scores), "score": round(row.ranking.score / 255, 4)}
                for name, row in results.items()
            },
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
