"""From a trained network to a bundle on disk: weights, OpenVINO's form of it, and the card; complete or absent."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import IR_FILE, WEIGHTS_FILE, save_card
from scratchgui.inference.openvino_runtime import load_openvino

if TYPE_CHECKING:
    from scratchgui.core.model_card import ModelCard

_LARGEST_DIFFERENCE = 1e-3
# Weights are folded into one another before they are rounded, so that the rounding differs from torch's.
_LARGEST_DIFFERENCE_HALF = 2e-2
_SAMPLE_SIDE = 64


class _Probability(nn.Module):
    """The network with the sigmoid that makes probabilities of its logits."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return probabilities (N, C, H, W) of normalized images (N, 3, H, W)."""
        return torch.sigmoid(self.model(x))


def write_bundle(folder: Path, model: nn.Module, card: ModelCard, *, half: bool = False) -> ModelCard:
    """Write a bundle; what lay in the folder before is replaced once the new one is complete.

    Args:
        folder: The bundle's folder.
        model: The network on the processor, in evaluation mode.
        card: What is known about it.
        half: Round the weights to 16 bits in both forms.

    Raises:
        TrainingError: The folder cannot be written, or OpenVINO's form computes something else.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".bundle-", dir=folder.parent))
    except OSError as error:
        raise TrainingError(f"The new model cannot be saved ({error.strerror})", path=folder) from error
    try:
        complete = _write(part, model, card, half=half)
        part.chmod(0o755)
        _put_in_place(part, folder)
    except OSError as error:
        raise TrainingError(f"The new model cannot be saved ({error.strerror})", path=folder) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return complete


def _put_in_place(part: Path, folder: Path) -> None:
    """Rename a complete bundle to its final name; the one before goes only when this has worked."""
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


def _write(part: Path, model: nn.Module, card: ModelCard, *, half: bool) -> ModelCard:
    if half:
        model = model.half()
        model.save_pretrained(str(part))  # type: ignore[operator]
        model = model.float()
    else:
        model.save_pretrained(str(part))  # type: ignore[operator]
    (part / "README.md").unlink(missing_ok=True)  # smp's own, which speaks of a hub
    (part / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its user alone; a model is for all who open the project
    _write_ir(part / IR_FILE, model, half=half)
    return save_card(part, card)


def _write_ir(path: Path, model: nn.Module, *, half: bool) -> None:
    ov = load_openvino()
    network = _Probability(model).eval()
    sample = torch.randn(1, 3, _SAMPLE_SIDE, _SAMPLE_SIDE, generator=torch.Generator().manual_seed(0))
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # tracing warns of Python branches on shapes, which smp's check has
        # The converter is kept out of the runtime, which imports faster and reports nothing without it.
        converted = import_module("openvino.tools.ovc").convert_model(
            network, example_input=sample, input=[-1, 3, -1, -1]
        )
    ov.save_model(converted, str(path), compress_to_fp16=half)
    _check_ir(path, network, _LARGEST_DIFFERENCE_HALF if half else _LARGEST_DIFFERENCE)


def _check_ir(path: Path, network: nn.Module, largest: float) -> None:
    """Compare OpenVINO with torch on an input of another size than the traced one."""
    ov = load_openvino()
    sample = torch.randn(2, 3, 96, 128, generator=torch.Generator().manual_seed(1))
    compiled = ov.Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        expected = network(sample).numpy()
    difference = float(np.abs(compiled(sample.numpy())[0] - expected).max())
    if difference > largest:
        raise TrainingError(f"OpenVINO's form of the model differs from the original by {difference:.4f}")
