"""Images for trainings of a few seconds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scratchgui.core.manifest import ManifestEntry, Split

# Beside the checkout where there is one; tests that need them say so when they skip.
ENCODER = Path(__file__).resolve().parents[2] / "shared/weights/smp_efficientnet-b0_encoder_from_lite0.safetensors"


def picture(seed: int, size: tuple[int, int], *, clean: bool) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A gray noisy surface with one dark line, and the line's mask (0 and 1)."""
    rng = np.random.default_rng(seed)
    image = rng.normal(150, 6, size).clip(0, 255).astype(np.uint8)
    mask = np.zeros(size, np.uint8)
    if not clean:
        y0, y1 = (int(y) for y in rng.integers(size[0] // 4, 3 * size[0] // 4, 2))
        for layer, value in ((image, 40), (mask, 1)):
            cv2.line(layer, (4, y0), (size[1] - 5, y1), value, 4)
    return image, mask


def write_entry(
    folder: Path, name: str, split: Split, seed: int, *, clean: bool = False, size: tuple[int, int] = (64, 64)
) -> ManifestEntry:
    """Write an image and, with a defect, its mask."""
    image, mask = picture(seed, size, clean=clean)
    folder.mkdir(parents=True, exist_ok=True)
    image_path, mask_path = folder / f"{name}.png", folder / f"{name}.mask.png"
    image_path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    mask_path.write_bytes(cv2.imencode(".png", mask)[1].tobytes())
    return ManifestEntry(key=f"{name}.png", image=str(image_path), mask=None if clean else str(mask_path), split=split)
