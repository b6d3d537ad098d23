"""Longest gap of the window's event loop: while panels are built, folders open, predictions and a training run.

A 5 ms timer on the window's thread: what it is late by is what a stroke or a key would wait.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desk import open_shell, open_window, wait_for
from folders import make_folder, make_small
from harness import Row, arguments, report, row

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def during(self, seconds: float, until: Callable[[], bool] = lambda: True) -> float:
        """Return the longest gap (ms) until something is true and some seconds are over."""
        self.gaps = []
        self._last = time.perf_counter()
        self._timer.start()
        end = time.perf_counter() + seconds
        wait_for(lambda: time.perf_counter() > end and until())
        self._timer.stop()
        return max(self.gaps)

    def watch(self, seconds: float) -> list[float]:
        """Watch for some seconds; return the longest gap of each of five equal parts (ms)."""
        return [self.during(seconds / _ROUNDS) for _ in range(_ROUNDS)]


def launch(folder: Path) -> None:
    """Build the window, open a folder and print the longest gaps (ms); in a process of its own, as programs start."""
    with open_shell() as shell:
        ticks = Ticks()
        shell.start()
        built = ticks.during(0, lambda: shell.workbench is not None)
        bench = shell.workbench
        assert bench is not None
        bench.project.open(str(folder))
        opened = ticks.during(1, lambda: bench.session.image is not None and bench.session.image.prediction is not None)
        print(json.dumps([built, opened]))


def launched(folder: Path, runs: int) -> tuple[list[float], list[float]]:
    """Launch several times; return the longest gaps while the panels are built, and while the folder opens."""
    found = []
    for _ in range(runs):
        command = [sys.executable, __file__, "--launch", str(folder)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found.append(json.loads(text.splitlines()[-1]))
    built, opened = zip(*found, strict=True)
    return list(built), list(opened)


def opening(bench: Workbench, ticks: Ticks, folder: Path, runs: int) -> list[float]:
    """Open a folder several times; return the longest gap of each."""
    gaps = []
    for _ in range(runs):
        bench.project.close()
        wait_for(lambda: bench.session.image is None)
        bench.project.open(str(folder))
        gaps.append(ticks.during(1.5, lambda: bench.session.image is not None))
    return gaps


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
    approve = bench.actions.action("approve_next")
    for _ in range(4):
        wait_for(lambda: bench.session.image is not None and approve.isEnabled())
        before = bench.session.current
        image = bench.session.image
        assert image is not None
        image.document.begin_stroke(1)
        image.document.extend_stroke(40, 40, 200, 120, 9)
        image.document.end_stroke("Brush stroke")
        approve.trigger()
        wait_for(lambda before=before: bench.session.current != before)  # type: ignore[misc]
    wait_for(lambda: bench.training.count.total >= 4)


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    default = Path(__file__).parent.parent / "resources" / "sample" / "images"
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="images to predict and to learn from")
    parser.add_argument("--launch", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.launch:
        launch(options.folder)
        return 0
    seconds, runs = (10, 3) if options.quick else (40, 9)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place, open_window() as bench:
        ticks = Ticks()
        rows.append(row("idle: longest gap", ticks.watch(seconds / 4), "ms"))
        built, opened = launched(make_project(Path(place) / "launch", options.folder, 1), runs)
        rows.append(row("panels being built: longest gap", built, "ms", at_most=50))
        rows.append(row("first folder and model opening: longest gap", opened, "ms", at_most=50))
        small = make_small(Path(place) / "small", options.folder)
        for count in (10_000, 100_000):
            folder = Path(place) / f"{count}"
            make_folder(folder, count, small)
            gaps = opening(bench, ticks, folder, runs + 1)[1:]  # the first one makes the project
            rows.append(row(f"{count:,} images opening: longest gap", gaps, "ms", at_most=50))
        bench.project.close()
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
