"""The inference pipeline against what its parts can do: OpenVINO alone, and the pipeline that ScratchGUI replaces.

The images are photographs repeated up to the size; give a folder of your own images to take theirs. Each measurement
runs in a process of its own; a row is the median of several.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from harness import Row, arguments, at_least, report
from inference_figure import draw
from inference_runs import TILE

from scratchgui.core.images import read_image, scan_images
from scratchgui.core.model_card import load_bundle
from scratchgui.paths import sample_source, starter_bundle

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDES = {1: 1000, 4: 2000, 16: 4000, 24: 4900, 50: 7070, 100: 10_000}
_TIMES_THE_ORIGINAL = {"f32": 2.0, "bf16": 3.5, "int8": 5.0}
_AGREEMENT = {"bf16": 0.995, "int8": 0.99}
_FIGURE = Path(__file__).parents[1] / "docs" / "inference.png"
_SHARE = 0.85


def run(what: str, **options: Any) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("inference_runs.py")), what, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def median(what: str, times: int, **options: Any) -> dict[str, float]:
    """Return the median of each figure of several runs."""
    runs = [run(what, **options) for _ in range(times)]
    return {name: statistics.median(found[name] for found in runs) for name in runs[0]}


def at_most(name: str, value: float, unit: str, bar: float | None = None) -> Row:
    """Make a row that must not pass a bar."""
    return Row(name, value, unit, bar, bar is None or value <= bar)


def photographs(folder: Path | None) -> list[NDArray[np.uint8]]:
    """Return up to a dozen photographs, RGB uint8."""
    root = folder or sample_source() / "images"
    images = [read_image(root / rel) for rel in scan_images(root)[:12]]
    return [image if image.ndim == 3 else np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)) for image in images]


def repeated(images: list[NDArray[np.uint8]], side: int) -> NDArray[np.uint8]:
    """Return photographs side by side, RGB uint8 (side, side, 3)."""
    made = np.empty((side, side, 3), np.uint8)
    for index, y in enumerate(range(0, side, TILE)):
        for number, x in enumerate(range(0, side, TILE)):
            image = cv2.resize(images[(index * 5 + number) % len(images)], (TILE, TILE))
            part = made[y : y + TILE, x : x + TILE]
            part[:] = image[: part.shape[0], : part.shape[1]]
    return made


def write(path: Path, image: NDArray[np.uint8]) -> str:
    """Write RGB uint8 (H, W, 3) as the suffix says; return the path."""
    cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])
    return str(path)


def precisions() -> list[str]:
    """Return what the starter model can be run in here."""
    from scratchgui.core.errors import UserError
    from scratchgui.inference.engine import open_engine

    found = []
    for precision in _TIMES_THE_ORIGINAL:
        try:
            open_engine(load_bundle(starter_bundle()), device="cpu", precision=precision).close()
            found.append(precision)
        except UserError as error:
            print(f"{precision}: {error}")
    return found


def folders(place: Path, images: list[NDArray[np.uint8]], kinds: list[str], count: int, times: int) -> list[Row]:
    """Compare the command line on a folder of images of 512² with OpenVINO alone and with the original pipeline."""
    source = place / "folder"
    source.mkdir()
    pictures = [
        write(place / f"{index}.jpg", np.asarray(cv2.resize(image, (TILE, TILE)), np.uint8))
        for index, image in enumerate(images)
    ]
    for index in range(count):
        os.link(pictures[index % len(pictures)], source / f"{index:04}.jpg")
    rows, before = [], median("original", times, source=str(source), count=max(8, count // 4))["original"]
    rows.append(at_most("original pipeline: an image of 512²", before * 1000, "ms"))
    for kind in kinds:
        found = median("folder", times, precision=kind, source=str(source), count=count)
        rows += [
            at_most(f"{kind}: OpenVINO alone, a tile of 512²", found["raw"] * 1000, "ms"),
            at_most(f"{kind}: whole pipeline, an image of 512²", found["pipeline"] * 1000, "ms"),
            at_least(f"{kind}: share of OpenVINO's throughput", found["raw"] / found["pipeline"], "", _SHARE),
            at_least(f"{kind}: times the original", before / found["pipeline"], "×", _TIMES_THE_ORIGINAL[kind]),
        ]
    return rows


def large_images(
    place: Path, images: list[NDArray[np.uint8]], kinds: list[str], sizes: list[int], times: int
) -> tuple[list[Row], dict[str, dict[int, float]]]:
    """Measure images of several sizes; return the rows and the seconds an image by precision and megapixels."""
    rows: list[Row] = []
    curve: dict[str, dict[int, float]] = {kind: {} for kind in kinds}
    for size in sizes:
        source = write(place / f"{size}.{'png' if size >= 50 else 'jpg'}", repeated(images, _SIDES[size]))
        for kind in kinds:
            found = median("large", times, precision=kind, source=source)
            curve[kind][size] = found["seconds"]
            name, share = f"{kind}, {size} MP", found["raw"] * found["tiles"] / found["seconds"]
            rows.append(at_most(f"{name}: an image", found["seconds"], "s"))
            if size in (24, 100):
                rows.append(at_least(f"{name}: share of OpenVINO's throughput", share, "", _SHARE))
                rows.append(at_most(f"{name}: memory over idle", found["rise"], "MB", 500 if size == 24 else 800))
            if size == 100:
                rows.append(at_most(f"{name}: file to first, coarse result", found["first"], "s", 2.0))
    return rows, curve


def starts(place: Path, kinds: list[str], times: int) -> list[Row]:
    """Measure from the bundle to the first result with a warm model cache."""
    rows = []
    for kind in kinds:
        run("start", precision=kind, cache=str(place / "cache"))
        found = median("start", times, precision=kind, cache=str(place / "cache"))
        rows.append(at_most(f"{kind}: engine start, bundle to first result", found["seconds"], "s", 1.5))
    return rows


def agreements(place: Path, images: list[NDArray[np.uint8]], kinds: list[str]) -> list[Row]:
    """Compare with torch on the processor."""
    sources = [write(place / f"same{index}.png", image) for index, image in enumerate(images)]
    rows = []
    for kind in kinds:
        found = run("agreement", precision=kind, sources=sources)
        bar = 1e-3 if kind == "f32" else None
        rows.append(at_most(f"{kind}: largest difference from torch", found["worst"], "", bar))
        rows.append(at_least(f"{kind}: Dice with torch's masks", found["dice"], "", _AGREEMENT.get(kind, 0.999)))
    return rows


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="photographs to repeat; those of the sample without it")
    parser.add_argument("--figure", type=Path, help=f"write the figure here ({_FIGURE.name} of the docs in a full run)")
    options = parser.parse_args()
    images, kinds = photographs(options.folder), precisions()
    times = 1 if options.quick else 3
    sizes = [24] if options.quick else list(_SIDES)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        rows = folders(place, images, kinds, 40 if options.quick else 120, times)
        found, curve = large_images(place, images, kinds, sizes, times)
        rows += [*found, *starts(place, kinds, times), *agreements(place, images, kinds)]
    figure = options.figure or (None if options.quick else _FIGURE)
    if figure is not None:
        draw(curve, figure)
    return report("Inference", rows, options)


if __name__ == "__main__":
    sys.exit(main())
