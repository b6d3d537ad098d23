"""Photographs of real textures as surfaces, beside the procedural ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.images import as_gray, read_image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.random import Generator

    from training.synth.noise import Field

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
_LARGEST_SCALE = 1.6


def photographs_in(folder: Path) -> list[Path]:
    """Return the photographs in a folder and all below it, in one order on every computer."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def photographed(rng: Generator, paths: Sequence[Path], height: int, width: int) -> Field:
    """Cut a surface of gray levels (0 … 1), float32 (H, W), out of one of the photographs.

    It is turned, scaled and mirrored by chance, and its contrast is brought down to what surfaces of one material have:
    no edge in it may stand out as a scratch does.

    Raises:
        UserError: The photograph cannot be read.
    """
    gray = as_gray(read_image(paths[int(rng.integers(len(paths)))])).astype(np.float32) / 255
    least = max(height / gray.shape[0], width / gray.shape[1])
    scale = max(least * 1.02, math.exp(rng.uniform(math.log(0.35), math.log(_LARGEST_SCALE))))
    size = max(width, round(gray.shape[1] * scale)), max(height, round(gray.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(gray, size, interpolation=way), np.float32)
    top, left = int(rng.integers(0, size[1] - height + 1)), int(rng.integers(0, size[0] - width + 1))
    cut = scaled[top : top + height, left : left + width]
    if rng.random() < 0.5:
        cut = cut[:, ::-1]
    if height == width and rng.random() < 0.5:
        cut = cut.T
    tone = cv2.GaussianBlur(np.ascontiguousarray(cut), (0, 0), 12)
    fine = cut - tone
    strength = rng.uniform(0.01, 0.06) / max(float(fine.std()), 1e-3)
    slow = rng.uniform(0.01, 0.06) / max(float(tone.std()), 1e-2)
    level = rng.uniform(0.15, 0.8)
    return np.asarray(level + min(strength, 1.0) * fine + min(slow, 1.0) * (tone - tone.mean()), np.float32)
