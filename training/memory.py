"""What is done when memory runs out, and how much of it a training uses."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import torch

from scratchgui.core.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MB = 1_000_000


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that memory ran out; on processors torch has no type of its own for that."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and "alloc" in str(error)


def release_memory() -> None:
    """Give back what nothing refers to any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


@contextmanager
def memory_in_a_sentence() -> Iterator[None]:
    """Say what to do when memory runs out.

    Raises:
        TrainingError: It did.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        hint = "Close other programs, or train with smaller crops."
        raise TrainingError("There is not enough memory for this training", hint=hint) from error


def used_mb(device: torch.device) -> float:
    """Return the memory that this process uses (MB): the graphics card's when it computes there."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device) / _MB
    return float(psutil.Process().memory_info().rss) / _MB
