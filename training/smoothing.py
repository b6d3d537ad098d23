"""Makes a network fit for 8 bits: what flows into a convolution gets channels of similar size (SmoothQuant)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchgui.inference.openvino_runtime import load_openvino, openvino_core
from training.folding import numbers_into

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_SHARE = 0.5
"""How much of the inequality of its input goes over to a convolution's weights (0 … 1)."""


def smooth(network: Any, convolutions: Sequence[Any], inputs: Iterable[NDArray[np.float32]]) -> list[str]:
    """Multiply the channels that flow into convolutions by factors, which their weights take back, in place.

    All channels share 256 steps. Where the encoder's output meets the decoder's some are a hundred times as large as
    others; the small ones would be left with a few steps. The network computes what it did.

    Args:
        network: OpenVINO's model.
        convolutions: Operations of it, of type Convolution, with constant weights.
        inputs: Typical inputs of the network.

    Returns:
        Names of the new operations; rounding to 8 bits is for what comes after them.
    """
    ops = import_module("openvino.opset13")
    names = []
    for convolution, largest in zip(convolutions, _largest(network, convolutions, inputs), strict=True):
        weights = numbers_into(convolution, 1)
        factors = _factors(largest, np.abs(weights).max(axis=(0, 2, 3)))
        scaled = ops.multiply(convolution.input_value(0), ops.constant((1 / factors).reshape(1, -1, 1, 1)))
        scaled.set_friendly_name(f"{convolution.get_friendly_name()}/smoothed")
        names.append(scaled.get_friendly_name())
        convolution.input(0).replace_source_output(scaled.output(0))
        kernel = ops.constant(weights * factors.reshape(1, -1, 1, 1))
        convolution.input(1).replace_source_output(kernel.output(0))
    return names


def _factors(largest: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what each channel is divided by."""
    used = (largest > 0) & (weights > 0)
    ratio = np.where(used, largest, 1) ** _SHARE / np.where(used, weights, 1) ** (1 - _SHARE)
    return np.where(used, ratio, 1).astype(np.float32)


def _largest(
    network: Any, convolutions: Sequence[Any], inputs: Iterable[NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    """Return the largest absolute value of each channel that flows into each convolution."""
    ov = load_openvino()
    ops = import_module("openvino.opset13")
    peaks = [
        ops.reduce_max(ops.absolute(convolution.input_value(0)), np.array([0, 2, 3]), keep_dims=False)
        for convolution in convolutions
    ]
    watched = ov.Model(peaks, network.get_parameters())
    compiled = openvino_core().compile_model(watched, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    largest: list[NDArray[np.float32]] = []
    for values in inputs:
        answer = compiled(values)
        these = [np.array(answer[place]) for place in range(len(peaks))]
        largest = [np.maximum(one, other) for one, other in zip(largest, these, strict=True)] if largest else these
    return largest
