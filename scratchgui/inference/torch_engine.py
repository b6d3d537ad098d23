"""The network by torch: on CUDA and MPS, and on the processor as the reference."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchgui.core.errors import BundleError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle


def usable(device: str) -> bool:
    """Tell whether torch is installed with support for the device ("cuda" or "mps") and finds one."""
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available())


class TorchEngine:
    """Runs a bundle's weights; may be called from any thread, one call at a time runs."""

    def __init__(self, bundle: Bundle, device: str, *, precision: str = "auto", threads: int | None = None) -> None:
        import torch

        self._torch = torch
        self._device = torch.device(device)
        self._lock = threading.Lock()
        self.batch = 8 if device == "cuda" else 1
        self._half = device == "cuda" and precision in ("auto", "bf16")
        if threads and device == "cpu":
            torch.set_num_threads(threads)
        self._network = _load(bundle).to(self._device).eval()
        self._mean = torch.tensor(bundle.card.mean, device=self._device).view(1, 3, 1, 1) * 255
        self._std = torch.tensor(bundle.card.std, device=self._device).view(1, 3, 1, 1) * 255
        self.name = f"torch {'mixed' if self._half else 'f32'} · {_title(torch, device)}"

    def infer(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities (N, C, H, W), 0 … 1, of RGB tiles (N, H, W, 3); H and W are multiples of 32."""
        torch = self._torch
        with self._lock, torch.inference_mode(), self._precision():
            pixels = torch.from_numpy(np.ascontiguousarray(tiles)).to(self._device).permute(0, 3, 1, 2)
            logits = self._network((pixels.float() - self._mean) / self._std)
            return np.asarray(torch.sigmoid(logits.float()).cpu().numpy(), np.float32)

    def _precision(self) -> AbstractContextManager[Any]:
        return self._torch.autocast("cuda") if self._half else nullcontext()


def _load(bundle: Bundle) -> Any:
    import segmentation_models_pytorch as smp
    from safetensors import SafetensorError

    try:
        return smp.from_pretrained(bundle.folder)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError) as error:
        raise BundleError("The model cannot be loaded", path=bundle.folder, hint="Choose another model.") from error


def _title(torch: Any, device: str) -> str:
    return str(torch.cuda.get_device_name()) if device == "cuda" else device.upper()
