"""Imports OpenVINO without its tools: they report their import over the network, and take 0.2 s."""

from __future__ import annotations

import importlib
import sys
from typing import Any

_TELEMETRY = "openvino_telemetry"
_TOOLS = "openvino.tools.ovc"


def load_openvino() -> Any:
    """Return the module `openvino`, with telemetry switched off for the whole process.

    `import openvino` imports its model converter, which sends "import" events to a server and says nothing. A module
    set to None in `sys.modules` counts as not installed: OpenVINO then uses its own silent stand-in. The converter
    stays importable as `openvino.tools.ovc` for those who need it.
    """
    sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]
    if "openvino" in sys.modules or _TOOLS in sys.modules:
        return importlib.import_module("openvino")
    sys.modules[_TOOLS] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("openvino")
    finally:
        del sys.modules[_TOOLS]
