"""Imports OpenVINO ready for several threads, and without its tools, which report their import over the network."""

from __future__ import annotations

import importlib
import sys
import threading
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
