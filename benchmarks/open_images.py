"""Opening large images: a coarse picture, the whole one, the next one, and the memory, against `cv2.imdecode` alone.

The images are made here: a slow change of brightness with camera-like noise, JPEG of quality 90. Give a folder of
your own images to measure with; the first JPEG and the first PNG or TIFF in it take the place of those of 24 and 100
megapixels. The project has no model meanwhile: what the network needs comes on top, after the image is on the screen.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from desk import open_window, peak_memory, wait_for
from harness import Row, arguments, report, row

from scratchgui.core.images import is_image_name, read_image
from scratchgui.core.mask import encode_mask
from scratchgui.core.project import Project

if TYPE_CHECKING:
    import argparse

    from numpy.typing import NDArray

    from scratchgui.app.workbench import Workbench

_JPEG, _LARGE = (4000, 6000), (10_000, 10_000)
_HUGE = (20_000, 20_000)
_AWAY = ("s1.png", "s2.png", "s3.png", "s4.png", "s5.png")
"""Small images after the large one; from the fourth of them on, the large one is not read ahead."""


@lru_cache(maxsize=1)
def _grain(height: int, width: int) -> NDArray[np.uint8]:
    """Return a gray texture of slowly changing brightness with noise, the same each time."""
    random = np.random.default_rng(0)
    coarse = random.normal(128, 25, (height // 64 + 2, width // 64 + 2)).astype(np.float32)
    tile = np.empty((min(height, 2000), width), np.float32)
    cv2.setRNGSeed(0)
    cv2.randn(tile, np.zeros(1), np.full(1, 7.0))
    tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), 0.6), np.float32)
    rows = []
    for top in range(0, height, len(tile)):  # in bands, so that the largest image needs no more than itself
        part = coarse[top // 64 : top // 64 + len(tile) // 64 + 2]
        smooth = cv2.resize(part, (width, len(tile)), interpolation=cv2.INTER_CUBIC)
        rows.append(cv2.convertScaleAbs(smooth + tile)[: height - top])
    return np.concatenate(rows)


def make_folder(root: Path, name: str, size: tuple[int, int], own: Path | None = None) -> Path:
    """Make a folder with one large image, or a copy of your own, and five small ones; return the large one's path."""
    root.mkdir()
    for small in _AWAY:
        cv2.imwrite(str(root / small), np.full((64, 64), 90, np.uint8))
    path = root / name if own is None else root / f"a{own.suffix.lower()}"
    if own is not None:
        path.write_bytes(own.read_bytes())
        return path
    picture = _grain(*size)
    if name.endswith(".jpg"):
        brighter, darker = np.where(picture > 250, 255, picture + 5), np.where(picture < 7, 0, picture - 7)
        picture = np.stack([picture, brighter, darker], axis=2).astype(np.uint8)
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return path


def floor(path: Path, runs: int) -> list[float]:
    """Return the milliseconds of decoding alone."""
    data = np.fromfile(path, np.uint8)
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        cv2.imdecode(data, cv2.IMREAD_COLOR if path.suffix == ".jpg" else cv2.IMREAD_ANYCOLOR)
        times.append((time.perf_counter() - began) * 1000)
    return times


def ratios(times: list[float], alone: list[float]) -> list[float]:
    """Divide each time by that of decoding just before it."""
    return [time / base for time, base in zip(times, alone, strict=True)]


def go_away(bench: Workbench, path: Path) -> None:
    """Look at a small image far from the large one, and forget the large one."""
    bench.viewing.choose(_AWAY[3])
    wait_for(lambda: bench.session.image is not None)
    bench.runner.wait_for_done(60_000)
    bench.loader.forget(path.name)
    rest(0.1)


def rest(seconds: float) -> None:
    """Let the window come to rest."""
    until = time.perf_counter() + seconds
    wait_for(lambda: time.perf_counter() > until)


def open_once(bench: Workbench, path: Path) -> tuple[float, float]:
    """Return milliseconds from choosing an image to a coarse picture (0 without one) and to all its pixels painted."""
    go_away(bench, path)
    coarse: list[float] = []

    def on_preview() -> None:
        bench.canvas.repaint()
        coarse.append((time.perf_counter() - began) * 1000)

    bench.session.preview_changed.connect(on_preview)
    began = time.perf_counter()
    bench.viewing.choose(path.name)
    wait_for(lambda: bench.session.image is not None)
    bench.canvas.repaint()
    took = (time.perf_counter() - began) * 1000
    bench.session.preview_changed.disconnect(on_preview)
    return (coarse[0] if coarse else 0.0), took


def open_folder(bench: Workbench, folder: Path) -> None:
    """Open a folder and wait until nothing is left to do."""
    bench.project.open(str(folder))
    wait_for(lambda: bench.session.image is not None)
    bench.runner.wait_for_done(60_000)
    rest(0.5)


def next_image(bench: Workbench) -> float:
    """Return milliseconds from the key to the next image painted; it is read ahead, as between two keys."""
    rest(0.7)
    bench.runner.wait_for_done(60_000)
    before = bench.session.current
    key = "next" if bench.session.images.neighbor(before, 1) else "previous"
    began = time.perf_counter()
    bench.actions.action(key).trigger()
    wait_for(lambda: bench.session.image is not None and bench.session.current != before)
    bench.canvas.repaint()
    return (time.perf_counter() - began) * 1000


def jpeg_rows(root: Path, source: Path | None, runs: int) -> list[Row]:
    """Measure the 24-megapixel JPEG: decoding, opening without and with a mask, and going to the next."""
    path = make_folder(root / "jpeg", "a.jpg", _JPEG, source)
    name = f"{_megapixels(path)} MP {path.suffix[1:].upper()}"
    with open_window(model=False) as bench:
        open_folder(bench, path.parent)
        alone, opened = [], []
        for _ in range(runs):  # in turns, because a machine is not equally fast all the time
            alone += floor(path, 1)
            opened.append(open_once(bench, path))
        go_away(bench, path)
        bench.project.close()
    height, width = read_image(path).shape[:2]
    mask, status = Project.for_folder(path.parent).annotation_paths(path.name)
    mask.parent.mkdir(parents=True, exist_ok=True)
    marked = np.zeros((height, width), np.uint8)
    cv2.line(marked, (9, 9), (width, height), (1,), 5)
    mask.write_bytes(encode_mask(marked))
    with open_window(model=False) as bench:
        open_folder(bench, path.parent)
        masked = [open_once(bench, path)[1] for _ in range(runs)]
        go_away(bench, path)
        bench.project.close()
    mask.unlink()
    status.unlink(missing_ok=True)
    shown = [took for _, took in opened]
    early = [(took, base) for (took, _), base in zip(opened, alone, strict=True) if took]
    coarse = [took for took, _ in early]
    rows = [
        row(f"{name}: cv2.imdecode", alone, "ms"),
        row(f"{name}: coarse picture", coarse, "ms"),
        row(f"{name}: coarse picture / imdecode", ratios(*map(list, zip(*early, strict=True))), "×", at_most=0.7),
        row(f"{name}: shown", shown, "ms"),
        row(f"{name}: shown / imdecode", ratios(shown, alone), "×", at_most=1.3),
        row(f"{name}: shown with its mask", masked, "ms"),
    ]
    return [*rows, next_row(root, path, name, runs)]


def next_row(root: Path, path: Path, name: str, runs: int) -> Row:
    """Measure going between two large images."""
    pair = root / "pair"
    pair.mkdir()
    for copy in ("a", "b"):
        (pair / f"{copy}{path.suffix}").write_bytes(path.read_bytes())
    with open_window(model=False) as bench:
        open_folder(bench, pair)
        times = [next_image(bench) for _ in range(2 * runs)]
        bench.project.close()
    return row(f"{name}: next image, read ahead", times, "ms", at_most=50)


def process_rows(path: Path, name: str, runs: int, ratio: float | None, peak: float | None) -> list[Row]:
    """Measure opening in processes of their own: time, and the most memory each of them ever held."""
    command = [sys.executable, __file__, "--one", str(path)]
    alone, found = [], []
    for _ in range(runs):
        alone += floor(path, 1)
        found.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
    shown = [item["shown"] for item in found]
    return [
        row(f"{name}: cv2.imdecode", alone, "ms"),
        row(f"{name}: shown", shown, "ms"),
        row(f"{name}: shown / imdecode", ratios(shown, alone), "×", at_most=ratio),
        row(f"{name}: peak of the process", [item["peak"] for item in found], "MB", at_most=peak),
    ]


def open_alone(path: Path) -> None:
    """Open one image in this process and print time and peak memory as JSON."""
    with open_window(model=False) as bench:
        open_folder(bench, path.parent)
        shown = open_once(bench, path)[1]
        rest(1.0)  # smaller versions for zooming out are built after it is shown
        print(json.dumps({"shown": shown, "peak": peak_memory()}))
        bench.project.close()


def _megapixels(path: Path) -> int:
    image = read_image(path)
    return round(len(image) * len(image[0]) / 1e6)


def _first(folder: Path | None, *suffixes: str) -> Path | None:
    names = sorted(folder.iterdir()) if folder else []
    return next((path for path in names if is_image_name(path.name) and path.suffix.lower() in suffixes), None)


def measure(options: argparse.Namespace) -> list[Row]:
    """Return all rows."""
    runs = 5 if options.quick else 15
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        rows = jpeg_rows(root, _first(options.folder, ".jpg", ".jpeg"), runs)
        large = make_folder(root / "large", "a.png", _LARGE, _first(options.folder, ".png", ".tif", ".tiff"))
        rows += process_rows(large, f"{_megapixels(large)} MP {large.suffix[1:].upper()}", min(runs, 3), 1.3, 600)
        for kind in ("png", "tif"):
            huge = make_folder(root / f"huge_{kind}", f"a.{kind}", _HUGE)
            rows += process_rows(huge, f"400 MP {kind.upper()}", 1, None, None)
            huge.unlink()
    return rows


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="images of your own")
    parser.add_argument("--one", type=Path, help="open this image alone and print time and peak memory")
    options = parser.parse_args()
    if options.one:
        open_alone(options.one)
        return 0
    return report("Opening images", measure(options), options)


if __name__ == "__main__":
    sys.exit(main())
