"""What the inference benchmark measures, each in a process of its own: `python inference_runs.py WHAT JSON`."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from scratchgui.core.cutting import Cutting
from scratchgui.core.images import as_rgb, read_image
from scratchgui.core.model_card import Bundle, load_bundle
from scratchgui.core.recipe import Recipe
from scratchgui.inference.postprocess import cut
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.paths import starter_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TILE = 512
_THRESHOLD = 0.5
_OUT = "results"


def resident() -> float:
    """Return the memory of this process now (MB)."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * 4096 / 1e6


class Peak:
    """Watches the most memory that this process holds (MB) while it is entered."""

    def __enter__(self) -> Peak:
        self.before = self.most = resident()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            self.most = max(self.most, resident())

    @property
    def rise(self) -> float:
        """How much it rose (MB)."""
        return self.most - self.before


def raw_seconds(bundle: Bundle, precision: str, count: int) -> float:
    """Return the seconds a tile of 512² takes with nothing but OpenVINO, all its streams busy."""
    from scratchgui.inference.openvino_engine import compiled_network
    from scratchgui.inference.openvino_runtime import load_openvino, openvino_core

    openvino = load_openvino()
    compiled = compiled_network(openvino_core(), bundle, "CPU", precision, {"PERFORMANCE_HINT": "THROUGHPUT"})
    queue = openvino.AsyncInferQueue(compiled)
    tile = np.random.default_rng(0).integers(0, 256, (1, TILE, TILE, 3), np.uint8)

    def run(times: int) -> float:
        began = time.perf_counter()
        for _ in range(times):
            queue.start_async([tile], share_inputs=True)
        queue.wait_all()
        return (time.perf_counter() - began) / times

    run(2 * len(queue))
    return min(run(count) for _ in range(2))


def folder(precision: str, source: str, count: int) -> dict[str, float]:
    """Measure the command line's own work on a folder of images of 512², and OpenVINO alone before and after it."""
    from scratchgui.cli.image_sources import open_sources
    from scratchgui.cli.infer_job import Inference

    bundle = load_bundle(starter_bundle())
    raw = [raw_seconds(bundle, precision, count // 4)]
    predictor = open_predictor(bundle, device="cpu", precision=precision, throughput=True)
    for path in sorted(Path(source).iterdir())[:4]:
        predictor.predict(read_image(path))
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        out = Path(place) / _OUT
        job = Inference(predictor, Cutting(_THRESHOLD, 8), Recipe(), out)
        job.run(open_sources([source], recursive=True, skip=out))
        seconds = (time.perf_counter() - began) / count
    predictor.engine.close()
    raw.append(raw_seconds(bundle, precision, count // 4))
    return {"raw": sum(raw) / 2, "pipeline": seconds}


def original(source: str, count: int) -> dict[str, float]:
    """Measure the pipeline that ScratchGUI replaces: torch eager, smp.Unet, resized to 512, one image at a time."""
    import segmentation_models_pytorch as smp
    import torch

    bundle = load_bundle(starter_bundle())
    network = smp.from_pretrained(bundle.folder).eval()
    mean, std = (torch.tensor(value).view(1, 3, 1, 1) for value in (bundle.card.mean, bundle.card.std))
    with tempfile.TemporaryDirectory() as place:

        def judge(path: Path) -> None:
            image = cv2.cvtColor(np.asarray(cv2.imread(str(path))), cv2.COLOR_BGR2RGB)
            pixels = torch.from_numpy(cv2.resize(image, (TILE, TILE))).permute(2, 0, 1)[None].float() / 255
            with torch.no_grad():
                probability = torch.sigmoid(network((pixels - mean) / std))[0, 0].numpy()
            mask = (probability > _THRESHOLD).astype(np.uint8)
            cv2.connectedComponentsWithStats(mask)
            cv2.imwrite(str(Path(place) / f"{path.stem}.png"), mask)

        paths = sorted(Path(source).iterdir())[:count]
        for path in paths[:2]:
            judge(path)
        began = time.perf_counter()
        for path in paths:
            judge(path)
    return {"original": (time.perf_counter() - began) / len(paths)}


def large(precision: str, source: str) -> dict[str, float]:
    """Measure one large image, from its file to its defects, and how many tiles of 512² it is worth."""
    bundle = load_bundle(starter_bundle())
    raw = [raw_seconds(bundle, precision, 12)]
    predictor = open_predictor(bundle, device="cpu", precision=precision)
    began = time.perf_counter()
    with Peak() as peak:
        image = read_image(Path(source))
        glance = predictor.glance(image)
        if glance is not None:
            cut(glance.probability, Cutting(_THRESHOLD))
        first = time.perf_counter() - began
        del glance
        started = time.perf_counter()
        prediction = predictor.predict(image)
        cut(prediction.probability, Cutting(_THRESHOLD, 8))
        seconds = time.perf_counter() - started
    tiles = tile_pixels(image, predictor.settings.tile, predictor.settings.overlap) / TILE**2
    raw.append(raw_seconds(bundle, precision, 12))
    return {
        "raw": sum(raw) / 2,
        "seconds": seconds,
        "first": first,
        "tiles": tiles,
        "rise": peak.rise,
        "megapixels": image.shape[0] * image.shape[1] / 1e6,
    }


def tile_pixels(image: NDArray[np.uint8], tile: int, overlap: int) -> int:
    """Return how many pixels go through the network."""
    from scratchgui.inference.tiling import plan_axis

    rows, columns = (plan_axis(length, tile, overlap) for length in image.shape[:2])
    return len(rows.starts) * rows.tile * len(columns.starts) * columns.tile


def start(precision: str, cache: str) -> dict[str, float]:
    """Measure from the bundle on disk to the first result; the caller sees to it that the model cache is warm."""
    began = time.perf_counter()
    bundle = load_bundle(starter_bundle())
    predictor = open_predictor(bundle, device="cpu", precision=precision, cache=Path(cache))
    predictor.predict(np.full((TILE, TILE), 90, np.uint8))
    return {"seconds": time.perf_counter() - began}


def agreement(precision: str, sources: list[str]) -> dict[str, float]:
    """Compare an engine with torch on the processor: largest difference of probabilities, Dice of the masks."""
    bundle = load_bundle(starter_bundle())
    reference = open_predictor(bundle, device="torch", precision="f32")
    engine = open_predictor(bundle, device="cpu", precision=precision)
    worst, marked, both = 0.0, 0, 0
    for source in sources:
        image = as_rgb(read_image(Path(source)))
        height, width = (side // 32 * 32 for side in image.shape[:2])
        tile = np.ascontiguousarray(image[None, : min(height, TILE), : min(width, TILE)])
        expected, found = reference.engine.infer(tile), engine.engine.infer(tile)
        worst = max(worst, float(np.abs(expected - found).max()))
        first, second = expected >= _THRESHOLD, found >= _THRESHOLD
        marked += int(first.sum() + second.sum())
        both += 2 * int((first & second).sum())
    return {"worst": worst, "dice": both / max(1, marked)}


RUNS: dict[str, Callable[..., dict[str, float]]] = {
    "folder": folder,
    "original": original,
    "large": large,
    "start": start,
    "agreement": agreement,
}


def main(what: str, options: dict[str, Any]) -> None:
    """Run one measurement and print its figures as the last line."""
    print(json.dumps(RUNS[what](**options)))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
