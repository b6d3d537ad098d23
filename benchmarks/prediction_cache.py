"""What kept predictions take: bytes per pixel, time to write and to read them, and whether masks stay the same.

The starter model looks at the sample project's images, or at those of other folders, and at a large one: the first of
them mirrored again and again up to 24 megapixels. Peer, from the same run, are the same predictions in all 256 steps of
probability.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import Row, arguments, report, row

from scratchgui import paths
from scratchgui.core.cutting import quantized_threshold
from scratchgui.core.images import read_image, scan_images
from scratchgui.core.mask import decode_mask, encode_mask
from scratchgui.core.model_card import ModelKey, load_bundle
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.percents import round_to_percents
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.inference.tiling import Tiling, predict_tiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scratchgui.inference.steady_predictor import SteadyPredictor

BYTES_A_PIXEL = 0.15
SLOWER = 1.5
LARGE = 4000, 6000
LARGE_QUICK = 2000, 3000
REPEATS = 7


@dataclass(frozen=True)
class Kept:
    """One prediction in all steps and in percents, and what each takes."""

    fine: NDArray[np.uint8]
    percents: NDArray[np.uint8]

    def sizes(self, folder: Path) -> tuple[float, float]:
        """Return bytes per pixel of the present files, with the JSON, and of the PNG in all steps."""
        image = folder / "image"
        image.write_bytes(b"")
        store = PredictionStore(folder / "predictions")
        store.save("image", Prediction(self.percents, "m", PredictSettings()), image)
        files = [path for path in (folder / "predictions").rglob("*") if path.is_file()]
        total = sum(path.stat().st_size for path in files)
        return total / self.fine.size, len(encode_mask(flat(self.fine))) / self.fine.size

    def differing(self) -> int:
        """Count pixels that any sensitivity of the window marks in one of the two alone."""
        steps = [quantized_threshold(percent / 100) for percent in range(1, 100)]
        return sum(int(np.count_nonzero((self.fine >= step) != (self.percents >= step))) for step in steps)


def flat(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the classes one below the other."""
    return planes.reshape(-1, planes.shape[2])


def predict(predictor: SteadyPredictor, image: NDArray[np.uint8]) -> Kept:
    """Return an image's prediction in all 256 steps, and as it is kept."""
    tiling = Tiling(predictor.settings.tile, predictor.settings.overlap, predictor.engine.batch)
    fine = predict_tiled(image, predictor.engine.infer, tiling, len(predictor.bundle.card.classes))
    percents = fine.copy()
    round_to_percents(percents)
    return Kept(fine, percents)


def mirrored(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return an image of another size, (H, W), made of one mirrored again and again."""
    missing = [max(0, wanted - have) for wanted, have in zip(size, image.shape, strict=False)]
    pads = [(0, extra) for extra in missing] + [(0, 0)] * (image.ndim - 2)
    return np.ascontiguousarray(np.pad(image, pads, mode="symmetric")[: size[0], : size[1]])


def milliseconds(work: Callable[[], object]) -> list[float]:
    """Return how long something took, several times."""
    taken = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def folder_rows(predictor: SteadyPredictor, folder: Path, count: int) -> list[Row]:
    """Measure some images of a folder."""
    names = scan_images(folder)
    chosen = names[:: max(1, len(names) // count)][:count]
    sizes, differing = [], 0
    for name in chosen:
        kept = predict(predictor, read_image(folder / name))
        differing += kept.differing()
        with tempfile.TemporaryDirectory() as place:
            sizes.append(kept.sizes(Path(place)))
    title = folder.parent.name if folder.name == "images" else folder.name
    now, before = ([pair[index] for pair in sizes] for index in (0, 1))
    mean = statistics.mean(now)
    return [
        Row(f"{title}, {len(chosen)} images: mean", mean, "B/px", BYTES_A_PIXEL, mean <= BYTES_A_PIXEL, span(now)),
        Row(f"{title}, all 256 steps: mean", statistics.mean(before), "B/px", spread=span(before)),
        Row(f"{title}: pixels that differ at any sensitivity", differing, "px", 0, differing == 0),
    ]


def span(values: list[float]) -> tuple[float, float]:
    """Return the smallest and the largest value."""
    return min(values), max(values)


def large_rows(predictor: SteadyPredictor, image: NDArray[np.uint8]) -> list[Row]:
    """Measure a large image: size and times."""
    kept = predict(predictor, image)
    megapixels = f"{image.shape[0] * image.shape[1] / 1e6:.0f} MP"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        size, before = kept.sizes(folder)
        store, source = PredictionStore(folder / "predictions"), folder / "image"
        prediction = Prediction(kept.percents, "m", PredictSettings())
        write = milliseconds(lambda: store.save("image", prediction, source))
        read = milliseconds(lambda: store.load("image", ModelKey("m"), PredictSettings(), source))
    data = encode_mask(flat(kept.fine))
    read_fine = milliseconds(lambda: decode_mask(data))
    ratio = statistics.median(read) / statistics.median(read_fine)
    return [
        Row(f"{megapixels}", size, "B/px"),
        Row(f"{megapixels}, all 256 steps", before, "B/px"),
        row(f"{megapixels}, write", write, "ms"),
        row(f"{megapixels}, read", read, "ms"),
        row(f"{megapixels}, read all 256 steps", read_fine, "ms"),
        Row(f"{megapixels}, read: ratio", ratio, "×", SLOWER, ratio <= SLOWER),
        row(f"{megapixels}, rounding to percents", milliseconds(lambda: round_to_percents(kept.fine.copy())), "ms"),
    ]


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of images; the sample project's by default")
    options = parser.parse_args()
    folders = options.folders or [paths.sample_source() / "images"]
    predictor = open_predictor(load_bundle(paths.starter_bundle()))
    rows = []
    for folder in folders:
        rows += folder_rows(predictor, folder, 4 if options.quick else 12)
    first = read_image(folders[0] / scan_images(folders[0])[0])
    rows += large_rows(predictor, mirrored(first, LARGE_QUICK if options.quick else LARGE))
    return report("Kept predictions", rows, options)


if __name__ == "__main__":
    sys.exit(main())
