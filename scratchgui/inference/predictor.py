"""From an image to the probability of a defect at every pixel."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from scratchgui.core.doubt import Doubt, impression_of
from scratchgui.core.geometry import Box
from scratchgui.core.ranking import histogram_of, score_of
from scratchgui.inference.percents import round_to_percents
from scratchgui.inference.tiling import Tiling, Workers, predict_tiled
from scratchgui.inference.views import Ignored, averaged_over_flips

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle
    from scratchgui.inference.engine import Engine

_LARGE_IMAGE = 16_000_000
"""Larger images (px) take seconds."""
_GLANCE_SIDE = 1024
"""Longer side of the picture of a large image that is glanced at (px)."""


class Cancelled(Exception):
    """The caller no longer wants the result."""


class ModelOptions(Protocol):
    """Options of the user: see `PredictSettings`; `resize` is 0 for none."""

    @property
    def tile(self) -> int: ...  # noqa: D102
    @property
    def resize(self) -> int: ...  # noqa: D102
    @property
    def flips(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class PredictSettings:
    """How images go through the network.

    Attributes:
        tile: Size of a tile (px).
        overlap: Smallest overlap of neighboring tiles (px).
        resize: Longer side (px) to which larger images are scaled down first; None keeps the full resolution, in
            which alone thin scratches stay visible.
        flips: Look at each tile in four mirrored ways and take the mean: steadier, and four times the time.
        inside: The part of the image that is looked at (px); None for all of it.
        ignored: Polygons, corners (x, y) in px, whose pixels are not looked at.
    """

    tile: int = 512
    overlap: int = 64
    resize: int | None = None
    flips: bool = False
    inside: Box | None = None
    ignored: tuple[tuple[tuple[int, int], ...], ...] = ()

    @classmethod
    def of(cls, options: ModelOptions) -> PredictSettings:
        """Return the settings that the user's options ask for."""
        return cls(tile=options.tile, resize=options.resize or None, flips=options.flips)

    def key(self) -> str:
        """Return a short stable name of these settings."""
        parts = [f"t{self.tile}-o{self.overlap}"]
        if self.resize:
            parts.append(f"r{self.resize}")
        if self.flips:
            parts.append("f4")
        if self.inside or self.ignored:
            parts.append(f"z{zlib.crc32(repr((self.inside, self.ignored)).encode()):08x}")
        return "-".join(parts)


@dataclass(frozen=True)
class Prediction:
    """What one model says about one image.

    Attributes:
        probability: Quantized probability of each class, uint8 (C, H, W), 255 = 1, in whole percents.
        model_id: Id of the model.
        settings: How it was made.
        is_glance: It comes from a much smaller picture, until the real one is there.
        weights: Which weights of the model, as in `ModelKey`.
        is_stale: It is of another model, other settings or another state of the image, until the real one is there.
        impression: What the image looks like, see `impression_of`; None where that is not known.
    """

    probability: NDArray[np.uint8]
    model_id: str
    settings: PredictSettings
    is_glance: bool = False
    weights: str = ""
    is_stale: bool = False
    impression: bytes | None = None

    @cached_property
    def histogram(self) -> NDArray[np.int64]:
        """Number of pixels at each of the 256 steps of probability, of the likeliest class."""
        highest = self.probability[0] if len(self.probability) == 1 else self.probability.max(axis=0)
        return histogram_of(highest)

    @cached_property
    def score(self) -> float:
        """Highest probability (0 … 1) that at least 8 pixels reach: a maximum that single pixels cannot make."""
        return score_of(self.histogram) / 255

    @cached_property
    def doubt(self) -> Doubt:
        """How much of it may be wrong, and what the image looks like."""
        steps = np.arange(256) / 255
        return Doubt(float(self.histogram @ np.minimum(steps, 1 - steps)), self.impression)


class Predictor:
    """A model ready for images; may be called from any thread.

    Attributes:
        bundle: The model.
        engine: What runs it.
        settings: How images go through it.
    """

    def __init__(
        self, bundle: Bundle, engine: Engine, settings: PredictSettings | None = None, *, batch: int | None = None
    ) -> None:
        self.bundle = bundle
        self.engine = engine
        self.settings = settings or PredictSettings()
        self._batch = batch or engine.batch
        self._workers = Workers(ThreadPoolExecutor(engine.ahead, "network"), engine.ahead)

    def predict(
        self,
        image: NDArray[np.uint8],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        told: Callable[[float], None] = lambda done: None,
    ) -> Prediction:
        """Return the model's prediction for an image, gray (H, W) or RGB (H, W, 3), at the image's own size.

        Args:
            image: The pixels.
            cancelled: Asked before each tile.
            told: Told before each tile how much is done (0 … 1).

        Raises:
            Cancelled: `cancelled` said so.
        """

        def watch(done: float) -> None:
            if cancelled():
                raise Cancelled
            told(done)

        said = self._said(self._zoned(image, self.settings.resize, watch))
        return replace(said, impression=impression_of(image))

    def glance(self, image: NDArray[np.uint8], *, cancelled: Callable[[], bool] = lambda: False) -> Prediction | None:
        """Return what a much smaller picture of a large image shows at once; None where `predict` is quick enough.

        Only what is several times as wide as a hair-thin scratch is seen.

        Args:
            image: As in `predict`.
            cancelled: Asked before each tile.

        Raises:
            Cancelled: `cancelled` said so.
        """
        if image.shape[0] * image.shape[1] < _LARGE_IMAGE or self.settings.resize is not None:
            return None

        def watch(_: float) -> None:
            if cancelled():
                raise Cancelled

        return self._said(self._zoned(image, _GLANCE_SIDE, watch), is_glance=True)

    def _said(self, probability: NDArray[np.uint8], *, is_glance: bool = False) -> Prediction:
        """Return a prediction as it looks when it was kept and is read again."""
        round_to_percents(probability)
        model = self.bundle.card.key
        return Prediction(probability, model.id, self.settings, is_glance, model.weights)

    def _zoned(
        self, image: NDArray[np.uint8], longer_side: int | None, watch: Callable[[float], None]
    ) -> NDArray[np.uint8]:
        """Return the probability, uint8 (C, H, W), of the part that is looked at; elsewhere it is 0."""
        height, width = image.shape[:2]
        inside = (self.settings.inside or Box(0, 0, width, height)).clipped(width, height)
        if inside.is_empty:
            watch(0.0)
            return np.zeros((len(self.bundle.card.classes), height, width), np.uint8)
        # With its surroundings: at the edge of what it sees the network knows less.
        seen = inside.expanded(self.settings.overlap).clipped(width, height)
        probability = self._run(image[seen.slices], seen, longer_side, watch)
        if (inside.width, inside.height) != (width, height):
            part = probability[(slice(None), *inside.moved(-seen.x, -seen.y).slices)]
            probability = np.zeros((len(part), height, width), np.uint8)
            probability[(slice(None), *inside.slices)] = part
        for polygon in self.settings.ignored:
            for plane in probability:
                cv2.fillPoly(plane, [np.asarray(polygon, np.int32)], 0)
        return probability

    def _run(
        self, image: NDArray[np.uint8], seen: Box, longer_side: int | None, watch: Callable[[float], None]
    ) -> NDArray[np.uint8]:
        small = _scaled_down(image, longer_side)
        size = small.shape[1], small.shape[0]
        tiling = Tiling(
            self.settings.tile,
            self.settings.overlap,
            self._batch,
            Ignored(self.settings.ignored, seen, size).covers if self.settings.ignored else None,
        )
        infer = averaged_over_flips(self.engine.infer) if self.settings.flips else self.engine.infer
        classes = len(self.bundle.card.classes)
        probability = predict_tiled(small, infer, tiling, classes, workers=self._workers, watch=watch)
        if probability.shape[1:] == image.shape[:2]:
            return probability
        full = np.empty((classes, *image.shape[:2]), np.uint8)
        for scaled, plane in zip(probability, full, strict=True):
            cv2.resize(scaled, (image.shape[1], image.shape[0]), dst=plane)
        return full


def _scaled_down(image: NDArray[np.uint8], longer_side: int | None) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    if longer_side is None or max(height, width) <= longer_side:
        return image
    scale = longer_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
