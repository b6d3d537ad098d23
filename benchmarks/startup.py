"""Time from starting the program to its first painted window, and memory there, against a bare PySide6 window."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import Row, arguments, report, row

_BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        print(time.time(), flush=True)
        self.paintEvent = super().paintEvent
app = QApplication(sys.argv)
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""
_PAINTED = re.compile(r"First paint at ([\d.]+)")
_LONGEST_WAIT = 30.0
# What the program still imports after the first paint is part of its memory at start.
_SETTLE_SECONDS = 3.0


def start_bare() -> tuple[float, float]:
    """Return seconds to the first paint and megabytes then of a bare window."""
    began = time.time()
    with subprocess.Popen([sys.executable, "-c", _BARE], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        painted = float(process.stdout.readline())
        memory = _memory(process.pid)
        process.kill()
    return painted - began, memory


def start_program() -> tuple[float, float]:
    """Return seconds to the first paint, and megabytes when the start has settled, of ScratchGUI."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SCRATCHGUI_HOME": home}
        began = time.time()
        with subprocess.Popen([sys.executable, "-m", "scratchgui"], env=environment) as process:
            painted = _first_paint(Path(home), began)
            time.sleep(_SETTLE_SECONDS)
            memory = _memory(process.pid)
            process.kill()
    return painted - began, memory


def _first_paint(home: Path, began: float) -> float:
    log = home / "log" / "scratchgui.log"
    while time.time() - began < _LONGEST_WAIT:
        found = _PAINTED.search(log.read_text()) if log.is_file() else None
        if found:
            return float(found[1])
        time.sleep(0.01)
    raise TimeoutError("the program has not painted its window")


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


def main() -> int:
    """Run the benchmark."""
    options = arguments(__doc__).parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    runs = 5 if options.quick else 15
    bare, program = [], []
    start_bare(), start_program()  # warm the file cache
    for _ in range(runs):
        bare.append(start_bare())
        program.append(start_program())
    ratios = [ours[0] / floor[0] for ours, floor in zip(program, bare, strict=True)]
    rows: list[Row] = [
        row("bare PySide6 window: first paint", [item[0] for item in bare], "s"),
        row("ScratchGUI: first paint", [item[0] for item in program], "s", at_most=0.6),
        row("ratio", ratios, "×", at_most=2.5),
        row("bare PySide6 window: memory", [item[1] for item in bare], "MB"),
        row("ScratchGUI: memory at start", [item[1] for item in program], "MB", at_most=150),
    ]
    return report("Start", rows, options)


if __name__ == "__main__":
    sys.exit(main())
