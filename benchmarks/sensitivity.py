"""The sensitivity slider on an image of 24 megapixels: from a move of the mouse to the painted overlay and to the list.

The image is made of images of a folder of yours (default: the sample project), side by side, as is what the starter
model sees in them. The mouse moves the slider of the real window; a fresh value each time, so that nothing is known.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from desk import open_window, wait_for
from harness import Row, arguments, report, row, timed

from scratchgui.core.cutting import Cutting
from scratchgui.core.images import read_image
from scratchgui.core.model_card import load_bundle
from scratchgui.core.regions import find_regions
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.app.workbench import Workbench
    from scratchgui.inference.predictor import Prediction

_SIZE = 6000, 4000
_SOURCES = 9
_ALL_ON = Cutting(0.5, 8, low_threshold=0.1, largest_hole=50, longest_gap=20)
_DRAG_MS = 16


def mosaic(parts: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Lay pictures, uint8 (H, W), side by side, turned and mirrored, until the size is filled."""
    height, width = (min(part.shape[axis] for part in parts) for axis in (0, 1))
    whole = np.zeros((_SIZE[1] + height, _SIZE[0] + width), np.uint8)
    for number, (y, x) in enumerate(np.ndindex(_SIZE[1] // height + 1, _SIZE[0] // width + 1)):
        part = parts[number * 5 % len(parts)][:height, :width]
        part = part[:: -1 if number % 2 else 1, :: -1 if number % 3 else 1]
        whole[y * height : (y + 1) * height, x * width : (x + 1) * width] = part
    return np.ascontiguousarray(whole[: _SIZE[1], : _SIZE[0]])


def make_scene(source: Path) -> tuple[NDArray[np.uint8], Prediction]:
    """Return a large image, uint8 (H, W), and what the starter model sees in its parts."""
    from scratchgui.inference.steady_predictor import open_predictor
    from scratchgui.paths import starter_bundle

    predictor = open_predictor(load_bundle(starter_bundle()))
    files = sorted(source.iterdir())
    images = [read_image(file) for file in files[:: max(1, len(files) // _SOURCES)]]
    predictions = [predictor.predict(image) for image in images]
    grays = [image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in images]
    probability = mosaic([prediction.probability[0] for prediction in predictions])[None]
    return mosaic([np.asarray(gray, np.uint8) for gray in grays]), replace(predictions[0], probability=probability)


class Desk:
    """The window with the image, and a hand at the slider.

    Attributes:
        bench: The window.
        canvas_painted: When the canvas was painted last (s).
        list_painted: When the list of defects was.
    """

    def __init__(self, bench: Workbench) -> None:
        from PySide6.QtCore import QEvent, QObject

        self.bench = bench
        self.canvas_painted = self.list_painted = 0.0
        self._slider = bench.inspector.sensitivity.slider
        desk, canvas, rows = self, bench.canvas, bench.inspector.defects.view.viewport()

        class Watch(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint:
                    watched.removeEventFilter(self)
                    watched.event(event)
                    watched.installEventFilter(self)
                    painted = time.perf_counter()
                    if watched is canvas:
                        desk.canvas_painted = painted
                    else:
                        desk.list_painted = painted
                    return True
                return False

        self._watch = Watch(bench.window)
        for widget in (canvas, rows):
            widget.installEventFilter(self._watch)

    def move(self, value: int) -> float:
        """Move the mouse to a sensitivity (percent); return when (s)."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        slider, left = self._slider, Qt.MouseButton.LeftButton
        at = QPointF(slider._x(value), slider.height() - 12)
        kind = QEvent.Type.MouseMove if slider.isSliderDown() else QEvent.Type.MouseButtonPress
        event = QMouseEvent(kind, at, slider.mapToGlobal(at), left, left, Qt.KeyboardModifier.NoModifier)
        began = time.perf_counter()
        QApplication.sendEvent(slider, event)
        return began

    def release(self) -> None:
        """Let the slider go."""
        self._slider.setSliderDown(False)

    @property
    def is_read(self) -> bool:
        """Tell whether the list shows what the slider says."""
        reading = self.bench.judging.reading
        return reading is not None and reading.cut_from[1] == self.bench.editor.cutting

    def one_move(self, value: int) -> tuple[float, float, float]:
        """Move once; return the times (ms) to the painted overlay, from there to the list, and to the sharp picture."""
        began = self.move(value)
        wait_for(lambda: self.canvas_painted > began)
        painted = self.canvas_painted
        wait_for(lambda: self.is_read and self.list_painted > painted)
        listed = self.list_painted
        wait_for(lambda: self.bench.canvas.compositor.is_sharp and self.bench.canvas.build_slice(0))
        sharp = time.perf_counter()
        return (painted - began) * 1000, (listed - painted) * 1000, (sharp - began) * 1000

    def drag(self, values: list[int]) -> list[float]:
        """Move from value to value as a mouse does; return how long each took to be painted (ms)."""
        waits = []
        for value in values:
            began = self.move(value)
            wait_for(lambda began=began: self.canvas_painted > began)  # type: ignore[misc]
            waits.append((self.canvas_painted - began) * 1000)
            wait_for(lambda began=began: time.perf_counter() > began + _DRAG_MS / 1000)  # type: ignore[misc]
        wait_for(lambda: self.is_read)
        return waits


def slider_rows(desk: Desk, name: str, times: int) -> list[Row]:
    """Measure single moves, and a drag."""
    values = np.random.default_rng(3).permutation(np.arange(15, 90))[: times + 1].tolist()
    moves = np.array([desk.one_move(value) for value in values][1:])
    waits = desk.drag(np.linspace(20, 80, 4 * times).astype(int).tolist())
    desk.release()
    return [
        row(f"{name}: slider to overlay painted", moves[:, 0].tolist(), "ms", at_most=33),
        row(f"{name}: from there to verdict and list", moves[:, 1].tolist(), "ms", at_most=300),
        row(f"{name}: slider to picture in full sharpness", moves[:, 2].tolist(), "ms"),
        row(f"{name}: while dragging, overlay painted", waits, "ms", at_most=33),
        row(f"{name}: the same, 95th percentile", waits, "ms", percent=95),
    ]


def computing_rows(probability: NDArray[np.uint8], times: int) -> list[Row]:
    """Measure the computation alone, and what every image of that size costs at least."""
    rows = [row("floor: threshold alone", timed(lambda: cut(probability, Cutting(0.5)), times), "ms")]
    mask = cut(probability, Cutting(0.5, 8))
    labeled = timed(lambda: cv2.connectedComponentsWithStats(mask, connectivity=8), times)
    rows.append(row("peer: numbering all pixels once (OpenCV)", labeled, "ms"))
    for name, cutting in (("smallest defect", Cutting(0.5, 8)), ("all on", _ALL_ON)):
        rows.append(row(f"cut, {name}", timed(lambda cutting=cutting: cut(probability, cutting), times), "ms"))  # type: ignore[misc]
    rows.append(row("list of defects from the mask", timed(lambda: find_regions(mask, probability), times), "ms"))
    return rows


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    default = Path(__file__).parent.parent / "resources" / "sample" / "images"
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="images to put together")
    options = parser.parse_args()
    times = 12 if options.quick else 40
    image, prediction = make_scene(options.folder)
    rows = computing_rows(prediction.probability, times)
    with tempfile.TemporaryDirectory() as place, open_window(model=False) as bench:
        folder = Path(place) / "images"
        folder.mkdir()
        cv2.imwrite(str(folder / "large.jpg"), image)
        bench.project.open(str(folder))
        wait_for(lambda: bench.session.image is not None)
        bench.session.set_prediction(bench.session.current, prediction)
        desk = Desk(bench)
        wait_for(lambda: desk.is_read and bench.canvas.build_slice(0))
        rows.append(
            row(
                "defects at half the sensitivity", [len(find_regions(cut(prediction.probability, Cutting(0.5, 8))))], ""
            )
        )
        for name, show in (("fitted", bench.canvas.fit), ("100%", lambda: bench.canvas.set_zoom(1))):
            show()
            rows += slider_rows(desk, name, times)
        bench.editor.cutting = replace(_ALL_ON, threshold=bench.editor.cutting.threshold)
        rows += slider_rows(desk, "100%, all on", times)
    return report("Sensitivity, 24 megapixels", rows, options)


if __name__ == "__main__":
    sys.exit(main())
