"""How images go through the model, as the options of `scratchgui infer` say."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from tiny_model import scratched, write_png

from scratchgui.inference.openvino_engine import OpenVinoEngine
from scratchgui.inference.openvino_runtime import openvino_core
from scratchgui.paths import starter_bundle


@pytest.fixture
def tiles(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Shapes of all tiles that the network gets."""
    seen: list[tuple[int, ...]] = []
    infer = OpenVinoEngine.infer

    def watched(engine: OpenVinoEngine, tiles: np.ndarray) -> np.ndarray:
        seen.append(tiles.shape[1:3])
        return infer(engine, tiles)

    monkeypatch.setattr(OpenVinoEngine, "infer", watched)
    return seen


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return write_png(tmp_path / "a.png", scratched(300, 500, (30, 155, 470, 155), thickness=15))


@pytest.mark.parametrize(
    ("words", "number", "largest"),
    [
        ([], 1, (320, 512)),
        (["--tile", "128"], 28, (128, 128)),
        (["--resize", "100"], 1, (64, 128)),
        (["--flips"], 4, (320, 512)),
        (["--tile=128", "--resize=200", "--flips"], 12, (128, 128)),
    ],
)
def test_tiles_are_what_the_options_say(run, tiny_bundle, image, tiles, tmp_path, words, number, largest):
    said = run("infer", "--source", image, "--model", tiny_bundle.folder, *words, "--out", tmp_path / "out")
    assert said.status == 0
    assert len(tiles) == number
    assert (np.max(tiles, axis=0) <= largest).all()
    mask = cv2.imread(str(tmp_path / "out" / "masks" / "a.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (300, 500)
    assert mask[155, 100:400].all() and not mask[:100].any()


@pytest.mark.parametrize(
    ("device", "precision", "engine"),
    [
        ("cpu", "f32", "OpenVINO f32 · CPU"),
        ("cpu", "bf16", "OpenVINO bf16 · CPU"),
        ("cpu", "int8", "OpenVINO int8 · CPU"),
        ("torch", "f32", "torch f32 · CPU"),
    ],
)
def test_device_and_precision_are_what_the_options_say(run, image, tmp_path, device, precision, engine):
    able = openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if precision != "f32" and precision.upper() not in able:
        pytest.skip(f"this processor has no {precision}")
    out = tmp_path / "out"
    words = ["--model", starter_bundle(), "--device", device, "--precision", precision]
    said = run("infer", "--source", image, *words, "--out", out)
    assert said.status == 0
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["engine"], summary["precision"]) == (engine, precision)
