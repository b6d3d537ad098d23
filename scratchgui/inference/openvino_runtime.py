"""Imports OpenVINO ready for several threads, and without its tools, which report their import over the network."""

from __future__ import annotations

import importlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

_TELEMETRY = "openvino_telemetry"
_TOOLS = "openvino.tools.ovc"
_lock = threading.Lock()
one_compiles = threading.Lock()
"""Held while OpenVINO compiles a network.

For its cache it sets the whole process to the locale "C" and puts the former one back: two at once leave "C" behind,
and text files that name no encoding are ASCII from then on.
"""


def load_openvino() -> Any:
    """Return the module `openvino`, with telemetry switched off for the whole process; from any thread.

    `import openvino` imports its model converter, which sends "import" events to a server and says nothing. A module
    set to None in `sys.modules` counts as not installed: OpenVINO then uses its own silent stand-in. The converter
    stays importable as `openvino.tools.ovc` for those who need it.
    """
    with _lock:
        return _loaded()


def openvino_core() -> Any:
    """Return the one `openvino.Core` of this process, with its plugin for the processor loaded; from any thread.

    That plugin gives the thread that loads it a stack for signals of its own, and takes it away when the core goes, on
    whatever thread that happens: the first one is left with memory that is gone, and the next signal that Python
    handles there (Ctrl+C, the end of a child) ends the process without a word. So there is one core, it stays, and the
    thread that made it is gone.
    """
    with _lock:
        return _core()


@cache
def _core() -> Any:
    def make() -> Any:
        core = _loaded().Core()
        core.get_property("CPU", "FULL_DEVICE_NAME")  # loads the plugin
        return core

    with ThreadPoolExecutor(1, "openvino") as thread:
        return thread.submit(make).result()


@cache
def _loaded() -> Any:
    sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]
    is_new = "openvino" not in sys.modules and _TOOLS not in sys.modules
    if is_new:
        sys.modules[_TOOLS] = None  # type: ignore[assignment]
    try:
        openvino = importlib.import_module("openvino")
    finally:
        if is_new:
            del sys.modules[_TOOLS]
    _meet_numpy(openvino)
    return openvino


def _meet_numpy(openvino: Any) -> None:
    """Let OpenVINO look up NumPy's types now.

    It does so at the first array, and lets another thread run meanwhile: if that one brings its first array too, each
    waits for the other for ever.
    """
    numpy = importlib.import_module("numpy")
    openvino.Tensor(numpy.zeros(1, openvino.Type.u8.to_dtype()), shared_memory=True)
