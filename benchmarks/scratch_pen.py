"""The scratch pen's live preview: from a mouse move to the repainted path, near the last node and across the view.

The picture is one of a folder of yours (default: the sample project), repeated up to 24 megapixels, with one long bent
scratch; heat map, mask and 300 boxes are shown as in `canvas.py`.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from easel import Easel, make_scene
from harness import Row, arguments, report, row
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from scratchgui.core.images import read_image
from scratchgui.model.tool_key import ToolKey

if TYPE_CHECKING:
    from easel import Scene
    from numpy.typing import NDArray

_WIDTH, _HEIGHT = 6000, 4000
_SCRATCH = 3
_LOCAL, _FAR = 400, 2000
"""How far from the last node the mouse goes (points of the widget)."""


def middle(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the row of the scratch in columns of the image (px)."""
    return np.asarray(_HEIGHT / 2 + 120 * np.sin(columns / 300) + 40 * np.sin(columns / 70))


def scratched(texture: NDArray[np.uint8]) -> Scene:
    """Return the picture with one scratch from side to side."""
    scene = make_scene(texture, _WIDTH, _HEIGHT)
    columns = np.arange(_WIDTH, dtype=np.float64)
    line = np.stack([columns, middle(columns)], axis=1).round().astype(np.int32)
    cv2.polylines(scene.image, [line], isClosed=False, color=(210,) * 3, thickness=_SCRATCH)
    return scene


def previews(easel: Easel, zoom: float | None, reach: int, moves: int) -> list[float]:
    """Click on the scratch, follow it with the mouse, cancel; return the time of each move to its paint (ms)."""
    canvas = easel.canvas
    canvas.fit() if zoom is None else canvas.set_zoom(zoom)
    easel.settle()
    place = canvas.viewport.placement
    reach = min(reach, int(_WIDTH * place.zoom) - 80)
    start = canvas.viewport.view[0] / 2 - reach / 2
    across = start + np.concatenate([np.linspace(4, reach, moves), np.linspace(reach, 4, moves)])
    columns = (across - place.x) / place.zoom
    rows = place.y + middle(columns) * place.zoom + np.random.default_rng(1).uniform(-4, 4, across.size)
    easel.mouse("MouseMove", start, float(rows[0]), held=False)
    easel.mouse("MouseButtonPress", start, float(rows[0]), button=True)
    easel.mouse("MouseButtonRelease", start, float(rows[0]), held=False, button=True)
    easel.settle()
    steps = zip(across.tolist(), rows.tolist(), strict=True)
    times = [easel.until_painted(partial(easel.mouse, "MouseMove", x, y, held=False)) for x, y in steps]
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    return times


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    default = Path(__file__).parent.parent / "resources" / "sample" / "images"
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="where the picture comes from")
    options = parser.parse_args()
    texture = read_image(sorted(path for path in options.folder.iterdir() if path.is_file())[0])
    easel, rows = Easel(), list[Row]()
    easel.show(scratched(texture))
    easel.canvas.editor.tool = ToolKey.SCRATCH_PEN
    easel.settle()
    for zoom, name in ((4.0, "400%"), (1.0, "100%"), (None, "fitted")):
        for reach, where in ((_LOCAL, "near the node"), (_FAR, "across the view")):
            times = previews(easel, zoom, reach, 40 if options.quick else 200)
            bar = 16 if reach == _LOCAL else None
            rows.append(row(f"{name}, {where}: move to repainted, median", times, "ms", at_most=bar))
            rows.append(row(f"{name}, {where}: move to repainted, p95", times, "ms", at_most=bar, percent=95))
    return report("Scratch pen", rows, options)


if __name__ == "__main__":
    sys.exit(main())
