from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
from scratchgui.inference import cache, engine, postprocess, predictor, stored, tiling
assert "openvino" not in sys.modules, "openvino is imported too early"
from scratchgui.inference.openvino_runtime import load_openvino
load_openvino()
loud = [name for name in sys.modules if name.startswith(("torch", "PySide6", "openvino_telemetry.", "openvino.tools"))]
assert not loud, loud
import openvino.tools.ovc.telemetry_utils as after
assert after.tm.__name__.endswith("telemetry_stub"), after.tm
"""


def test_predicting_loads_neither_qt_nor_torch_nor_telemetry():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
