"""The network by OpenVINO: on the processor, and on Intel's graphics processors."""

from __future__ import annotations

from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchgui.core.errors import BundleError, PrecisionError, UserError
from scratchgui.inference.engine import EngineClosed
from scratchgui.inference.openvino_runtime import load_openvino, one_compiles, openvino_core
from scratchgui.inference.sensitive_parts import keep_fine_parts_in_f32

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle, ModelCard

_CAPABILITY = {"f32": "FP32", "bf16": "BF16", "int8": "INT8"}
_WAITING = 1
"""While calls run the next one waits inside OpenVINO, so that nothing is idle between them."""


class OpenVinoEngine:
    """Runs a bundle's IR; may be called from any thread.

    The network takes tiles of any size; normalization is compiled into it.

    Attributes:
        name: What runs where, for the user.
        device: "cpu" or "gpu".
        precision: What it computes in: "f32", "bf16" or "int8".
        batch: How many tiles at once suit it.
        ahead: How many calls at once keep it busy.
    """

    # Larger batches are no faster (69.9 ms a tile of 512 px alone, 71.1 ms in pairs) and take more memory.
    batch = 1

    def __init__(
        self,
        bundle: Bundle,
        device: str = "auto",
        *,
        precision: str = "auto",
        cache: Path | None = None,
        threads: int | None = None,
        throughput: bool = False,
    ) -> None:
        """Compile the network.

        Args:
            bundle: The model.
            device: "cpu", "gpu", or "auto" for a graphics card of its own where there is one, else the processor.
            precision: One of `PRECISIONS`.
            cache: Folder where the compiled network may be kept.
            threads: Threads on the processor; None takes one for each physical core.
            throughput: Let calls run side by side on some threads each, instead of one call on all: each takes longer
                and needs its own memory, but no thread waits for another.

        Raises:
            PrecisionError: The device cannot compute in this precision, or the model has no version for it.
            BundleError: The model cannot be loaded.
        """
        core = openvino_core()
        self.device = _best(core) if device == "auto" else device
        self.precision = "f32" if precision == "auto" else precision
        target = self.device.upper()
        self.name = f"OpenVINO {self.precision} · {target}"
        _check(core, target, self.precision)
        options = _options(cache, threads, throughput)
        compiled = compiled_network(core, bundle, target, self.precision, options)
        streams = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") if throughput else 1
        self.ahead = streams + _WAITING
        requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(self.ahead):
            requests.put(compiled.create_infer_request())
        self._requests: SimpleQueue[Any] | None = requests

    def infer(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities as `Engine.infer` says."""
        requests = self._requests
        if requests is None:
            raise EngineClosed
        request = requests.get()
        try:
            result = request.infer([np.ascontiguousarray(tiles)], share_inputs=True)
            return np.asarray(result[0], np.float32)
        finally:
            requests.put(request)  # also when it was closed: another call may wait for this one

    def close(self) -> None:
        """Give its memory back, once the calls that run have ended; later ones are refused."""
        self._requests = None


def _best(core: Any) -> str:
    """Return "gpu" for a graphics card with memory of its own; one inside the processor is no faster than its cores."""
    if "GPU" not in core.available_devices:
        return "cpu"
    return "gpu" if "DISCRETE" in str(core.get_property("GPU", "DEVICE_TYPE")).upper() else "cpu"


def _check(core: Any, device: str, precision: str) -> None:
    if device not in core.available_devices:
        raise UserError(f"OpenVINO finds no {device} here", hint="Choose cpu, or leave it to auto.")
    if _CAPABILITY[precision] not in core.get_property(device, "OPTIMIZATION_CAPABILITIES"):
        raise PrecisionError(f"This processor does not compute in {precision}", hint="Choose f32 or auto.")


def _network_of(bundle: Bundle) -> Path:
    """Return the 8-bit version of a model."""
    if not bundle.has_int8:
        raise PrecisionError("This model has no version of 8 bits", hint="Choose auto, f32 or bf16.")
    return bundle.int8_ir_path


def _options(cache: Path | None, threads: int | None, throughput: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT" if throughput else "LATENCY"}
    if threads:
        options["INFERENCE_NUM_THREADS"] = threads
    if cache:
        options["CACHE_DIR"] = str(cache)
    return options


def compiled_network(core: Any, bundle: Bundle, device: str, precision: str, options: dict[str, Any]) -> Any:
    """Return a model as OpenVINO runs it, from RGB tiles uint8 (N, H, W, 3) to probabilities float32 (N, C, H, W).

    Args:
        core: OpenVINO.
        bundle: The model.
        device: "CPU" or "GPU".
        precision: "f32", "bf16" or "int8".
        options: What OpenVINO is asked for besides.

    Raises:
        PrecisionError: The model has no version for this precision.
        BundleError: It cannot be loaded.
    """
    path = _network_of(bundle) if precision == "int8" else bundle.ir_path
    # Beside integers, the rest of an 8-bit network computes in f32, as when it was compared and accepted.
    options = {**options, "INFERENCE_PRECISION_HINT": "f32" if precision == "int8" else precision}
    try:
        network = core.read_model(path, bundle.ir_weights_path)
        _check_size(network, bundle)
        network = _with_normalization(network, bundle.card)
        if precision == "bf16":
            keep_fine_parts_in_f32(network)
        channels = network.output().get_partial_shape()[1]
        with one_compiles:
            compiled = core.compile_model(network, device, options)
    except RuntimeError as error:
        raise BundleError("The model cannot be loaded", path=bundle.folder, hint="Choose another model.") from error
    if channels.is_static and channels.get_length() != len(bundle.card.classes):
        raise BundleError("The model and its card differ in the number of classes", path=bundle.folder)
    return compiled


def _check_size(network: Any, bundle: Bundle) -> None:
    """Refuse a network that takes images of one size alone: tiles have many."""
    sides = list(network.input().get_partial_shape())[2:]
    if any(side.is_static for side in sides):
        size = " × ".join(str(side) for side in reversed(sides))
        raise BundleError(
            f"The model takes images of {size} px alone", path=bundle.folder, hint="Choose another model."
        )


def _with_normalization(network: Any, card: ModelCard) -> Any:
    """Put "uint8 NHWC to normalized float NCHW" in front of the network."""
    openvino = load_openvino()
    from openvino import opset13
    from openvino.preprocess import PrePostProcessor

    factor = 1 / (255 * np.array(card.std, np.float32))
    shift = -np.array(card.mean, np.float32) / np.array(card.std, np.float32)

    # OpenVINO's own mean() and scale() look like the first steps of a quantized network, and are rounded in bf16.
    def normalized(pixels: Any) -> Any:
        return opset13.add(opset13.multiply(pixels, factor), shift).output(0)

    steps = PrePostProcessor(network)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    steps.input().preprocess().convert_element_type(openvino.Type.f32).custom(normalized)
    steps.output().tensor().set_element_type(openvino.Type.f32)
    return steps.build()
