"""Scores of a model on images whose truth is known, by the same tiles and the same cut as the program's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from scratchgui.core.cutting import Cutting
from scratchgui.core.metrics import ImageScores, Summary, compare, summarize
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.postprocess import cut
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.inference.tiling import Tiling, predict_tiled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import nn

    from scratchgui.core.mask import Mask
    from training.data import Images
    from training.network import Start

MIN_AREA = 8
"""Smaller regions do not count (px²), as in a new project."""


@dataclass(frozen=True)
class Examination:
    """One model's scores, image by image."""

    images: tuple[ImageScores, ...]

    @property
    def summary(self) -> Summary:
        """Averages over the images that define them."""
        return summarize(self.images)

    @property
    def marks(self) -> list[float]:
        """One number an image (0 … 1)."""
        return [scores.mark for scores in self.images]

    @property
    def mark(self) -> float:
        """Mean of the marks; 0 without images."""
        return sum(self.marks) / len(self.marks) if self.images else 0.0


def examine(
    predict: Callable[[NDArray[np.uint8]], NDArray[np.uint8]], images: Images, threshold: float = 0.5
) -> Examination:
    """Let something that gives probabilities, uint8 (C, H, W), mark all images."""
    scores = []
    for index in range(len(images)):
        image, truth = images[index]
        scores.append(compare(_mark_defects(predict(image), threshold), truth))
    return Examination(tuple(scores))


def examine_bundle(folder: Path, images: Images, threshold: float) -> Examination:
    """Examine a model on disk by the program's own engine.

    Raises:
        BundleError: The model is damaged.
    """
    predictor = open_predictor(load_bundle(folder), PredictSettings(), device="cpu")
    return examine(lambda image: predictor.predict(image).probability, images, threshold)


class TorchPredict:
    """Runs a network that is being trained over an image, tile by tile."""

    def __init__(self, model: nn.Module, start: Start, classes: int, device: torch.device) -> None:
        self._model = model
        self._classes = classes
        self._device = device
        self._mean = torch.tensor(start.mean, device=device).view(1, 3, 1, 1) * 255
        self._std = torch.tensor(start.std, device=device).view(1, 3, 1, 1) * 255

    def __call__(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the probabilities of an image, uint8 (C, H, W)."""
        settings = PredictSettings()
        return predict_tiled(image, self._infer, Tiling(settings.tile, settings.overlap), self._classes)

    def _infer(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        batch = torch.from_numpy(tiles).to(self._device).permute(0, 3, 1, 2).float()
        with torch.inference_mode():
            probability = torch.sigmoid(self._model((batch - self._mean) / self._std))
        return np.asarray(probability.float().cpu().numpy())


def _mark_defects(probability: NDArray[np.uint8], threshold: float) -> Mask:
    return cut(probability, Cutting(threshold, MIN_AREA))
