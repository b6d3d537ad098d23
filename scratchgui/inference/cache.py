"""Predictions on disk, so that no image goes through the same network twice."""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scratchgui.core.doubt import impression_from
from scratchgui.core.errors import AnnotationError, UserError
from scratchgui.core.files import atomic_write_bytes, atomic_write_json, read_json, sidecar_stem
from scratchgui.core.mask import decode_mask, encode_mask
from scratchgui.inference.percents import round_to_percents
from scratchgui.inference.predictor import Prediction, PredictSettings

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.model_card import ModelKey

SCHEMA_VERSION = 2
_ALL_STEPS = 1
"""Schema of files that hold all 256 steps of probability; they are rounded as they are read."""

_log = logging.getLogger(__name__)


class PredictionStore:
    """Reads and writes `predictions/<model id>/<image>.png` (probabilities) and `.json` (how they were made).

    The classes lie one below the other in the PNG. The JSON file is written last and removed first: without it there
    is no prediction. An image may be replaced while it is predicted: what is kept of it is for the state of the image
    in which `load` found nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked_for: tuple[str, dict[str, int] | None] = "", None

    def save(self, rel: str, prediction: Prediction, image_path: Path) -> None:
        """Keep a prediction.

        Args:
            rel: The image's name in its project.
            prediction: What to keep.
            image_path: The image; its size and time tell later whether the prediction still fits. They are those of
                the last `load`, where there was one.

        Raises:
            UserError: The files cannot be written, or the image is gone.
        """
        pixels, info = self._paths(rel, prediction.model_id)
        planes = prediction.probability
        try:
            name, state = self._asked_for
            value = _description(prediction, state if name == rel and state else image_state(image_path))
            info.unlink(missing_ok=True)
            atomic_write_bytes(pixels, encode_mask(planes.reshape(-1, planes.shape[2])))
            atomic_write_json(info, value)
        except OSError as error:
            raise UserError(f"The prediction cannot be kept ({error.strerror})", path=pixels) from error

    def load(self, rel: str, model: ModelKey, settings: PredictSettings, image_path: Path) -> Prediction | None:
        """Return the kept prediction; None when there is none, or it is of other settings, stale or damaged."""
        pixels, info = self._paths(rel, model.id)
        state = None
        with contextlib.suppress(OSError):  # whoever reads the image will say that it is gone
            state = image_state(image_path)
        self._asked_for = rel, state
        value = _current(info, model, settings, state)
        return None if value is None else _read(pixels, value, settings)

    def former(self, rel: str, settings: PredictSettings) -> Prediction | None:
        """Return the newest prediction that is kept of an image, of whatever model, settings and state of the image.

        It is marked as stale, and may be of another size than the image. None where there is none that can be read.

        Args:
            rel: The image's name in its project.
            settings: Put down as those of the prediction: its own are known by a short name alone.
        """
        for pixels, info in self._newest_first(rel):
            value = _description_in(info)
            found = None if value is None else _read(pixels, value, settings)
            if found is not None:
                return replace(found, is_stale=True)
        return None

    def remove(self, rel: str, model_id: str) -> None:
        """Forget a kept prediction.

        Raises:
            UserError: It cannot be removed.
        """
        pixels, info = self._paths(rel, model_id)
        try:
            info.unlink(missing_ok=True)
            pixels.unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"The prediction cannot be removed ({error.strerror})", path=pixels) from error

    def _newest_first(self, rel: str) -> list[tuple[Path, Path]]:
        """Return the paths of each model's prediction of an image."""
        found = []
        try:
            models = [entry.name for entry in os.scandir(self._folder) if entry.is_dir() and entry.name[0] != "."]
        except OSError:  # nothing was kept yet
            return []
        for model_id in models:
            pixels, info = self._paths(rel, model_id)
            with contextlib.suppress(OSError):
                found.append((info.stat().st_mtime_ns, pixels, info))
        return [(pixels, info) for _, pixels, info in sorted(found, reverse=True)]

    def _paths(self, rel: str, model_id: str) -> tuple[Path, Path]:
        base = self._folder / model_id / rel
        stem = sidecar_stem(base.name)
        return base.with_name(f"{stem}.png"), base.with_name(f"{stem}.json")


def _description(prediction: Prediction, state: dict[str, int]) -> dict[str, Any]:
    looks = {"impression": prediction.impression.hex()} if prediction.impression else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "model": prediction.model_id,
        "weights": prediction.weights,
        "settings": prediction.settings.key(),
        "image": state,
        "shape": list(prediction.probability.shape),
        "score": round(prediction.score, 4),
        **looks,
    }


def image_state(image_path: Path) -> dict[str, int]:
    """Return what changes when an image is replaced; OSError when it is gone."""
    status = image_path.stat()
    return {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _description_in(info: Path) -> dict[str, Any] | None:
    """Return what is said of a kept prediction; None without one that this program can read."""
    if not info.is_file():
        return None
    try:
        value = read_json(info)
        return value if value["schema_version"] in (SCHEMA_VERSION, _ALL_STEPS) else None
    except (OSError, UserError, KeyError, TypeError) as error:
        _log.warning("The kept prediction %s is damaged and made anew: %s", info, error)
        return None


def _current(
    info: Path, model: ModelKey, settings: PredictSettings, state: dict[str, int] | None
) -> dict[str, Any] | None:
    """Return what is said of a kept prediction that still fits an image's state."""
    value = _description_in(info)
    if value is None:
        return None
    try:
        fits = value["settings"] == settings.key() and value["image"] == state
    except KeyError as error:
        _log.warning("The kept prediction %s is damaged and made anew: %s", info, error)
        return None
    # Which weights it is of was not written from the beginning.
    weights = value.get("weights", "")
    return value if fits and (weights == model.weights or "" in (weights, model.weights)) else None


def _read(pixels: Path, value: dict[str, Any], settings: PredictSettings) -> Prediction | None:
    """Return the prediction that is described; None when it is damaged."""
    try:
        planes = _planes(pixels, tuple(value["shape"]))
        if value["schema_version"] == _ALL_STEPS:
            round_to_percents(planes)
        # Neither weights nor impression were written from the beginning.
        looks = impression_from(value["impression"]) if "impression" in value else None
        return Prediction(planes, value["model"], settings, weights=value.get("weights", ""), impression=looks)
    except (OSError, AnnotationError, ValueError, TypeError, KeyError) as error:
        _log.warning("The kept prediction %s is damaged and made anew: %s", pixels, error)
        return None


def _planes(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    classes, height, width = shape
    planes = decode_mask(path.read_bytes(), path=path)
    if planes.shape != (classes * height, width):
        raise ValueError(f"{planes.shape} pixels instead of {shape}")
    return planes.reshape(classes, height, width)
