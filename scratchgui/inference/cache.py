"""Predictions on disk, so that no image goes through the same network twice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scratchgui.core.errors import AnnotationError, UserError
from scratchgui.core.files import atomic_write_bytes, atomic_write_json, read_json, sidecar_stem
from scratchgui.core.mask import decode_mask, encode_mask
from scratchgui.inference.predictor import Prediction, PredictSettings

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

SCHEMA_VERSION = 1

_log = logging.getLogger(__name__)


class PredictionStore:
    """Reads and writes `predictions/<model id>/<image>.png` (probabilities) and `.json` (how they were made).

    The classes lie one below the other in the PNG. The JSON file is written last and removed first: without it there
    is no prediction.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, rel: str, prediction: Prediction, image_path: Path) -> None:
        """Keep a prediction.

        Args:
            rel: The image's name in its project.
            prediction: What to keep.
            image_path: The image; its size and time tell later whether the prediction still fits.

        Raises:
            UserError: The files cannot be written, or the image is gone.
        """
        pixels, info = self._paths(rel, prediction.model_id)
        planes = prediction.probability
        try:
            value = _description(prediction, image_path)
            info.unlink(missing_ok=True)
            atomic_write_bytes(pixels, encode_mask(planes.reshape(-1, planes.shape[2])))
            atomic_write_json(info, value)
        except OSError as error:
            raise UserError(f"The prediction cannot be kept ({error.strerror})", path=pixels) from error

    def load(self, rel: str, model_id: str, settings: PredictSettings, image_path: Path) -> Prediction | None:
        """Return the kept prediction; None when there is none, or it is of other settings, stale or damaged."""
        value = self._current(rel, model_id, settings, image_path)
        if value is None:
            return None
        pixels = self._paths(rel, model_id)[0]
        try:
            return Prediction(_planes(pixels, tuple(value["shape"])), model_id, settings)
        except (OSError, AnnotationError, ValueError, TypeError, KeyError) as error:
            _log.warning("The kept prediction %s is damaged and made anew: %s", pixels, error)
            return None

    def score(self, rel: str, model_id: str, settings: PredictSettings, image_path: Path) -> float | None:
        """Return the kept prediction's score (0 … 1) without reading its pixels; None as in `load`."""
        value = self._current(rel, model_id, settings, image_path)
        return None if value is None else float(value.get("score", 0.0))

    def _current(self, rel: str, model_id: str, settings: PredictSettings, image_path: Path) -> dict[str, Any] | None:
        """Return the description of a kept prediction that still fits."""
        info = self._paths(rel, model_id)[1]
        if not info.is_file():
            return None
        try:
            value = read_json(info)
            fits = value["settings"] == settings.key() and value["image"] == _identity(image_path)
            return value if fits and value["schema_version"] == SCHEMA_VERSION else None
        except (OSError, UserError, KeyError, TypeError) as error:
            _log.warning("The kept prediction %s is damaged and made anew: %s", info, error)
            return None

    def _paths(self, rel: str, model_id: str) -> tuple[Path, Path]:
        base = self._folder / model_id / rel
        stem = sidecar_stem(base.name)
        return base.with_name(f"{stem}.png"), base.with_name(f"{stem}.json")


def _description(prediction: Prediction, image_path: Path) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "model": prediction.model_id,
        "settings": prediction.settings.key(),
        "image": _identity(image_path),
        "shape": list(prediction.probability.shape),
        "score": round(prediction.score, 4),
    }


def _identity(image_path: Path) -> dict[str, int]:
    status = image_path.stat()
    return {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _planes(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    classes, height, width = shape
    return decode_mask(path.read_bytes(), path=path).reshape(classes, height, width)
