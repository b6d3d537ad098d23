"""What the starter model sees on surfaces that it never saw, and how quickly it learns them.

    uv run python benchmarks/starter_model.py DATA --results FOLDER --encoder-weights WEIGHTS

DATA holds the data sets' folders (steel_sd900, magnetic_tile, bsdata_pitting), each with images/, masks/, train.txt and
val.txt. The model marks the val lists as it is; then it is trained, three minutes each, on 5, 10 and 20 images drawn
from the train lists, beside a network whose encoder has ImageNet weights and one that begins with nothing. What is in
the folder of results is not done again, so that the hours this takes may be spread.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import Row, arguments, at_least, report
from learning_project import Dataset, supervise

from scratchgui import paths
from scratchgui.core.bootstrap import value_of
from scratchgui.core.cutting import Cutting
from scratchgui.core.files import atomic_write_json
from scratchgui.core.images import read_image
from scratchgui.core.metrics import compare, summarize
from scratchgui.core.model_card import load_bundle
from scratchgui.core.scores import score, statistics
from scratchgui.inference.postprocess import cut
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from training.evaluate import MIN_AREA

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

_COUNTS = (5, 10, 20)
_STARTS = ("starter", "imagenet", "nothing")
_ONE_A_PICTURE = 1.0
_THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_LINES = ("MT_Crack", "MT_Fray", "MT_Break", "MT_Free")
_BETTER_THAN_IMAGENET = 0.05
_BARS = {
    "unseen steel, scratches: dice": 0.35,
    "unseen tiles, crack + fray + break: dice": 0.25,
    "unseen tiles, these and blowholes: auroc": 0.80,
}


def unseen(data: Path) -> list[Dataset]:
    """Return what the model marks as it is."""
    tiles = data / "magnetic_tile"
    return [
        Dataset("steel, scratches", data / "steel_sd900", "Sc_"),
        Dataset("steel, all defects", data / "steel_sd900"),
        Dataset("tiles, crack + fray + break", tiles, _LINES),
        Dataset("tiles, these and blowholes", tiles, (*_LINES, "MT_Blowhole")),
        Dataset("tiles, all defects", tiles),
        Dataset("pitting", data / "bsdata_pitting"),
    ]


def learned(data: Path) -> list[Dataset]:
    """Return what it is trained on."""
    return [one for one in unseen(data) if one.name in ("steel, scratches", "tiles, all defects", "pitting")]


def look(bundle: Path, dataset: Dataset) -> dict[str, float | None]:
    """Let a model mark a val list; return its scores, and the share found where it has one false alarm an image."""
    model = load_bundle(bundle)
    predictor = open_predictor(model, PredictSettings(), device="cpu")
    seen: list[tuple[NDArray[Any], Mask]] = []
    for name in dataset.names("val"):
        seen.append((predictor.predict(read_image(dataset.image_path(name))).probability, dataset.truth(name)))
    results = [score(_marked(probability, model.card.threshold), probability, truth) for probability, truth in seen]
    values = {name: value_of(statistic, len(results)) for name, statistic in statistics(results).items()}
    return {**values, "recall_at_one": _recall_at_one(seen)}


def _marked(probability: NDArray[Any], threshold: float) -> Mask:
    return cut(probability, Cutting(threshold, MIN_AREA))


def _recall_at_one(seen: Sequence[tuple[NDArray[Any], Mask]]) -> float | None:
    """Share of defects found at the lowest threshold with at most one false region an image; None without one."""
    for threshold in _THRESHOLDS:
        rows = [compare(_marked(probability, threshold), truth) for probability, truth in seen]
        if sum(one.marked - one.confirmed for one in rows) <= _ONE_A_PICTURE * len(rows):
            return summarize(rows).region_recall
    return None


def fine_tune(dataset: Dataset, start: str, count: int, given: argparse.Namespace) -> dict[str, float | None]:
    """Train on a few images; return the scores on the val list."""
    names = random.Random(given.seed).sample(dataset.names("train"), count)
    settings: dict[str, object] = {"parent": str(paths.starter_bundle())}
    if start != "starter":
        weights = str(given.encoder_weights) if start == "imagenet" else None
        settings = {"encoder": "efficientnet-b0", "encoder_weights": weights}
    with tempfile.TemporaryDirectory() as place:
        return dataset.examine(supervise(dataset, Path(place), given.minutes, names=names, start=settings))


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Do what is not in the folder of results; return all that is there, by its name."""
    jobs: dict[str, Callable[[], Any]] = {}
    if "unseen" in given.parts.split(","):
        for dataset in unseen(given.data):
            jobs[f"unseen {dataset.name}"] = partial(look, paths.starter_bundle(), dataset)
    for dataset, count, start in product(learned(given.data), _COUNTS, _STARTS):
        if start in given.parts.split(","):
            jobs[f"{start} {count} {dataset.name}"] = partial(fine_tune, dataset, start, count, given)
    found = {}
    for name, job in jobs.items():
        path = given.results / f"{name.replace(', ', '-').replace(' ', '_')}.json"
        if not path.exists():
            atomic_write_json(path, {"minutes": given.minutes, "scores": job()})
        found[name] = json.loads(path.read_text())["scores"]
        print(name, found[name], flush=True)
    return found


def rows_of(found: Mapping[str, Any], data: Path) -> list[Row]:
    """Make the rows of what was measured."""
    rows = []
    for name, scores in found.items():
        told = ("dice", "recall_at_one", "auroc") if name.startswith("unseen") else ("dice",)
        rows += [_against_bar(f"{name}: {key}", scores[key]) for key in told if scores[key] is not None]
    for dataset in learned(data):
        starter, imagenet = (found.get(f"{start} 10 {dataset.name}") for start in ("starter", "imagenet"))
        if starter and imagenet:
            gain = starter["dice"] - imagenet["dice"]
            rows.append(at_least(f"10 {dataset.name}: above ImageNet weights", gain, "", _BETTER_THAN_IMAGENET))
    return rows


def _against_bar(name: str, value: float) -> Row:
    return at_least(name, value, "", _BARS[name]) if name in _BARS else Row(name, value, "")


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--results", type=Path, required=True, help="folder that keeps what was measured")
    parser.add_argument("--parts", default=",".join(("unseen", *_STARTS)), help="what to do")
    parser.add_argument("--minutes", type=float, default=3.0, help="time of a training")
    parser.add_argument("--seed", type=int, default=0, help="of the images drawn")
    parser.add_argument("--encoder-weights", type=Path, help="ImageNet weights (safetensors)")
    given = parser.parse_args()
    if given.quick:
        given.parts = "unseen"
    if "imagenet" in given.parts.split(",") and not given.encoder_weights:
        parser.error("ImageNet weights need --encoder-weights")
    given.results.mkdir(parents=True, exist_ok=True)
    return report("The starter model", rows_of(measure(given), given.data), given)


if __name__ == "__main__":
    sys.exit(main())
