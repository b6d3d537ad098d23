"""What all tests share: no screen, no user's settings, no network."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator

import psutil
import pytest

from scratchgui.workers.garbage import collect_due

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(autouse=True)
def program_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Keep settings, logs and caches of a test away from the user's home."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SCRATCHGUI_HOME", str(home))
    return home


_MAY_GROW = 2**30
"""Bytes by which the process may grow until what waits for a whole collection (windows, networks) is freed."""


@pytest.fixture(scope="session")
def memory_after_collection() -> list[int]:
    """The memory (bytes) that was in use after the last whole collection, as the only item."""
    return [psutil.Process().memory_info().rss]


@pytest.fixture(autouse=True)
def collected_on_this_thread(memory_after_collection: list[int]) -> Iterator[None]:
    """Collect garbage between the tests, as the program does: never on another thread (see `MainThreadCollector`)."""
    gc.disable()
    yield
    collect_due()
    process = psutil.Process()
    if process.memory_info().rss > memory_after_collection[0] + _MAY_GROW:
        gc.collect()
        memory_after_collection[0] = process.memory_info().rss


def _signal_stack() -> bytes:
    """Return where this thread handles signals, as Linux's stack_t."""
    if sys.platform != "linux":
        return b""
    described = ctypes.create_string_buffer(24)
    ctypes.CDLL(None).sigaltstack(None, described)
    return described.raw


@pytest.fixture(scope="session")
def signal_stack() -> bytes:
    """Where signals were handled at the beginning."""
    return _signal_stack()


@pytest.fixture(autouse=True)
def signals_are_still_handled(signal_stack: bytes) -> Iterator[None]:
    """Find the test after which signals are handled elsewhere: in memory that may go, and the process with it."""
    yield
    assert _signal_stack() == signal_stack, "a library has put another stack for signals in place"
