"""The part of the quantization that runs in a process of its own: NNCF on OpenVINO's form of a network.

NNCF takes seconds to import, and memory; whatever happens to it, the trained model is safe in the process that waits.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchgui.inference.openvino_runtime import load_openvino, openvino_core
from training.folding import fold_normalization
from training.smoothing import smooth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_TILES = "tiles.npz"
_DATA = ("Parameter", "Constant", "Convert", "Result")


@dataclass(frozen=True, slots=True)
class Job:
    """A folder with what is to be quantized, and the result.

    Attributes:
        folder: The folder.
    """

    folder: Path

    @property
    def source(self) -> Path:
        """The usual network."""
        return self.folder / "usual" / "model.xml"

    @property
    def result(self) -> Path:
        """The network with 8-bit integers."""
        return self.folder / "int8" / "model.xml"

    def give(self, tiles: Sequence[NDArray[np.uint8]], mean: Sequence[float], std: Sequence[float]) -> None:
        """Write the tiles, RGB (H, W, 3) of any size, and what they are normalized by."""
        np.savez(self.folder / _TILES, np.array([mean, std], np.float32), *tiles)

    def run(self) -> None:
        """Quantize."""
        with np.load(self.folder / _TILES) as given:
            (mean, std), *tiles = (given[f"arr_{number}"] for number in range(len(given.files)))
        ov = load_openvino()
        network = quantized(
            openvino_core().read_model(self.source),
            tiles,
            lambda tile: ((tile - 255 * mean) / (255 * std)).transpose(2, 0, 1)[None],
        )
        self.result.parent.mkdir()
        ov.save_model(network, str(self.result), compress_to_fp16=False)


def quantized(network: Any, tiles: Sequence[NDArray[np.uint8]], normalized: Any) -> Any:
    """Return a network whose decoder computes in 8-bit integers.

    Args:
        network: OpenVINO's model, input (N, 3, H, W).
        tiles: From which the ranges of numbers are taken.
        normalized: Makes the network's input of a tile.
    """
    load_openvino()  # first: it takes the reporting over the network away, NNCF's too
    nncf = import_module("nncf")
    nncf.set_log_level(logging.ERROR)
    usual = before_decoder(network)
    fold_normalization(network, but=frozenset(usual))
    smoothed = smooth(network, _quantizable(network, usual), map(normalized, tiles))
    ranges = import_module("nncf.quantization.range_estimator").RangeEstimatorParametersSet
    return nncf.quantize(
        network,
        nncf.Dataset(tiles, normalized),
        subset_size=len(tiles),
        # Weights around zero; what flows between the layers from its lowest to its highest.
        preset=nncf.QuantizationPreset.MIXED,
        ignored_scope=nncf.IgnoredScope(names=usual + smoothed, validate=False),
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            # Of all tiles, not on their average, which cuts the brightest kind of image off.
            activations_range_estimator_params=ranges.MINMAX,
            # It takes as long again and makes masks no better.
            disable_bias_correction=True,
        ),
    )


def _quantizable(network: Any, usual: Sequence[str]) -> list[Any]:
    left = set(usual)
    return [
        operation
        for operation in network.get_ordered_ops()
        if operation.get_type_name() == "Convolution" and operation.get_friendly_name() not in left
    ]


def before_decoder(network: Any) -> list[str]:
    """Return the names of the operations that are not behind the first upsampling: the encoder.

    Its swish and squeeze-and-excitation make numbers of such unequal size that 256 steps do not hold them (masks agree
    to Dice 0.83), and it takes a quarter of the time. A network that does not upsample has no encoder.
    """
    behind: set[str] = set()
    names = []
    for operation in network.get_ordered_ops():
        name = operation.get_friendly_name()
        feeds = {value.get_source_output().get_node().get_friendly_name() for value in operation.inputs()}
        if operation.get_type_name() == "Interpolate" or feeds & behind:
            behind.add(name)
        elif operation.get_type_name() not in _DATA:
            names.append(name)
    return names if behind else []
