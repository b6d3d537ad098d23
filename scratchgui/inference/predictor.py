"""From an image to the probability of a defect at every pixel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.inference.engine import Engine, open_engine
from scratchgui.inference.tiling import predict_tiled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle

_SCORE_PIXELS = 8


class Cancelled(Exception):
    """The caller no longer wants the result."""


@dataclass(frozen=True, slots=True)
class PredictSettings:
    """How images go through the network.

    Attributes:
        tile: Size of a tile (px).
        overlap: Smallest overlap of neighboring tiles (px).
        resize: Longer side (px) to which larger images are scaled down first; None keeps the full resolution, in
            which alone thin scratches stay visible.
    """

    tile: int = 512
    overlap: int = 64
    resize: int | None = None

    def key(self) -> str:
        """Return a short stable name of these settings."""
        return f"t{self.tile}-o{self.overlap}" + (f"-r{self.resize}" if self.resize else "")


@dataclass(frozen=True)
class Prediction:
    """What one model says about one image.

    Attributes:
        probability: Quantized probability of each class, uint8 (C, H, W), 255 = 1.
        model_id: Id of the model.
        settings: How it was made.
    """

    probability: NDArray[np.uint8]
    model_id: str
    settings: PredictSettings

    @cached_property
    def histogram(self) -> NDArray[np.int64]:
        """Number of pixels at each of the 256 steps of probability, of the likeliest class."""
        highest = self.probability[0] if len(self.probability) == 1 else self.probability.max(axis=0)
        counts = cv2.calcHist([highest], [0], None, [256], [0, 256])
        return np.asarray(counts.ravel(), np.int64)

    @cached_property
    def score(self) -> float:
        """Highest probability (0 … 1) that at least 8 pixels reach: a maximum that single pixels cannot make."""
        reached = np.cumsum(self.histogram[::-1])[::-1]
        wanted = min(_SCORE_PIXELS, int(reached[0]))
        return int(np.flatnonzero(reached >= wanted)[-1]) / 255


class Predictor:
    """A model ready for images.

    Attributes:
        bundle: The model.
        engine: What runs it.
        settings: How images go through it.
    """

    def __init__(self, bundle: Bundle, engine: Engine, settings: PredictSettings | None = None) -> None:
        self.bundle = bundle
        self.engine = engine
        self.settings = settings or PredictSettings()

    def predict(self, image: NDArray[np.uint8], *, cancelled: Callable[[], bool] = lambda: False) -> Prediction:
        """Return the model's prediction for an image, gray (H, W) or RGB (H, W, 3), at the image's own size.

        Args:
            image: The pixels.
            cancelled: Asked before each tile.

        Raises:
            Cancelled: `cancelled` said so.
        """
        height, width = image.shape[:2]
        probability = self._run(_scaled_down(image, self.settings.resize), cancelled)
        if probability.shape[1:] != (height, width):
            probability = np.stack([cv2.resize(plane, (width, height)) for plane in probability]).astype(np.uint8)
        return Prediction(probability, self.bundle.card.id, self.settings)

    def _run(self, image: NDArray[np.uint8], cancelled: Callable[[], bool]) -> NDArray[np.uint8]:
        steps = predict_tiled(
            image,
            self.engine.infer,
            tile=self.settings.tile,
            overlap=self.settings.overlap,
            batch=getattr(self.engine, "batch", 1),
            classes=len(self.bundle.card.classes),
        )
        while not cancelled():
            result = next(steps)
            if result is not None:
                return result
        raise Cancelled


def open_predictor(
    bundle: Bundle,
    settings: PredictSettings | None = None,
    *,
    device: str = "auto",
    precision: str = "auto",
    cache: Path | None = None,
) -> Predictor:
    """Load a model (see `open_engine`) and make it ready for images."""
    return Predictor(bundle, open_engine(bundle, device=device, precision=precision, cache=cache), settings)


def _scaled_down(image: NDArray[np.uint8], longer_side: int | None) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    if longer_side is None or max(height, width) <= longer_side:
        return image
    scale = longer_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
