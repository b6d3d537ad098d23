"""The canvas from 4 to 400 megapixels: brush moves, undo, full repaints, saving; real Qt events until they are painted.

The picture is one of a folder of yours (default: the sample project), repeated up to the size, with drawn scratches.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from easel import SETTLED, VIEW, Easel, make_scene
from harness import Row, arguments, report, row, timed
from PySide6.QtGui import QImage, QPainter

from scratchgui.core.images import read_image
from scratchgui.model.mask_document import MaskDocument

if TYPE_CHECKING:
    from easel import Scene
    from numpy.typing import NDArray

_SIDES = {"4 MP": 2000, "24 MP": 4900, "100 MP": 10_000, "400 MP": 20_000}
_BRUSHES = (20, 100)
_ZOOMS = (0.05, 0.07, 0.1, 0.13, 0.21, 0.25, 0.3, 0.4, 0.51, 0.7, 0.99, 1.0, 1.4, 1.99, 2.0, 3.3, 7.0, 16.0)


def pauses(name: str) -> list[Row]:
    """Measure how long the system lets a loop that only reads the clock wait: other programs show here."""
    gaps, last, end = [], time.perf_counter(), time.perf_counter() + 0.5
    while last < end:
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now
    waits = [gap for gap in gaps if gap > 0.5] or [0.0]
    return [
        row(f"{name}: floor: longest pause of an empty loop", gaps, "ms", percent=100),
        row(f"{name}: floor: share of time in such pauses", [sum(waits) / 5], "%"),
    ]


def floors() -> list[Row]:
    """Measure what nothing can be quicker than: a dab in numpy, and Qt's painting of ready pictures."""
    mask, disc = np.zeros((4096, 4096), np.uint8), np.ones((100, 100), bool)
    screen, ready = (QImage(*VIEW, QImage.Format.Format_RGB32) for _ in range(2))
    clear = QImage(*VIEW, QImage.Format.Format_ARGB32_Premultiplied)
    ready.fill(0xFF808080)
    clear.fill(0x40400000)

    def dab() -> None:
        mask[1000:1100, 1000:1100][disc] = 1
        painter = QPainter(screen)
        painter.setClipRect(900, 900, 140, 140)
        painter.drawImage(0, 0, ready)
        painter.end()

    def draw(image: QImage) -> None:
        painter = QPainter(screen)
        painter.drawImage(0, 0, image)
        painter.end()

    return [
        row("floor: dab of 100 px in numpy, drawImage of its rectangle", timed(dab, 200), "ms"),
        row("floor: drawImage of 2560 × 1440", timed(lambda: draw(ready), 30), "ms"),
        row("floor: the same, translucent", timed(lambda: draw(clear), 30), "ms"),
    ]


def brush_moves(easel: Easel, name: str, moves: int) -> tuple[list[Row], float]:
    """Stroke over the picture; return the rows, and the median of all moves (ms)."""
    rows, everything = [], []
    for zoom in ("fit", "100%"):
        easel.canvas.fit() if zoom == "fit" else easel.canvas.set_zoom(1)
        for brush in _BRUSHES:
            easel.canvas.editor.brush_size = brush
            easel.settle()
            times: list[float] = []
            for seed in range(-(-moves // 200)):
                times += easel.stroke(easel.way(200, seed))
            what = f"{name}, {zoom}, brush {brush} px: move to repainted"
            rows.append(row(f"{what}, median", times, "ms", at_most=1.5))
            rows.append(row(f"{what}, p95", times, "ms", at_most=4, percent=95))
            rows.append(row(f"{what}, longest", times, "ms", at_most=16, percent=100))
            everything += times
    return rows, float(np.median(everything))


def undoing(easel: Easel, name: str, times: int) -> list[Row]:
    """Undo and redo the last stroke, which has 200 moves."""
    document, undo, redo = easel.document, [], []
    easel.settle()
    for _ in range(times):
        undo.append(easel.until_painted(document.undo))
        redo.append(easel.until_painted(document.redo))
    return [
        row(f"{name}: undo 200 moves to repainted", undo, "ms", at_most=16),
        row(f"{name}: redo 200 moves to repainted", redo, "ms", at_most=16),
    ]


def repaints(easel: Easel, name: str, times: int) -> list[Row]:
    """Zoom to many levels, and pan, with heat map, mask and boxes over the picture."""
    first: dict[float, list[float]] = {}
    sharp: list[float] = []
    gaps: list[float] = []
    for zoom in _ZOOMS * times:
        first.setdefault(zoom, []).append(easel.until_painted(lambda zoom=zoom: easel.canvas.set_zoom(zoom)))  # type: ignore[misc]
        began = time.perf_counter()
        gaps.append(easel.until_sharp())
        sharp.append((time.perf_counter() - began) * 1000 + first[zoom][-1])
    worst = max(first.values(), key=lambda seen: float(np.percentile(seen, 95)))
    rows = [
        row(f"{name}: zoom to repainted, all levels", [ms for seen in first.values() for ms in seen], "ms"),
        row(f"{name}: zoom to repainted, slowest level, p95", worst, "ms", at_most=12, percent=95),
        row(f"{name}: zoom to sharp, p95", sharp, "ms", percent=95),
        row(f"{name}: longest gap while it gets sharp", gaps, "ms", at_most=12, percent=95),
    ]
    for zoom, text in ((0.3, "30%"), (1.0, "100%")):
        easel.canvas.set_zoom(zoom)
        easel.settle()
        steps = [easel.until_painted(lambda: easel.canvas.pan(-13, 7)) for _ in range(10 * times)]
        rows.append(row(f"{name}: pan by 15 px at {text}, p95", steps, "ms", at_most=12, percent=95))
    return rows


def history(side: int, strokes: int) -> Row:
    """Paint strokes all over a mask; return the memory that their history needs (MB)."""
    document = MaskDocument("a.png", np.ones((side, side), np.uint8))
    random = np.random.default_rng(3)
    tracemalloc.start()
    for x, y in random.uniform(0, side, (strokes, 2)).tolist():
        document.begin_stroke(2)
        for dx, dy in np.cumsum(random.uniform(-60, 60, (30, 2)), axis=0).tolist():
            document.extend_stroke(x, y, x + dx, y + dy, 20)
        document.end_stroke("Brush stroke")
    needed = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return row(f"100 MP: history of {strokes:,} strokes", [needed], "MB", at_most=100)


def resident() -> float:
    """Return the memory of this process (MB)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def saving(scene: Scene, name: str, times: int, bar: float) -> list[Row]:
    """Measure what stops the window's thread when a mask is saved and cleared, and what numpy takes to copy it."""
    document = MaskDocument("a.png", np.zeros_like(scene.mask))
    accepted = timed(lambda: document.replace(scene.prediction, "Accept prediction"), 1)
    rows = [
        row(f"{name}: copying the mask in numpy", timed(document.mask.copy, times), "ms"),
        row(f"{name}: a save, on the window's thread", timed(document.snapshot, times), "ms", at_most=4),
    ]
    clear, back = [], []
    for _ in range(times):
        clear += timed(document.clear, 1)
        back += timed(document.undo, 1)
    rows.append(row(f"{name}: accept a prediction of {len(scene.regions)} defects", accepted, "ms", at_most=bar))
    rows.append(row(f"{name}: clear it", clear, "ms", at_most=bar))
    rows.append(row(f"{name}: undo of that", back, "ms", at_most=bar))
    return rows


def opening(easel: Easel, scene: Scene, name: str) -> list[Row]:
    """Show a scene; measure the first picture, the longest gap until everything is built, and what that needs."""
    easel.canvas.set_image(None)
    easel.settle()
    before = resident()
    first = easel.until_painted(lambda: easel.show(scene))
    began = time.perf_counter()
    gap = easel.settle()
    built = (time.perf_counter() - began - SETTLED) * 1000
    base = (scene.image.nbytes + scene.mask.nbytes + scene.prediction.nbytes + scene.probability.nbytes) / 1e6
    return [
        row(f"{name}: pixels in memory to first picture", [first], "ms", at_most=50),
        row(f"{name}: longest gap until all is built", [gap], "ms", at_most=50),
        row(f"{name}: until all is built", [built], "ms"),
        row(f"{name}: image and layers, all that is built with them", [base + resident() - before], "MB"),
    ]


def at_size(easel: Easel, texture: NDArray[np.uint8], name: str, *, quick: bool) -> tuple[list[Row], float]:
    """Measure one size in gray."""
    scene = make_scene(texture, _SIDES[name], _SIDES[name])
    rows = pauses(name) + opening(easel, scene, name)
    moves, median = brush_moves(easel, name, 200 if quick else 1000)
    rows += moves + undoing(easel, name, 10 if quick else 50)
    if name in ("24 MP", "100 MP", "400 MP"):
        rows += repaints(easel, f"{name} gray", 2 if quick else 20)
    if name in ("100 MP", "400 MP"):
        rows += saving(scene, name, 3 if quick else 10, 50.0 * _SIDES[name] ** 2 / 1e8)
    return rows, median


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    default = Path(__file__).parent.parent / "resources" / "sample" / "images"
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="where the picture comes from")
    parser.add_argument("--largest", choices=_SIDES, default="400 MP", help="leave larger ones out: 400 MP need 4 GB")
    options = parser.parse_args()
    color = read_image(sorted(path for path in options.folder.iterdir() if path.is_file())[0])
    gray = color if color.ndim == 2 else cv2.cvtColor(color, cv2.COLOR_RGB2GRAY)
    color = color if color.ndim == 3 else np.asarray(cv2.cvtColor(color, cv2.COLOR_GRAY2RGB), np.uint8)
    easel, rows, medians = Easel(), floors(), {}
    names = list(_SIDES)
    for name in names[: names.index(options.largest) + 1]:
        found, medians[name] = at_size(easel, np.asarray(gray, np.uint8), name, quick=options.quick)
        rows += found
    if "100 MP" in medians:
        ratio = medians["100 MP"] / medians["4 MP"]
        rows.append(row("brush move at 100 MP, of that at 4 MP", [ratio], "×", at_most=1.5))
        rows.append(history(_SIDES["100 MP"], 1000))
    easel.show(make_scene(np.asarray(color, np.uint8), 6000, 4000))
    easel.settle()
    rows += repaints(easel, "24 MP color", 2 if options.quick else 20)
    return report("Canvas", rows, options)


if __name__ == "__main__":
    sys.exit(main())
