"""A project whose inspector is a list of true masks: looks where the queue says, corrects, approves, retrains."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from inspector import false, missing

from scratchgui import paths
from scratchgui.cli.training_process import TrainingProcess
from scratchgui.controllers.training_controller import FINE_TUNING_BATCH, FINE_TUNING_RATE, prepare_run, rate_from
from scratchgui.core.annotation import save_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.images import read_image
from scratchgui.core.manifest import ManifestEntry, manifest_from_folder, write_run
from scratchgui.core.mask import decode_mask
from scratchgui.core.model_card import load_bundle
from scratchgui.core.project import ImageRecord, Project, ReviewStatus
from scratchgui.inference.postprocess import cut
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.model.model_registry import ModelRegistry
from scratchgui.model.queue_order import QueueOrder
from training.data import Images
from training.evaluate import examine_bundle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scratchgui.core.doubt import Doubt
    from scratchgui.core.manifest import Manifest
    from scratchgui.core.mask import Mask
    from scratchgui.core.protocol import Finished
    from scratchgui.inference.steady_predictor import SteadyPredictor


@dataclass(frozen=True)
class Dataset:
    """A folder with images/, masks/, train.txt and val.txt, or those of its images whose names begin in given ways."""

    name: str
    folder: Path
    prefix: str | tuple[str, ...] = ""

    def names(self, part: str) -> list[str]:
        """Return the images of the list "train" or "val"."""
        lines = (self.folder / f"{part}.txt").read_text("utf-8").split()
        return [name for name in lines if name.startswith(self.prefix)]

    def image_path(self, name: str) -> Path:
        """Return where an image is."""
        return self.folder / "images" / name

    def mask_path(self, name: str) -> Path:
        """Return where an image's true mask is."""
        return (self.folder / "masks" / name).with_suffix(".png")

    def truth(self, name: str) -> Mask:
        """Return an image's true mask, 0 and 1."""
        path = self.mask_path(name)
        return np.asarray(decode_mask(path.read_bytes(), path=path) > 0, np.uint8)

    def examination(self) -> Images:
        """Return the images of the val list, with their masks."""
        entries = [
            ManifestEntry(
                key=name, image=str(self.image_path(name)), mask=str(self.mask_path(name)), split="validation"
            )
            for name in self.names("val")
        ]
        return Images(entries, binary=True)

    def examine(self, bundle: Path) -> dict[str, float | None]:
        """Let the program's engine examine a model on the val list, from which nothing learns."""
        threshold = load_bundle(bundle).card.threshold
        return asdict(examine_bundle(bundle, self.examination(), threshold).summary)

    def manifest(self, folder: Path, names: Sequence[str] | None = None) -> Manifest:
        """Return the train list, or images of it, as a training sees them; every fifth one is for validation.

        Args:
            folder: Gets links to images and masks.
            names: Of the images; all of the list when None.
        """
        for part in ("images", "masks"):
            (folder / part).mkdir(parents=True)
        for name in self.names("train") if names is None else names:
            (folder / "images" / name).symlink_to(self.image_path(name))
            mask = self.mask_path(name)
            (folder / "masks" / mask.name).symlink_to(mask)
        return manifest_from_folder(folder)


@dataclass(frozen=True)
class Effort:
    """What correcting an image takes: pixels to change, and pieces to mark or to remove (a gesture each)."""

    pixels: int
    gestures: int


class LearningProject:
    """A project made of a dataset's train list."""

    def __init__(self, dataset: Dataset, folder: Path, *, by_queue: bool, seed: int) -> None:
        """Begin with the starter model.

        Args:
            dataset: Its train list is the project's folder of images.
            folder: Where the project goes.
            by_queue: Correct in the queue's order; else in a random one.
            seed: Of the random order.
        """
        self._dataset = dataset
        self._by_queue = by_queue
        self._random = random.Random(seed)
        images = folder / dataset.name
        images.mkdir(parents=True)
        for name in dataset.names("train"):
            (images / name).symlink_to(dataset.image_path(name))
        self.project = Project.for_folder(images)
        self._registry = ModelRegistry(paths.starter_bundle())
        self._registry.set_project(self.project)
        self._names = self.project.list_images()
        self._waiting = list(self._names)
        self._approved: dict[str, Doubt] = {}

    @property
    def model(self) -> Path:
        """Bundle of the model in use."""
        return self._registry.active_folder

    def correct(self, count: int) -> list[Effort]:
        """Correct and approve the next images; return what it took."""
        predictor = open_predictor(load_bundle(self.model), PredictSettings(), device="cpu")
        return [self._correct(name, predictor) for name in self._next(predictor, count)]

    def _correct(self, name: str, predictor: SteadyPredictor) -> Effort:
        image = read_image(self._dataset.image_path(name))
        prediction, truth = predictor.predict(image), self._dataset.truth(name)
        marked = cut(prediction.probability, self.project.file.cutting)
        began = Beginning(marked, predictor.bundle.card.id, self.project.file.threshold)
        save_annotation(self.project, name, truth, ReviewStatus.APPROVED, who="inspector", began=began)
        self._waiting.remove(name)
        self._approved[name] = prediction.doubt
        pieces = len(missing(marked, truth)) + len(false(marked, truth))
        return Effort(int(np.count_nonzero((marked > 0) != (truth > 0))), pieces)

    def _next(self, predictor: SteadyPredictor, count: int) -> Sequence[str]:
        if not self._by_queue:
            return self._random.sample(self._waiting, count)
        order = QueueOrder()
        order.set_records([self._record(name, predictor) for name in self._names])
        return [self._names[row] for row in order.rows[:count]]

    def _record(self, name: str, predictor: SteadyPredictor) -> ImageRecord:
        if name not in self._waiting:
            return ImageRecord(name, ReviewStatus.APPROVED, doubt=self._approved[name])
        prediction = predictor.predict(read_image(self._dataset.image_path(name)))
        return ImageRecord(name, score=prediction.score, doubt=prediction.doubt)

    def retrain(self, minutes: float) -> Finished:
        """Train as the button does, and use the new model if it is better."""
        model = str(self.model)
        started = {"lr": rate_from(self.project, self.model), "parent": model, "champion": model}
        result = train(prepare_run(self.project, settings(minutes) | started))
        if result.better:
            self._registry.activate(self._registry.adopt(Path(result.bundle)).card.id)
        return result


def settings(minutes: float) -> dict[str, object]:
    """Return what the button tells a training."""
    return {"minutes": minutes, "lr": FINE_TUNING_RATE, "batch_size": FINE_TUNING_BATCH}


def supervise(
    dataset: Dataset,
    folder: Path,
    minutes: float,
    *,
    names: Sequence[str] | None = None,
    start: Mapping[str, object] | None = None,
) -> Path:
    """Train on images of the train list; return the bundle.

    Args:
        dataset: The images.
        folder: Where the training goes.
        minutes: Its time.
        names: Images to learn from; all when None.
        start: Settings that say what is trained; the starter model when None.
    """
    run = folder / "run"
    run.mkdir()
    begin = {"parent": str(paths.starter_bundle())} if start is None else start
    write_run(run, dataset.manifest(folder / "data", names), {**settings(minutes), **begin})
    return Path(train(run).bundle)


def train(run: Path) -> Finished:
    """Run the training process on a prepared folder and return what it says at its end."""
    return TrainingProcess(run).follow(lambda _: None, lambda: None)
