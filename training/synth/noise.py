"""Random fields that surfaces are made of."""

from __future__ import annotations

import math
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = NDArray[np.float32]
"""float32 (H, W), mean about 0 and deviation about 1 unless said otherwise."""


def white(rng: np.random.Generator, height: int, width: int) -> Field:
    """Return independent normal values."""
    return rng.standard_normal((height, width), np.float32)


def smooth(rng: np.random.Generator, height: int, width: int, scale: float) -> Field:
    """Return a field whose structures are about `scale` px large."""
    step = max(1.0, scale / 2)
    small = white(rng, math.ceil(height / step) + 4, math.ceil(width / step) + 4)
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)
    return normalized(np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32))


def octaves(rng: np.random.Generator, height: int, width: int, scales: tuple[float, ...], fall: float = 0.6) -> Field:
    """Return a sum of smooth fields of falling strength, the first scale strongest."""
    total = np.zeros((height, width), np.float32)
    for index, scale in enumerate(scales):
        total += fall**index * smooth(rng, height, width, scale)
    return normalized(total)


def streaks(rng: np.random.Generator, height: int, width: int, length: float, thickness: float, angle: float) -> Field:
    """Return a field of lines of about `length` × `thickness` px at an angle (radians, 0 = along the rows)."""
    side = math.ceil(math.hypot(height, width)) + 8
    field = white(rng, side, side)
    across = max(0.4, thickness / 2)
    field = np.asarray(cv2.GaussianBlur(field, (0, 0), sigmaX=max(length / 3, 1.0), sigmaY=across), np.float32)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), math.degrees(angle), 1.0)
    turned = cv2.warpAffine(field, turn, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    top, left = (side - height) // 2, (side - width) // 2
    return normalized(np.asarray(turned[top : top + height, left : left + width], np.float32))


def band(rng: np.random.Generator, height: int, width: int, scale: float) -> Field:
    """Return a field of bumps of one size only, like the peel of an orange."""
    field = white(rng, height, width)
    fine = cv2.GaussianBlur(field, (0, 0), scale / 2)
    return normalized(np.asarray(fine - cv2.GaussianBlur(field, (0, 0), scale), np.float32))


def normalized(field: Field) -> Field:
    """Return the field with mean 0 and deviation 1; a flat field becomes 0."""
    deviation = float(field.std())
    return np.asarray((field - field.mean()) / deviation if deviation > 1e-9 else field * 0, np.float32)
