"""Scenes as files: what the processes of `python -m training.synth` run."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from scratchgui.core.files import atomic_write_bytes
from scratchgui.core.mask import encode_mask
from training.synth.scene import make_scene
from training.synth.surfaces import SURFACES

_QUALITY = 92


def write_scene(out: Path, seed: int, height: int, width: int, index: int) -> str:
    """Make picture number `index`, write image and mask, and return the image's name."""
    surface = list(SURFACES)[index % len(SURFACES)]
    scene = make_scene(seed + index, height, width, surface=surface)
    name = f"{surface}_{index:04d}.jpg"
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    encoded = cv2.imencode(".jpg", cv2.cvtColor(scene.image, cv2.COLOR_RGB2BGR), options)[1]
    atomic_write_bytes(out / "images" / name, encoded.tobytes())
    mask_name = Path(name).with_suffix(".png")
    atomic_write_bytes(out / "masks" / mask_name, encode_mask(np.asarray(scene.mask * 255, np.uint8)))
    return name
