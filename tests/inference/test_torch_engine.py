"""torch as the reference for OpenVINO: the same bundle, the same numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from scratchgui.core.errors import BundleError, UserError
from scratchgui.core.model_card import Bundle, load_bundle
from scratchgui.inference.engine import open_engine
from scratchgui.inference.predictor import Predictor, PredictSettings
from scratchgui.inference.torch_engine import usable
from scratchgui.paths import starter_bundle


@pytest.fixture(scope="module")
def starter() -> Bundle:
    if not (starter_bundle() / "card.json").is_file():
        pytest.skip("the starter model is not in resources/starter")
    return load_bundle(starter_bundle())


def picture() -> np.ndarray:
    image = np.random.default_rng(3).normal(100, 9, (300, 420, 3)).clip(0, 255).astype(np.uint8)
    cv2.line(image, (30, 40), (390, 250), (215, 210, 205), 4)
    return image


def test_torch_and_openvino_say_the_same(starter: Bundle) -> None:
    settings = PredictSettings(tile=256)
    engines = [open_engine(starter, device=device, threads=2) for device in ("torch", "cpu")]
    assert engines[0].name == "torch f32 · CPU"
    by_torch, by_openvino = (
        Predictor(starter, engine, settings).predict(picture()).probability.astype(int) for engine in engines
    )
    # The IR holds the weights in half precision, the bundle too: what differs is the order of sums. Predictions are
    # in whole percents, which are up to 3 of 255 steps apart.
    assert np.abs(by_torch - by_openvino).max() <= 3
    assert by_torch.max() > 127


def test_a_bundle_without_weights_is_one_sentence(starter: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(starter.folder, folder)
    (folder / "model.safetensors").write_bytes(b"\x00" * 64)
    with pytest.raises(BundleError, match="The model cannot be loaded"):
        open_engine(Bundle(folder, starter.card), device="torch")


def test_a_device_that_is_not_there_is_one_sentence(starter: Bundle) -> None:
    missing = next((device for device in ("mps", "cuda") if not usable(device)), None)
    if missing is None:
        pytest.skip("this machine has every device")
    with pytest.raises(UserError, match=missing):
        open_engine(starter, device=missing)
