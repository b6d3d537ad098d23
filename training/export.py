"""From a trained network to a bundle on disk: weights, OpenVINO's form of it, and the card; complete or absent."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import IR_FILE, WEIGHTS_FILE, save_card
from training.ir import write_ir

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from scratchgui.core.model_card import ModelCard

_UNFINISHED = ".bundle-"


def remove_unfinished(run: Path) -> None:
    """Remove what a training that was cut off while it wrote its bundle has left in its folder."""
    for part in run.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(part, ignore_errors=True)


def write_bundle(
    folder: Path,
    model: nn.Module,
    card: ModelCard,
    *,
    half: bool = False,
    extend: Callable[[Path, ModelCard], ModelCard] | None = None,
) -> ModelCard:
    """Write a bundle; what lay in the folder before is replaced once the new one is complete.

    Args:
        folder: The bundle's folder.
        model: The network on the processor, in evaluation mode.
        card: What is known about it.
        half: Round the weights to 16 bits in both forms.
        extend: Called with the unfinished bundle's folder and the card, to add files; returns the card.

    Raises:
        TrainingError: The folder cannot be written, or OpenVINO's form computes something else.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    except OSError as error:
        raise TrainingError(f"The new model cannot be saved ({error.strerror})", path=folder) from error
    try:
        _write(part, model, half=half)
        complete = save_card(part, extend(part, card) if extend else card)
        part.chmod(0o755)
        put_in_place(part, folder)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrainingError(f"The new model cannot be saved ({reason})", path=folder) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return complete


def put_in_place(part: Path, folder: Path) -> None:
    """Rename a complete bundle to its final name beside it; the one before goes only when this has worked."""
    before = part.with_name(part.name + "-before")
    if folder.exists():
        os.replace(folder, before)
    try:
        os.replace(part, folder)
    except OSError:
        if before.exists():
            os.replace(before, folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _write(part: Path, model: nn.Module, *, half: bool) -> None:
    if half:
        model = model.half()
        model.save_pretrained(str(part))  # type: ignore[operator]
        model = model.float()
    else:
        model.save_pretrained(str(part))  # type: ignore[operator]
    (part / "README.md").unlink(missing_ok=True)  # smp's own, which speaks of a hub
    (part / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its user alone; a model is for all who open the project
    write_ir(part / IR_FILE, model, half=half)
