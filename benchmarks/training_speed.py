"""How many images a second a training learns from, beside the loop that this project started from.

Equal work in one run: the same network (U-Net, EfficientNet-B0), the same images, crops as large, batches as large. The
original reads each file, scales it to the crop's size, turns and normalizes it between the steps, and computes in
float32. This program's training is the real one: crops of the training's own kind, and the trainer's own step. Each has
a process of its own, set up as it would be, and they take turns.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import cv2
import torch
from harness import Row, arguments, at_least, report, row
from original_recipe import Original, Scaled
from torch.utils.data import DataLoader

from scratchgui.core.images import read_image
from scratchgui.core.manifest import Manifest, ManifestEntry, manifest_from_folder
from training.batches import Batches
from training.config import TrainConfig
from training.data import Images
from training.learner import Learner
from training.memory import keep_memory
from training.network import build
from training.processes import Processes
from training.synth import make_scene
from training.threads import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = {256: 4, 512: 2}
"""Side of the crops (px) -> crops of a batch."""
_IMAGES = 24
_IMAGE_SIDE = 640
_WARM_UP = 1


@dataclass
class Taken:
    """What some steps took (s)."""

    images: int
    seconds: float
    waiting: float

    @property
    def images_per_second(self) -> float:
        """Speed of all of it."""
        return self.images / self.seconds


class Before:
    """The loop that this project started from, without workers."""

    environment: ClassVar[dict[str, str]] = {}

    def __init__(self, manifest: Manifest, size: int, batch: int) -> None:
        self._learner = Original()
        images = Scaled(manifest.part("train"), size, binary=manifest.binary)
        self._loader = DataLoader(images, batch_size=batch, shuffle=True, drop_last=True)

    def run(self, steps: int) -> Taken:
        """Do some steps."""
        return _timed(_endless(self._loader), self._learner.step, steps)


class Ours:
    """This program's training: its crops, its step."""

    environment = WAITING

    def __init__(self, manifest: Manifest, size: int, batch: int) -> None:
        keep_memory()
        config = TrainConfig(crop=size, batch_size=batch, device="cpu", encoder_weights=None)
        start = build(config, len(manifest.classes))
        images, processes = Images.of(manifest, "train"), Processes(config)
        self._batches = Batches.of(start, config, images, len(images), processes)
        self._learner = Learner(start.model, config, processes, lambda _: None)
        self._learner.freeze_encoder(False)
        self._done = 0

    def run(self, steps: int) -> Taken:
        """Do some steps; what was prepared ahead of them makes up for what is prepared beyond them."""
        with self._batches.following(self._done) as batches:
            return _timed(batches, self._step, steps)

    def making(self) -> float:
        """Return how long one crop takes (s)."""
        began = time.perf_counter()
        count = min(_IMAGES, len(self._batches.crops))
        for number in range(count):
            self._batches.crops[number]
        return (time.perf_counter() - began) / count

    def _step(self, images: torch.Tensor, target: torch.Tensor) -> None:
        self._learner.learn(images, target, rate=1.0, step=self._done).item()
        self._done += 1


def _timed(
    batches: Iterator[tuple[torch.Tensor, torch.Tensor]],
    step: Callable[[torch.Tensor, torch.Tensor], None],
    steps: int,
) -> Taken:
    """Measure steps after some that do not count."""
    taken = Taken(0, 0.0, 0.0)
    for number in range(_WARM_UP + steps):
        began = time.perf_counter()
        images, target = next(batches)
        loaded = time.perf_counter()
        step(images, target)
        if number >= _WARM_UP:
            taken.images += len(images)
            taken.waiting += loaded - began
            taken.seconds += time.perf_counter() - began
    return taken


def _endless(
    loader: DataLoader[tuple[torch.Tensor, torch.Tensor]],
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    while True:
        yield from loader


class Hosted:
    """A loop in a process of its own."""

    _here: ClassVar[Before | Ours]

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def run(self, steps: int) -> Taken:
        """Do some steps."""
        return self._pool.submit(_run_here, steps).result()

    def making(self) -> float:
        """Return how long one crop takes (s)."""
        return self._pool.submit(_making_here).result()

    @classmethod
    def begin(cls, kind: type[Before | Ours], manifest: Manifest, size: int, batch: int) -> None:
        """Make the loop in this process."""
        cls._here = kind(manifest, size, batch)


def _run_here(steps: int) -> Taken:
    return Hosted._here.run(steps)


def _making_here() -> float:
    assert isinstance(Hosted._here, Ours)
    return Hosted._here.making()


@contextmanager
def hosted(kind: type[Before | Ours], manifest: Manifest, size: int, batch: int) -> Iterator[Hosted]:
    """Keep a loop in a process of its own inside the block."""
    usual = dict(os.environ)
    os.environ.update(kind.environment)
    begin = (kind, manifest, size, batch)
    with ProcessPoolExecutor(1, get_context("spawn"), Hosted.begin, begin) as pool:
        host = Hosted(pool)
        host.run(0)  # the process starts with the first task
        os.environ.clear()
        os.environ.update(usual)
        yield host


def measure(manifest: Manifest, size: int, batch: int, *, rounds: int, steps: int) -> list[Row]:
    """Let both take turns, and return speeds, their ratio, and the share of the time that ours waits for crops."""
    with hosted(Before, manifest, size, batch) as original, hosted(Ours, manifest, size, batch) as ours:
        turns = [(original.run(steps), ours.run(steps)) for _ in range(rounds)]
        crop = ours.making()
    before, now = ([turn[which].images_per_second for turn in turns] for which in (0, 1))
    ratio = statistics.median(after / first for first, after in zip(before, now, strict=True))
    waiting = [100 * turn[1].waiting / turn[1].seconds for turn in turns]
    making = [100 * crop * turn[1].images / turn[1].seconds for turn in turns]
    return [
        row(f"{size}²: the original loop", before, "images/s"),
        row(f"{size}²: this program's training", now, "images/s"),
        at_least(f"{size}²: this program's against the original", ratio, "×", 1.8),
        row(f"{size}²: waiting for crops", waiting, "% of a step", at_most=10),
        row(f"{size}²: making them, on a thread beside it", making, "% of a step"),
    ]


def _written_images(folder: Path) -> Manifest:
    """Draw scratched surfaces into files."""
    entries = []
    for number in range(_IMAGES):
        scene = make_scene(number, _IMAGE_SIDE, _IMAGE_SIDE, clean=number % 4 == 0)
        paths = [folder / f"{number}.png", folder / f"{number}.mask.png"]
        for path, pixels in zip(paths, (scene.image, scene.mask), strict=True):
            path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
        entries.append(ManifestEntry(key=paths[0].name, image=str(paths[0]), mask=str(paths[1]), split="train"))
    read_image(Path(entries[0].image))
    return Manifest(classes=["scratch"], entries=entries)


def main() -> int:
    """Measure, and print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, help="folder with images/ and masks/ instead of drawn surfaces")
    options = parser.parse_args()
    rounds, steps = (2, 2) if options.quick else (5, 6)
    with tempfile.TemporaryDirectory() as folder:
        manifest = manifest_from_folder(options.data) if options.data else _written_images(Path(folder))
        rows = [
            item for size, batch in SIZES.items() for item in measure(manifest, size, batch, rounds=rounds, steps=steps)
        ]
    where = options.data or f"{_IMAGES} drawn surfaces of {_IMAGE_SIDE}²"
    return report(f"Training on {torch.get_num_threads()} threads, {where}", rows, options)


if __name__ == "__main__":
    sys.exit(main())
