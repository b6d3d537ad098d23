"""The network on the processor, by OpenVINO."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchgui.core.errors import BundleError
from scratchgui.inference.openvino_runtime import load_openvino

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle, ModelCard


class OpenVinoEngine:
    """Runs a bundle's IR; may be called from any thread, one call at a time runs.

    The network takes tiles of any size; normalization is compiled into it.
    """

    # Larger batches are no faster here: 85 ms a tile of 512 px alone, 83 ms in pairs.
    batch = 1

    def __init__(
        self, bundle: Bundle, *, precision: str = "auto", cache: Path | None = None, threads: int | None = None
    ) -> None:
        kind = "f32" if precision == "auto" else precision
        self.name = f"OpenVINO {kind} · CPU"
        self._lock = threading.Lock()
        openvino = load_openvino()
        try:
            network = _with_normalization(openvino, openvino.Core().read_model(bundle.ir_path), bundle.card)
            compiled = openvino.Core().compile_model(network, "CPU", _options(kind, cache, threads))
            self._request = compiled.create_infer_request()
            channels = network.output().get_partial_shape()[1]
        except RuntimeError as error:
            raise BundleError("The model cannot be loaded", path=bundle.folder, hint="Choose another model.") from error
        if channels.is_static and channels.get_length() != len(bundle.card.classes):
            raise BundleError("The model and its card differ in the number of classes", path=bundle.folder)

    def infer(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities (N, C, H, W), 0 … 1, of RGB tiles (N, H, W, 3); H and W are multiples of 32."""
        with self._lock:
            result = self._request.infer([np.ascontiguousarray(tiles)], share_inputs=True)
            return np.asarray(result[0], np.float32)


def _options(precision: str, cache: Path | None, threads: int | None) -> dict[str, Any]:
    # One stream with all physical cores: OpenVINO's own choice under this hint.
    options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}
    if threads:
        options["INFERENCE_NUM_THREADS"] = threads
    if cache:
        options["CACHE_DIR"] = str(cache)
    return options


def _with_normalization(openvino: Any, network: Any, card: ModelCard) -> Any:
    """Put "uint8 NHWC to normalized float NCHW" in front of the network."""
    from openvino.preprocess import PrePostProcessor

    steps = PrePostProcessor(network)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    convert = steps.input().preprocess().convert_element_type(openvino.Type.f32)
    convert.mean([255 * value for value in card.mean]).scale([255 * value for value in card.std])
    steps.output().tensor().set_element_type(openvino.Type.f32)
    return steps.build()
