"""Longest gap of the window's event loop while predictions and a training run, against an idle window.

A 5 ms timer on the window's thread: what it is late by is what a stroke or a key would wait.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desk import open_window, wait_for
from harness import Row, arguments, report, row

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench

_TICK_MS = 5
_ROUNDS = 5


class Ticks:
    """Times between the ticks of a timer (ms)."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now

    def watch(self, seconds: float) -> list[float]:
        """Watch for some seconds; return the longest gap of each of five equal parts (ms)."""
        longest = []
        for _ in range(_ROUNDS):
            self.gaps = []
            self._last = time.perf_counter()
            self._timer.start()
            end = time.perf_counter() + seconds / _ROUNDS
            wait_for(lambda end=end: time.perf_counter() > end)  # type: ignore[misc]
            self._timer.stop()
            longest.append(max(self.gaps))
        return longest


def make_project(place: Path, source: Path, copies: int) -> Path:
    """Copy the images several times, so that predicting takes a while."""
    folder = place / "images"
    for copy in range(copies):
        target = folder / f"{copy:02d}"
        target.mkdir(parents=True)
        for image in sorted(source.iterdir()):
            shutil.copyfile(image, target / image.name)
    return folder


def approve_some(bench: Workbench) -> None:
    """Mark a few images as the inspector would, so that there is something to learn."""
    for _ in range(4):
        wait_for(lambda: bench.session.image is not None)
        before = bench.session.current
        image = bench.session.image
        assert image is not None
        image.document.begin_stroke(1)
        image.document.extend_stroke(40, 40, 200, 120, 9)
        image.document.end_stroke("Brush stroke")
        bench.actions.action("approve_next").trigger()
        wait_for(lambda before=before: bench.session.current != before)  # type: ignore[misc]
    wait_for(lambda: bench.training.count.total >= 4)


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    default = Path(__file__).parent.parent / "resources" / "sample" / "images"
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="images to predict and to learn from")
    options = parser.parse_args()
    seconds = 10 if options.quick else 40
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place, open_window() as bench:
        ticks = Ticks()
        rows.append(row("idle: longest gap", ticks.watch(seconds / 4), "ms"))
        bench.project.open(make_project(Path(place), options.folder, 10))
        wait_for(lambda: bench.session.image is not None and bench.session.image.prediction is not None)
        rows.append(row("predicting: longest gap", ticks.watch(seconds), "ms", at_most=50))
        approve_some(bench)
        bench.store.update(training_minutes=max(1.0, seconds / 30))
        bench.training.retrain()
        wait_for(lambda: bench.training_service.is_running)
        rows.append(row("predicting and training: longest gap", ticks.watch(seconds), "ms", at_most=50))
        bench.training_service.close()
    return report("Responsiveness", rows, options)


if __name__ == "__main__":
    sys.exit(main())
