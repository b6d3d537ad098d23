"""Going on when memory runs out: with smaller batches, smaller tiles, lower precision, on the processor."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import cv2

from scratchgui.core.errors import UserError
from scratchgui.inference.engine import EngineClosed, open_engine
from scratchgui.inference.predictor import Predictor, PredictSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle
    from scratchgui.inference.engine import Engine
    from scratchgui.inference.predictor import Prediction

_SMALLEST_TILE = 128
_SIGNS = ("out of memory", "bad_alloc", "not enough memory", "insufficient memory", "allocate")
"""What OpenVINO, torch and OpenCV say, in lower case; they raise nothing of their own that they agree on."""

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
OpenEngine: TypeAlias = "Callable[[str, str], Engine]"


@dataclass(frozen=True, slots=True)
class Means:
    """What a model runs with.

    Attributes:
        batch: Tiles at once.
        tile: Size of a tile (px).
        precision: One of `PRECISIONS`, or "mixed".
        device: One of `DEVICES`.
    """

    batch: int
    tile: int
    precision: str
    device: str


def lesser(means: Means) -> Iterator[tuple[Means, str]]:
    """Yield what needs less memory, the smallest sacrifice first, each with a sentence for the user."""
    if means.batch > 1:
        fewer = means.batch // 2
        tiles = "one tile" if fewer == 1 else f"{fewer} tiles"
        yield replace(means, batch=fewer), f"Memory is short: the model goes on with {tiles} at a time."
    if means.tile > _SMALLEST_TILE:
        smaller = max(_SMALLEST_TILE, means.tile // 2)
        yield replace(means, tile=smaller), f"Memory is short: the model goes on with smaller tiles ({smaller} px)."
    if means.precision == "f32":
        yield replace(means, precision="bf16"), "Memory is short: the model goes on with lower precision (bf16)."
    if means.device not in ("cpu", "torch"):
        slow = Means(1, means.tile, "auto", "cpu")
        yield slow, "Memory is short: the model goes on on the processor, which is slower."


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that there was not enough memory."""
    if not isinstance(error, RuntimeError | cv2.error):
        return isinstance(error, MemoryError)
    text = f"{type(error).__name__} {error}".lower().replace("outofmemory", "out of memory")
    return any(sign in text for sign in _SIGNS)


class SteadyPredictor:
    """A predictor that takes less memory when there is not enough, and does the image again; from any thread.

    Attributes:
        bundle: The model.
        settings: How images are to go through it; predictions with smaller tiles count as of these settings.
    """

    def __init__(
        self, bundle: Bundle, settings: PredictSettings, open_engine: OpenEngine, means: tuple[str, str]
    ) -> None:
        """Open the model.

        Args:
            bundle: The model.
            settings: How images are to go through it.
            open_engine: Opens it on a device with a precision.
            means: The device and the precision to begin with.

        Raises:
            UserError: It cannot be opened.
        """
        self.bundle = bundle
        self.settings = settings
        self.told: Callable[[str], None] = _log.warning
        self._open_engine = open_engine
        self._lock = threading.Lock()
        self._steps = 0
        engine = open_engine(*means)
        self._means = Means(engine.batch, settings.tile, engine.precision, engine.device)
        self._inner = Predictor(bundle, engine, settings)

    @property
    def engine(self) -> Engine:
        """What runs the model now."""
        return self._inner.engine

    def predict(
        self,
        image: NDArray[np.uint8],
        *,
        cancelled: Callable[[], bool] = lambda: False,
        told: Callable[[float], None] = lambda done: None,
    ) -> Prediction:
        """Return the model's prediction as `Predictor.predict` does.

        Raises:
            Cancelled: `cancelled` said so.
            UserError: There is not enough memory, whatever is given up.
        """
        found = self._patiently(lambda inner: inner.predict(image, cancelled=cancelled, told=told))
        return replace(found, settings=self.settings)

    def glance(self, image: NDArray[np.uint8], *, cancelled: Callable[[], bool] = lambda: False) -> Prediction | None:
        """Return what a smaller picture of a large image shows, as `Predictor.glance` does; errors as in `predict`."""
        found = self._patiently(lambda inner: [inner.glance(image, cancelled=cancelled)])[0]
        return None if found is None else replace(found, settings=self.settings)

    def _patiently(self, call: Callable[[Predictor], Answer]) -> Answer:
        while True:
            steps = self._steps
            try:
                return call(self._inner)
            except EngineClosed:  # another image's step down put a new one in its place
                continue
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                why = str(error) or type(error).__name__
            # Only here is the error gone, which holds what the failed call held.
            self._step_down(steps, why)

    def _step_down(self, steps: int, why: str) -> None:
        """Take the next step, unless another thread took it since."""
        with self._lock:
            if steps != self._steps:
                return
            for means, sentence in lesser(self._means):
                _log.warning("Not enough memory (%s)", why)
                if self._go_on(means):
                    self._steps += 1
                    self.told(sentence)
                    return
        raise UserError(
            "There is not enough memory to look at this image",
            hint="Close other programs, or let larger images be scaled down.",
        )

    def _go_on(self, means: Means) -> bool:
        """Work with other means; tell whether it could be done."""
        before, former = self._means, self._inner.engine
        engine = former
        if (means.precision, means.device) != (before.precision, before.device):
            try:
                engine = self._open_engine(means.device, means.precision)
            except Exception as error:
                if not isinstance(error, UserError) and not is_out_of_memory(error):
                    raise
                _log.info("Cannot go on with %s", means, exc_info=True)
                return False
        # "auto" is something else on each device; what it is tells what is left to give up.
        self._means = replace(means, precision=engine.precision)
        self._inner = Predictor(self.bundle, engine, replace(self.settings, tile=means.tile), batch=means.batch)
        if engine is not former:
            former.close()
        return True


def open_predictor(
    bundle: Bundle,
    settings: PredictSettings | None = None,
    *,
    device: str = "auto",
    precision: str = "auto",
    cache: Path | None = None,
    throughput: bool = False,
) -> SteadyPredictor:
    """Load a model (see `open_engine`) and make it ready for images."""

    def opened(device: str, precision: str) -> Engine:
        return open_engine(bundle, device=device, precision=precision, cache=cache, throughput=throughput)

    return SteadyPredictor(bundle, settings or PredictSettings(), opened, (device, precision))
