"""OpenVINO agrees with torch on the processor, on images: real ones beside the project, and the samples in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scratchgui.core.errors import PrecisionError
from scratchgui.core.images import as_rgb, read_image
from scratchgui.core.model_card import Bundle, load_bundle
from scratchgui.inference.engine import open_engine
from scratchgui.inference.openvino_runtime import openvino_core
from scratchgui.inference.sensitive_parts import keep_fine_parts_in_f32
from scratchgui.paths import starter_bundle

_REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
_SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample" / "images"
_TILE = 512
_LARGEST = 1e-3
_DICE = 0.995


def real_images() -> list[Path]:
    """Return ten images to be checked on of each set."""
    found = []
    for part in sorted(_REAL.glob("*/val.txt")):
        for name in part.read_text().split()[:10]:
            found += sorted((part.parent / "images").glob(f"{name}*"))[:1]
    return found


def tiles_of(images: list[Path]) -> list[np.ndarray]:
    tiles = []
    for path in images:
        image = as_rgb(read_image(path))
        height, width = (min(_TILE, side // 32 * 32) for side in image.shape[:2])
        tiles.append(np.ascontiguousarray(image[None, :height, :width]))
    return tiles


def probabilities(tiles: list[np.ndarray], device: str, precision: str) -> list[np.ndarray]:
    try:
        engine = open_engine(starter(), device=device, precision=precision)
    except PrecisionError as error:
        pytest.skip(str(error))
    return [engine.infer(tile) for tile in tiles]


def starter() -> Bundle:
    if not (starter_bundle() / "card.json").is_file():
        pytest.skip("the starter model is not in resources/starter")
    return load_bundle(starter_bundle())


def pooled_dice(these: list[np.ndarray], those: list[np.ndarray]) -> float:
    """Return the Dice of all masks taken as one."""
    marks = [(one >= 0.5, other >= 0.5) for one, other in zip(these, those, strict=True)]
    both = sum(int((one & other).sum()) for one, other in marks)
    marked = sum(int(one.sum() + other.sum()) for one, other in marks)
    assert marked > 2000, "too little is marked to tell"
    return 2 * both / marked


@pytest.fixture(
    scope="module", params=["samples", pytest.param("real images", marks=pytest.mark.slow)], ids=lambda name: name
)
def tiles(request: pytest.FixtureRequest) -> list[np.ndarray]:
    images = sorted(_SAMPLE.iterdir())[::6] if request.param == "samples" else real_images()
    if not images:
        pytest.skip("there are no real images in ../shared/data")
    return tiles_of(images)


@pytest.fixture(scope="module")
def expected(tiles: list[np.ndarray]) -> list[np.ndarray]:
    return probabilities(tiles, "torch", "f32")


def test_f32_gives_the_same_probabilities(tiles: list[np.ndarray], expected: list[np.ndarray]) -> None:
    found = probabilities(tiles, "cpu", "f32")
    assert max(float(np.abs(one - other).max()) for one, other in zip(expected, found, strict=True)) <= _LARGEST


def test_bf16_marks_the_same_pixels(tiles: list[np.ndarray], expected: list[np.ndarray]) -> None:
    assert pooled_dice(expected, probabilities(tiles, "cpu", "bf16")) >= _DICE


def test_only_fine_resolution_is_kept_in_f32_under_bf16() -> None:
    core = openvino_core()
    if "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        pytest.skip("This processor does not compute in bf16")
    network = core.read_model(starter().ir_path)
    keep_fine_parts_in_f32(network)
    compiled = core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "bf16"})
    ran = [
        (step.get_friendly_name(), step.get_rt_info()["runtimePrecision"].astype(str))
        for step in compiled.get_runtime_model().get_ordered_ops()
        if step.get_rt_info()["layerType"].astype(str) == "Convolution"
    ]
    exact = [name for name, precision in ran if precision == "f32"]
    assert [name for name, _ in ran][: len(exact)] == exact, "not the first ones"
    assert 0 < len(exact) < len(ran) / 4
