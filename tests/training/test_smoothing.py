from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scratchgui.inference.openvino_runtime import load_openvino, openvino_core
from training.smoothing import smooth

SIZES = np.array([1.0, 100.0, 0.01, 0.0], np.float32)
"""How large the channels of the input are; the last is always zero."""


def network_and_convolution(bits: int) -> tuple[Any, Any]:
    openvino = load_openvino()
    from openvino import opset13 as ops

    image = ops.parameter([-1, 4, -1, -1], np.float32)
    kernel = np.random.default_rng(0).normal(size=(8, 4, 3, 3)).astype(np.float32)
    stored = ops.constant(kernel.astype(f"float{bits}"))
    weights = stored if bits == 32 else ops.convert(stored, np.float32)
    convolution = ops.convolution(image, weights, [1, 1], [1, 1], [1, 1], [1, 1])
    return openvino.Model([convolution], [image]), convolution


def inputs() -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [rng.uniform(-1, 1, (1, 4, 8, 12)).astype(np.float32) * SIZES.reshape(1, 4, 1, 1) for _ in range(3)]


def answer(network: Any, values: np.ndarray) -> np.ndarray:
    return np.array(openvino_core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(values)[0])


@pytest.mark.parametrize("bits", [16, 32])
def test_channels_get_similar_and_the_answer_stays(bits: int) -> None:
    network, convolution = network_and_convolution(bits)
    expected = [answer(network, values) for values in inputs()]
    names = smooth(network, [convolution], inputs())
    for values, before in zip(inputs(), expected, strict=True):
        np.testing.assert_allclose(answer(network, values), before, rtol=1e-4, atol=1e-3)
    (name,) = names
    scaled = next(operation for operation in network.get_ops() if operation.get_friendly_name() == name)
    factors = scaled.input_value(1).get_node().data.ravel()
    ranges = factors[:3] * SIZES[:3]
    assert ranges.max() / ranges.min() == pytest.approx(100, rel=0.5)  # 10,000 before; the weights have the rest
    assert factors[3] == 1.0
