from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FIRST_ARRAYS = """
import sys, threading
from scratchgui.inference.openvino_runtime import load_openvino

sys.setswitchinterval(1e-6)
together = threading.Barrier(8)

def meet():
    together.wait()
    openvino = load_openvino()
    openvino.Type.u8.to_dtype()

threads = [threading.Thread(target=meet, daemon=True) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("met")
"""


def test_threads_may_bring_their_first_arrays_at_once():
    # Both sides wait for ever when this fails; several tries, since it takes two threads at the same moment.
    tries = [
        subprocess.Popen(
            [sys.executable, "-c", FIRST_ARRAYS],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        assert [child.communicate(timeout=60)[0] for child in tries] == ["met\n"] * 4
    finally:
        for child in tries:
            child.kill()
