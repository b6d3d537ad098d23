"""A model as ONNX file, for other programs."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import segmentation_models_pytorch as smp
import torch

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.openvino_runtime import openvino_core
from training.ir import Probability

if TYPE_CHECKING:
    from torch import nn

    from scratchgui.core.model_card import ModelCard

_LARGEST_DIFFERENCE = 1e-3
_SAMPLE_SIDE = 64
_OPSET = 17


def write_onnx(folder: Path, out: Path) -> None:
    """Write a bundle's network as one ONNX file, compared with the original before it is put in place.

    Input "image", float32 (N, 3, H, W), normalized; output "probability", float32 (N, C, H, W). Number and size of the
    images are free, with sides that are multiples of 32. What images are normalized by is in the metadata.

    Raises:
        UserError: The bundle is damaged, the file cannot be written, or it computes something else.
    """
    card = load_bundle(folder).card
    network = Probability(smp.from_pretrained(str(folder))).eval()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as place:
            part = Path(place) / out.name
            _export(network, part)
            _describe(part, card)
            _check(part, network)
            os.replace(part, out)
    except OSError as error:
        raise TrainingError(f"The ONNX file cannot be written ({error.strerror or error})", path=out) from error


def _export(network: nn.Module, path: Path) -> None:
    sample = torch.randn(1, 3, _SAMPLE_SIDE, _SAMPLE_SIDE, generator=torch.Generator().manual_seed(0))
    free = {0: "images", 2: "height", 3: "width"}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # tracing warns of Python branches on shapes, which smp's check has
        # The newer exporter needs two more packages and puts the weights into a second file.
        torch.onnx.export(
            network,
            (sample,),
            str(path),
            input_names=["image"],
            output_names=["probability"],
            dynamic_axes={"image": free, "probability": free},
            opset_version=_OPSET,
            dynamo=False,
        )


def _describe(path: Path, card: ModelCard) -> None:
    """Put into the file what its user has to know."""
    import onnx

    model = onnx.load(str(path))
    told = {
        "scratchgui_id": card.id,
        "name": card.name,
        "classes": json.dumps(card.classes, ensure_ascii=False),
        "mean": json.dumps(card.mean),
        "std": json.dumps(card.std),
        "threshold": str(card.threshold),
        "license": card.license,
    }
    onnx.helper.set_model_props(model, told)
    onnx.save(model, str(path))


def _check(path: Path, network: nn.Module) -> None:
    """Compare the file, as OpenVINO reads it, with torch on images of another number and size than the traced one."""
    sample = torch.randn(2, 3, 96, 128, generator=torch.Generator().manual_seed(1))
    compiled = openvino_core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        expected = network(sample).numpy()
    difference = float(np.abs(compiled(sample.numpy())[0] - expected).max())
    if not difference <= _LARGEST_DIFFERENCE:
        raise TrainingError(f"The ONNX file differs from the original by {difference:.4f}", path=path)
