"""OpenVINO's form of a network (IR), from the same numbers as the weights beside it."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from scratchgui.core.errors import TrainingError
from scratchgui.inference.openvino_runtime import load_openvino, openvino_core

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST_DIFFERENCE = 1e-3
_SAMPLE_SIDE = 64


class Probability(nn.Module):
    """The network with the sigmoid that makes probabilities of its logits."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return probabilities (N, C, H, W) of normalized images (N, 3, H, W)."""
        return torch.sigmoid(self.model(x))


def write_ir(path: Path, model: nn.Module, *, half: bool) -> None:
    """Write the IR beside the weights, and see whether it computes the same.

    Args:
        path: The new `.xml`; the numbers go into a `.bin` beside it.
        model: The network on the processor, in evaluation mode, input (N, 3, H, W), output logits.
        half: Store the numbers in 16 bits; they are to be such numbers already.

    Raises:
        TrainingError: OpenVINO's form computes something else.
        OSError: The file cannot be written.
    """
    network = Probability(model).eval()
    load_openvino().save_model(_converted(network), str(path), compress_to_fp16=half)
    _check_ir(path, network)


def _converted(network: nn.Module) -> Any:
    """Return OpenVINO's model, with batch normalization as a step of its own.

    The usual converter folds it into the convolutions. Rounded to 16 bits after that, the weights are others than
    torch's, and probabilities differ by up to 0.04; unfolded they are the same numbers, and the engine folds when it
    loads them, in 32 bits.
    """
    openvino = load_openvino()
    decoder = import_module("openvino.frontend.pytorch.ts_decoder").TorchScriptPythonDecoder
    passes = import_module("openvino.passes")
    sample = torch.randn(1, 3, _SAMPLE_SIDE, _SAMPLE_SIDE, generator=torch.Generator().manual_seed(0))
    frontend = openvino.frontend.FrontEndManager().load_by_framework("pytorch")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # tracing warns of Python branches on shapes, which smp's check has
        traced = decoder(network, example_input=sample)  # by a name, for the frontend does not keep it alive
        converted = frontend.convert(frontend.load(traced))
    converted.reshape([-1, 3, -1, -1])
    manager = passes.Manager()
    manager.register_pass(passes.ConstantFolding())  # what torch computes of constants: half of all operations
    manager.run_passes(converted)
    return converted


def _check_ir(path: Path, network: nn.Module) -> None:
    """Compare OpenVINO with torch on an input of another size than the traced one."""
    sample = torch.randn(2, 3, 96, 128, generator=torch.Generator().manual_seed(1))
    compiled = openvino_core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        expected = network(sample).numpy()
    difference = float(np.abs(compiled(sample.numpy())[0] - expected).max())
    if difference > _LARGEST_DIFFERENCE:
        raise TrainingError(f"OpenVINO's form of the model differs from the original by {difference:.4f}")
