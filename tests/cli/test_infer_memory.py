"""Memory of `scratchgui infer` against the number of images; the network is left out, all the rest is real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_model import scratched, write_png

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by /proc")

# Prints the images that were judged, the memory at the end (kB) and the most there was.
PROBE = """
import sys
from dataclasses import dataclass
from pathlib import Path
import numpy as np
from scratchgui.cli.image_sources import open_sources
from scratchgui.cli.infer_job import Inference
from scratchgui.cli.run_card import Outputs
from scratchgui.core.cutting import Cutting
from scratchgui.core.model_card import Bundle, load_card
from scratchgui.core.recipe import Recipe
from scratchgui.inference.predictor import Prediction, PredictSettings

@dataclass
class Engine:
    name = "none"; device = "cpu"; precision = "f32"; batch = 1; ahead = 2

class Predictor:
    settings = PredictSettings()
    engine = Engine()
    def __init__(self, folder):
        self.bundle = Bundle(folder, load_card(folder))
    def predict(self, image, *, cancelled=None):
        return Prediction(np.where(image < 90, 255, 0).astype(np.uint8)[None], "tiny", self.settings)

def memory(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))

source, model, out = map(Path, sys.argv[1:])
job = Inference(Predictor(model), Cutting(0.5, 8), Recipe(), out, outputs=Outputs(overlays=False))
status = job.run(open_sources([str(source)], recursive=True, skip=out))
print(status, memory("VmRSS:"), memory("VmHWM:"))
"""


def links(folder: Path, count: int) -> Path:
    """Fill a folder with links to two images."""
    files = [write_png(folder.parent / f"{name}.png", image) for name, image in PICTURES.items()]
    for index in range(count):
        place = folder / f"line {index // 5000}"
        place.mkdir(parents=True, exist_ok=True)
        os.symlink(files[index % 2], place / f"image {index:06}.png")
    return folder


PICTURES = {"scratched": scratched(40, 60, (5, 5, 50, 30), (5, 35, 20, 35)), "clean": scratched(40, 60)}


def judged(source: Path, model: Path, out: Path) -> int:
    """Judge a folder in a process of its own and return the most memory that it held (kB)."""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", PROBE, source, model, out],
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    status, _, most = map(int, done.stdout.splitlines()[-1].split())
    assert status == 0
    return most


def compare(tmp_path: Path, model: Path, few: int, many: int) -> tuple[int, int]:
    """Return the most memory with few and with many images (kB)."""
    found = []
    for count in (few, many):
        source, out = links(tmp_path / str(count) / "images", count), tmp_path / str(count) / "out"
        found.append(judged(source, model, out))
        summary = json.loads((out / "summary.json").read_text())
        assert summary["images"] == summary["judged"] == count
        assert summary["defects"] == count  # two on every second one
        for table in ("images.csv", "defects.csv"):
            assert (out / table).read_bytes().count(b"\n") == count + 1
    return found[0], found[1]


def test_memory_does_not_grow_with_the_number_of_images(tmp_path, tiny_bundle):
    few, many = compare(tmp_path, tiny_bundle.folder, 200, 4000)
    assert many - few < 6_000, f"{few} kB with 200 images, {many} kB with 4,000"


@pytest.mark.slow
def test_memory_of_a_hundred_thousand_images(tmp_path, tiny_bundle):
    few, many = compare(tmp_path, tiny_bundle.folder, 1000, 100_000)
    assert many - few < 20_000, f"{few} kB with 1,000 images, {many} kB with 100,000"
