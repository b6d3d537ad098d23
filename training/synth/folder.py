"""Scenes as files: what the processes of `python -m training.synth` run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.files import atomic_write_bytes
from scratchgui.core.mask import encode_mask
from training.synth.scene import kinds_of, make_scene

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUALITY = 92


def write_scene(out: Path, seed: int, size: tuple[int, int], photographs: Sequence[Path], index: int) -> str:
    """Make picture number `index`, write image and mask, and return the image's name."""
    kinds = kinds_of(photographs)
    surface = kinds[index % len(kinds)]
    scene = make_scene(seed + index, *size, surface=surface, photographs=photographs)
    name = f"{surface}_{index:04d}.jpg"
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    encoded = cv2.imencode(".jpg", cv2.cvtColor(scene.image, cv2.COLOR_RGB2BGR), options)[1]
    atomic_write_bytes(out / "images" / name, encoded.tobytes())
    mask_name = Path(name).with_suffix(".png")
    atomic_write_bytes(out / "masks" / mask_name, encode_mask(np.asarray(scene.mask * 255, np.uint8)))
    return name
