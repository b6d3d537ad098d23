"""The one interface to whatever runs the network, and the choice between them."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scratchgui.core.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.model_card import Bundle

DEVICES = ("auto", "cpu", "gpu", "cuda", "mps", "torch")
"""Where the network may run: "cpu" and "gpu" (Intel) by OpenVINO, the others by torch; "torch" is the reference on the
processor."""
PRECISIONS = ("auto", "f32", "bf16", "int8")
STRIDE = 32
"""Height and width of tiles must be multiples of this (px): the network halves its input five times."""


class EngineClosed(Exception):
    """The engine gave its memory back: another one took its place."""


class Engine(Protocol):
    """Runs one model on tiles.

    Attributes:
        name: What runs where, for the user: "OpenVINO f32 · CPU".
        device: Where it runs, one of `DEVICES` without "auto".
        precision: What it computes in, one of `PRECISIONS` without "auto", or "mixed".
        batch: How many tiles at once suit it.
        ahead: How many calls at once keep it busy.
    """

    name: str
    device: str
    precision: str
    batch: int
    ahead: int

    def infer(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities (N, C, H, W), 0 … 1, of RGB tiles (N, H, W, 3); H and W are multiples of 32.

        Raises:
            EngineClosed: It was closed meanwhile.
        """
        ...

    def close(self) -> None:
        """Give its memory back, from any thread; calls that run may end first, later ones are refused."""
        ...


def open_engine(
    bundle: Bundle,
    *,
    device: str = "auto",
    precision: str = "auto",
    cache: Path | None = None,
    threads: int | None = None,
    throughput: bool = False,
) -> Engine:
    """Load a model where it runs best.

    Args:
        bundle: The model.
        device: One of `DEVICES`; "auto" takes a graphics processor that torch can use, else OpenVINO.
        precision: One of `PRECISIONS`; "auto" is f32 on the processor, so that numbers are the same everywhere.
        cache: Folder where OpenVINO may keep the compiled model.
        threads: Threads on the processor; None takes one for each physical core.
        throughput: Many images matter more than the time for one (see `OpenVinoEngine`).

    Raises:
        UserError: The device or the precision is unknown, or not there.
        BundleError: The model cannot be loaded.
    """
    if device not in DEVICES:
        raise UserError(f"Unknown device {device}", hint=f"Choose one of {', '.join(DEVICES)}.")
    if precision not in PRECISIONS:
        raise UserError(f"Unknown precision {precision}", hint=f"Choose one of {', '.join(PRECISIONS)}.")
    accelerator = _accelerator(device)
    if accelerator:
        from scratchgui.inference.torch_engine import TorchEngine

        return TorchEngine(bundle, accelerator, precision=precision, threads=threads)
    from scratchgui.inference.openvino_engine import OpenVinoEngine

    return OpenVinoEngine(bundle, device, precision=precision, cache=cache, threads=threads, throughput=throughput)


def _accelerator(device: str) -> str | None:
    """Return the torch device to use, or None for OpenVINO; imports torch only where it may be of use."""
    if device in ("cpu", "gpu") or (device == "auto" and guess_accelerator() is None):
        return None
    if device == "torch":
        return "cpu"
    from scratchgui.inference.torch_engine import usable

    wanted = guess_accelerator() if device == "auto" else device
    if wanted and usable(wanted):
        return wanted
    if device == "auto":
        return None
    raise UserError(f"There is no {device} device that torch can use", hint="Choose cpu, or leave it to auto.")


def guess_accelerator() -> str | None:
    """Tell which graphics processor this machine seems to have ("cuda", "mps" or None) without importing torch."""
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else None
    return "cuda" if any(place.exists() for place in _nvidia_traces()) else None


def _nvidia_traces() -> list[Path]:
    """Files that only a loaded NVIDIA driver brings."""
    if sys.platform == "win32":
        return [Path(r"C:\Windows\System32\nvcuda.dll")]
    return [Path("/proc/driver/nvidia/version"), Path("/dev/nvidiactl"), Path("/usr/lib/wsl/lib/libcuda.so.1")]
