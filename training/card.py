"""What is written about a new model: where it comes from, what it learned from, and how good it is."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import scratchgui
from scratchgui.core.errors import TrainingError
from scratchgui.core.files import atomic_write_json, sha256_of
from scratchgui.core.model_card import CARD_FILE, ModelCard, load_card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchgui.core.manifest import Manifest
    from scratchgui.core.scores import Estimate
    from training.config import TrainConfig
    from training.loop import Result
    from training.network import Start

LIBRARIES = (
    "torch",
    "segmentation-models-pytorch",
    "albumentations",
    "openvino",
    "nncf",
    "numpy",
    "opencv-python-headless",
)
_OF_THIS_MACHINE = {"out", "parent", "champion", "encoder_weights"}


def card_of(config: TrainConfig, manifest: Manifest, start: Start, result: Result) -> ModelCard:
    """Return the card of a network that is not yet on disk; its scores are those of the last examination."""
    parent = start.parent
    return ModelCard(
        id=f"m{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}",
        name=config.name,
        created=datetime.now(UTC),
        parent=parent.id if parent else None,
        architecture=start.architecture,
        encoder=start.encoder,
        classes=manifest.classes,
        mean=start.mean,
        std=start.std,
        scores=result.examination.summary.as_dict(),
        training={
            "settings": config.model_dump(mode="json", exclude=_OF_THIS_MACHINE),
            "encoder_weights": Path(config.encoder_weights).name if config.encoder_weights else None,
            "train_images": len(manifest.part("train")),
            "validation_images": len(manifest.part("validation")),
            "learning": _learning(manifest),
            "images": _hashes({entry.key: Path(entry.image) for entry in manifest.entries}),
            "masks": {entry.key: entry.sha256 for entry in manifest.entries if entry.sha256},
            "epochs": result.epochs,
            "steps": result.steps,
            "seconds": round(result.seconds, 1),
            "stopped": result.stopped,
            "history": result.history,
            "libraries": _libraries(),
        },
        license=config.license or (parent.license if parent else ""),
        data=config.data or "Images reviewed in a project.",
    )


def write_scores(folder: Path, scores: Mapping[str, Estimate]) -> None:
    """Put what the program's own engine found into the card of a model on disk.

    Raises:
        BundleError: The card is damaged.
        TrainingError: It cannot be written.
    """
    found = {
        "scores": {name: item.value for name, item in scores.items()},
        "intervals": {name: item.interval for name, item in scores.items()},
    }
    card = load_card(folder).model_copy(update=found)
    try:
        atomic_write_json(folder / CARD_FILE, card.model_dump(mode="json"))
    except OSError as error:
        raise TrainingError(f"The new model's scores cannot be saved ({error.strerror})", path=folder) from error


def _learning(manifest: Manifest) -> dict[str, int]:
    """Count the reviewed images: how much of the inspector's work is in the model."""
    with_defect = sum(entry.mask is not None for entry in manifest.entries)
    return {
        "corrections": len(manifest.entries),
        "with_defect": with_defect,
        "clean": len(manifest.entries) - with_defect,
    }


def _hashes(paths: Mapping[str, Path]) -> dict[str, str]:
    """Return the hash of each file that is still there."""
    found = {}
    for name, path in paths.items():
        with suppress(OSError):
            found[name] = sha256_of(path)
    return found


def _libraries() -> dict[str, Any]:
    """Return the versions of what computes."""
    found = {"scratchgui": scratchgui.__version__}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):  # a frozen program need not know them
            found[name] = version(name)
    return found
