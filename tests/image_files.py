"""Small image files for tests."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def write_image(path: Path, height: int = 24, width: int = 32, seed: int = 0) -> Path:
    """Write a small noisy gray image; the suffix sets the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width), np.uint8)
    done, data = cv2.imencode(path.suffix, pixels)
    assert done
    path.write_bytes(data.tobytes())
    return path
