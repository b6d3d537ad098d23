"""Opening large folders: list and first image, and the next image, against listing and decoding alone.

The images are links to the few files of a folder of yours (default: the sample project), so that 100,000 cost no disk.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from desk import open_window, wait_for
from harness import Row, arguments, report, row

from scratchgui.core.images import read_image

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench

_IN_ONE_FOLDER = 1000
_SMALL = (256, 256)
_KINDS = 20


def make_folder(root: Path, count: int, small: list[Path]) -> None:
    """Fill a folder with `count` images in subfolders."""
    for index in range(count):
        place = root / f"lot_{index // _IN_ONE_FOLDER:03d}"
        if index % _IN_ONE_FOLDER == 0:
            place.mkdir(parents=True)
        os.link(small[index % len(small)], place / f"img_{index:06d}.jpg")


def make_small(root: Path, source: Path) -> list[Path]:
    """Write small versions of the images of a folder."""
    root.mkdir()
    made = []
    for path in sorted(source.glob("*.jpg"))[:_KINDS]:
        image = cv2.resize(read_image(path), _SMALL, interpolation=cv2.INTER_AREA)
        made.append(root / path.name)
        made[-1].write_bytes(cv2.imencode(".jpg", image)[1].tobytes())
    return made


def open_folder(bench: Workbench, folder: Path) -> float:
    """Return milliseconds from opening to list and first image."""
    bench.project.close()
    began = time.perf_counter()
    bench.project.open(str(folder))
    wait_for(lambda: bench.session.image is not None)
    took = time.perf_counter() - began
    assert bench.queue.view.model().rowCount() > 0
    return took * 1000


def scan_alone(folder: Path) -> float:
    """Return milliseconds of listing with `os.walk` and sorting, and decoding one image."""
    began = time.perf_counter()
    names = sorted(os.path.join(place, name) for place, _, files in os.walk(folder) for name in files)
    read_image(Path(names[0]))
    return (time.perf_counter() - began) * 1000


def next_image(bench: Workbench) -> float:
    """Return milliseconds from the key to the next image painted; its pixels are read ahead, as between two keys."""
    time_to_look = time.perf_counter() + 0.15
    wait_for(lambda: time.perf_counter() > time_to_look)
    before = bench.session.current
    began = time.perf_counter()
    bench.actions.action("next").trigger()
    wait_for(lambda: bench.session.image is not None and bench.session.current != before)
    bench.canvas.repaint()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    default = Path(__file__).parent.parent / "resources" / "sample" / "images"
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="where the images come from")
    options = parser.parse_args()
    runs, steps = (3, 30) if options.quick else (7, 100)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place, open_window() as bench:
        small = make_small(Path(place) / "small", options.folder)
        for count, bar in ((10_000, 150), (100_000, 1000)):
            folder = Path(place) / f"{count}"
            make_folder(folder, count, small)
            open_folder(bench, folder)  # makes the project, warms the file cache
            rows.append(row(f"{count:,}: os.walk, sort, decode one", [scan_alone(folder) for _ in range(runs)], "ms"))
            times = [open_folder(bench, folder) for _ in range(runs)]
            rows.append(row(f"{count:,}: list and first image", times, "ms", at_most=bar))
            if count == 10_000:
                bench.inference_service.cancel()
                rows.append(row("next image", [next_image(bench) for _ in range(steps)], "ms", at_most=12))
        bench.project.close()
    assert np.isfinite([item.value for item in rows]).all()
    return report("Folders", rows, options)


if __name__ == "__main__":
    sys.exit(main())
