"""How fast the program learns a new surface from corrections.

A simulated inspector knows the true masks of a real data set's train list. He starts with the starter model, corrects
five images at a time in the order that the queue proposes, and retrains by the same process as the button. After each
round the model in use is examined on the val list, from which nothing learns. Beside it: the same in random order,
training on the whole train list with ten times the time, and the original pipeline's recipe in that time.

    uv run python benchmarks/learning_loop.py DATA --results FOLDER

DATA holds the data sets' folders (steel_sd900, magnetic_tile, bsdata_pitting), each with images/, masks/, train.txt and
val.txt. What is in the folder of results is not done again, so that the hours this takes may be spread; the rows and
the figure are made of what is there.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import arguments, report
from learning_figure import draw
from learning_project import Dataset, LearningProject, supervise
from learning_rows import rows_of

from scratchgui.core.files import atomic_write_json

if TYPE_CHECKING:
    import argparse

_ROUND = 5
_TIMES_THE_TIME = 10
_PARTS = ("queue", "random", "full", "original")


def datasets(data: Path) -> list[Dataset]:
    """Return what is learned from."""
    return [
        Dataset("steel_scratches", data / "steel_sd900", "Sc_"),
        Dataset("steel_all", data / "steel_sd900"),
        Dataset("magnetic_tile", data / "magnetic_tile"),
        Dataset("bsdata_pitting", data / "bsdata_pitting"),
    ]


def learn(dataset: Dataset, given: argparse.Namespace, *, by_queue: bool) -> list[dict[str, Any]]:
    """Let the inspector work; return the scores after each round and what the round took."""
    with tempfile.TemporaryDirectory() as place:
        learner = LearningProject(dataset, Path(place), by_queue=by_queue, seed=given.seed)
        rounds: list[dict[str, Any]] = [{"scores": dataset.examine(learner.model)}]
        for _ in range(given.rounds):
            efforts = learner.correct(_ROUND)
            began = time.monotonic()
            result = learner.retrain(given.minutes)
            rounds.append(
                {
                    "efforts": [asdict(effort) for effort in efforts],
                    "seconds": round(time.monotonic() - began),
                    "better": result.better,
                    "reason": result.reason,
                    "scores": dataset.examine(learner.model),
                }
            )
            print(f"{dataset.name}, round {len(rounds) - 1}: {rounds[-1]}", flush=True)
    return rounds


def train_in_full(dataset: Dataset, given: argparse.Namespace) -> dict[str, float | None]:
    """Return the scores of a model that learned from all images."""
    with tempfile.TemporaryDirectory() as place:
        return dataset.examine(supervise(dataset, Path(place), given.minutes * _TIMES_THE_TIME))


def measure(dataset: Dataset, part: str, given: argparse.Namespace) -> Any:
    """Do one part for one data set."""
    if part == "full":
        return train_in_full(dataset, given)
    if part == "original":
        from original_recipe import learn_as_the_original  # torch, which this process needs for nothing else

        with tempfile.TemporaryDirectory() as place:
            manifest, minutes = dataset.manifest(Path(place)), given.minutes * _TIMES_THE_TIME
            return learn_as_the_original(manifest, dataset.examination(), minutes, given.encoder_weights)
    return learn(dataset, given, by_queue=part == "queue")


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--results", type=Path, required=True, help="folder that keeps what was measured")
    parser.add_argument("--only", help="names of data sets, with commas between them")
    parser.add_argument("--parts", default=",".join(_PARTS), help="what to do")
    parser.add_argument("--minutes", type=float, default=3.0, help="time of a retraining")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0, help="of the random order")
    parser.add_argument("--encoder-weights", type=Path, help="ImageNet weights for the original's recipe (safetensors)")
    parser.add_argument("--figure", type=Path, help="write the figure here (PNG)")
    given = parser.parse_args()
    if given.quick:
        given.only, given.minutes, given.rounds, given.parts = given.only or "steel_scratches", 0.1, 1, "queue,full"
    chosen = [one for one in datasets(given.data) if not given.only or one.name in given.only.split(",")]
    given.results.mkdir(parents=True, exist_ok=True)
    for dataset in chosen:
        for part in given.parts.split(","):
            path = given.results / f"{dataset.name}-{part}.json"
            if not path.exists():
                atomic_write_json(path, {"minutes": given.minutes, part: measure(dataset, part, given)})
    found = {
        (dataset.name, part): json.loads(path.read_text())[part]
        for dataset in chosen
        for part in _PARTS
        if (path := given.results / f"{dataset.name}-{part}.json").exists()
    }
    if given.figure:
        draw(found, _ROUND, given.figure)
    return report("Learning from corrections", rows_of(found), given)


if __name__ == "__main__":
    sys.exit(main())
