"""The network by torch: on CUDA and MPS, and on the processor as the reference."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchgui.core.errors import BundleError, PrecisionError
from scratchgui.inference.engine import EngineClosed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle

_PRECISIONS = {"cuda": ("f32", "bf16", "mixed"), "mps": ("f32",), "cpu": ("f32", "bf16")}


def usable(device: str) -> bool:
    """Tell whether torch is installed with support for the device ("cuda" or "mps") and finds one."""
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available())


class TorchEngine:
    """Runs a bundle's weights; may be called from any thread, one call at a time runs.

    Attributes:
        name: What runs where, for the user.
        device: "cuda", "mps", or "torch" for the processor.
        precision: "f32", "bf16", or "mixed" for 16 bits where torch takes them for safe.
        batch: How many tiles at once suit it.
        ahead: How many calls at once keep it busy: tiles are cut and blended while one runs.
    """

    ahead = 2

    def __init__(self, bundle: Bundle, device: str, *, precision: str = "auto", threads: int | None = None) -> None:
        """Load the network.

        Args:
            bundle: The model.
            device: torch's name of it: "cuda", "mps" or "cpu".
            precision: One of `PRECISIONS`; "auto" is mixed on CUDA, else f32.
            threads: Threads on the processor; None leaves it to torch.

        Raises:
            PrecisionError: The device cannot compute in this precision.
            BundleError: The model cannot be loaded.
        """
        import torch

        self._torch = torch
        self._device = torch.device(device)
        self._lock = threading.Lock()
        self.device = "torch" if device == "cpu" else device
        self.batch = 8 if device == "cuda" else 1
        self.precision = ("mixed" if device == "cuda" else "f32") if precision == "auto" else precision
        if self.precision not in _PRECISIONS[device]:
            raise PrecisionError(f"torch does not compute in {precision} on {device}", hint="Choose f32 or auto.")
        if threads and device == "cpu":
            torch.set_num_threads(threads)
        self._network = _load(bundle).to(self._device).eval()
        self._mean = torch.tensor(bundle.card.mean, device=self._device).view(1, 3, 1, 1) * 255
        self._std = torch.tensor(bundle.card.std, device=self._device).view(1, 3, 1, 1) * 255
        self.name = f"torch {self.precision} · {_title(torch, device)}"

    def infer(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities as `Engine.infer` says."""
        torch = self._torch
        with self._lock, torch.inference_mode(), self._precision():
            if self._network is None:
                raise EngineClosed
            pixels = torch.from_numpy(np.ascontiguousarray(tiles)).to(self._device).permute(0, 3, 1, 2)
            logits = self._network((pixels.float() - self._mean) / self._std)
            return np.asarray(torch.sigmoid(logits.float()).cpu().numpy(), np.float32)

    def close(self) -> None:
        """Give its memory back, once the call that runs has ended; later ones are refused."""
        with self._lock:
            self._network = None
            if self.device == "cuda":
                self._torch.cuda.empty_cache()

    def _precision(self) -> AbstractContextManager[Any]:
        if self.precision == "f32":
            return nullcontext()
        kind = self._torch.bfloat16 if self.precision == "bf16" else self._torch.float16
        return self._torch.autocast(self._device.type, kind)


def _load(bundle: Bundle) -> Any:
    import segmentation_models_pytorch as smp
    from safetensors import SafetensorError

    try:
        with redirect_stdout(StringIO()):  # on which huggingface_hub says where it reads from
            network: Any = smp.from_pretrained(bundle.folder)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError) as error:
        raise BundleError("The model cannot be loaded", path=bundle.folder, hint="Choose another model.") from error
    if network.segmentation_head[0].out_channels != len(bundle.card.classes):
        raise BundleError("The model and its card differ in the number of classes", path=bundle.folder)
    return network


def _title(torch: Any, device: str) -> str:
    return str(torch.cuda.get_device_name()) if device == "cuda" else device.upper()
