from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scratchgui.core.model_card import Bundle

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


SIGNAL = """
import faulthandler, os, signal, sys, threading
from pathlib import Path
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.openvino_engine import OpenVinoEngine

faulthandler.enable()  # signals have a stack of their own then
kept = [OpenVinoEngine(load_bundle(Path(sys.argv[1])), "cpu", threads=1) for _ in range(2)]
thread = threading.Thread(target=kept.clear)
thread.start()
thread.join()
signal.signal(signal.SIGINT, lambda *_: print("heard", flush=True))
os.kill(os.getpid(), signal.SIGINT)
print("alive")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_signal_is_heard_after_models_were_closed_on_another_thread(tiny_bundle: Bundle):
    done = subprocess.run(
        [sys.executable, "-c", SIGNAL, str(tiny_bundle.folder)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "heard\nalive\n"), done.stderr
