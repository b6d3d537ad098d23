"""How a training takes memory, what is done when it runs out, and how much is used."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import torch

from scratchgui.core.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MB = 1_000_000
# Of glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_MAX, _M_ARENA_MAX = -1, -4, -8
_NEVER = -1


def keep_memory() -> None:
    """Keep what tensors give back for the next ones, as graphics cards do; without effect but with Linux's glibc.

    It would give large blocks back to the system at once, which clears every page before it is used again: that takes
    a tenth of a step and more. The process needs no more memory at its peak, and all of it until its end.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries have none
        for option, value in ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, _NEVER), (_M_ARENA_MAX, 1)):
            mallopt(option, value)


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
    """Return the memory that this process uses (MB): the graphics card's when it computes there.

    Images that were put on disk for want of memory are mapped from there. The system takes those pages back whenever
    it needs them, so that they do not count where it tells them apart (Linux, Windows).
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device) / _MB
    told = psutil.Process().memory_info()
    own = told.private if hasattr(told, "private") else told.rss - getattr(told, "shared", 0)
    return float(own) / _MB
