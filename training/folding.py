"""Folds batch normalization into convolutions, in OpenVINO's form of a network."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fold_normalization(network: Any, *, but: frozenset[str] = frozenset()) -> None:
    """Fold batch normalization into the convolutions before it, in place and in 32 bits.

    For those who need to see the network as it will run; the engine does it by itself.

    Args:
        network: OpenVINO's model.
        but: Names of operations that are left as they are.
    """
    for step in network.get_ordered_ops():
        if step.get_type_name() == "BatchNormInference" and step.get_friendly_name() not in but:
            convolution = step.input_value(0).get_node()
            if convolution.get_type_name() == "Convolution" and len(convolution.output(0).get_target_inputs()) == 1:
                _fold(step, convolution)


def _fold(step: Any, convolution: Any) -> None:
    ops = import_module("openvino.opset13")
    gamma, beta, mean, variance = (numbers_into(step, place) for place in range(1, 5))
    scale = gamma / np.sqrt(variance + step.get_attributes()["epsilon"], dtype=np.float32)
    weights = numbers_into(convolution, 1) * scale.reshape(-1, 1, 1, 1)
    convolution.input(1).replace_source_output(ops.constant(weights.astype(np.float32)).output(0))
    shift = ops.constant((beta - mean * scale).astype(np.float32).reshape(1, -1, 1, 1))
    added = ops.add(convolution, shift)
    added.set_friendly_name(step.get_friendly_name())
    step.output(0).replace(added.output(0))


def numbers_into(operation: Any, place: int) -> NDArray[np.float32]:
    """Return a constant input of an operation, stored in 16 or 32 bits."""
    source = operation.input_value(place).get_node()
    constant = source.input_value(0).get_node() if source.get_type_name() == "Convert" else source
    return np.asarray(constant.data, np.float32)
