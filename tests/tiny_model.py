"""A real OpenVINO model of one layer for tests: dark is defect. No torch, made in a few milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scratchgui.core.model_card import Bundle, ModelCard, load_bundle, save_card
from scratchgui.inference.openvino_runtime import load_openvino

BRIGHT, DARK = 180, 40


def make_bundle(
    folder: Path, *, model_id: str = "tiny", classes: tuple[str, ...] = ("scratch",), bias: float = -2
) -> Bundle:
    """Write a bundle whose network marks what is darker than about 100 of 255 after a 3 × 3 mean, or more by a bias."""
    openvino = load_openvino()
    from openvino import opset13 as ops

    folder.mkdir(parents=True, exist_ok=True)
    image = ops.parameter([-1, 3, -1, -1], np.float32, name="image")
    kernel = np.full((len(classes), 3, 3, 3), -4 / 27, np.float32)
    logits = ops.convolution(image, ops.constant(kernel), [1, 1], [1, 1], [1, 1], [1, 1])
    bias = np.linspace(bias, bias - 1, len(classes), dtype=np.float32).reshape(1, -1, 1, 1)
    network = openvino.Model([ops.sigmoid(ops.add(logits, ops.constant(bias)))], [image])
    openvino.save_model(network, folder / "model.xml", compress_to_fp16=False)
    card = ModelCard(
        id=model_id,
        name="Tiny · v1",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        classes=list(classes),
        mean=(0.5, 0.5, 0.5),
        std=(0.25, 0.25, 0.25),
    )
    save_card(folder, card)
    return load_bundle(folder)


def scratched(height: int, width: int, *lines: tuple[int, int, int, int], thickness: int = 3) -> NDArray[np.uint8]:
    """Return a bright gray image, uint8 (H, W), with dark lines (x0, y0, x1, y1)."""
    image = np.full((height, width), BRIGHT, np.uint8)
    for x0, y0, x1, y1 in lines:
        cv2.line(image, (x0, y0), (x1, y1), DARK, thickness)
    return image


def write_png(path: Path, image: NDArray[np.uint8]) -> Path:
    """Write a gray (H, W) or RGB (H, W, 3) image."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    path.write_bytes(cv2.imencode(path.suffix, pixels)[1].tobytes())
    return path
