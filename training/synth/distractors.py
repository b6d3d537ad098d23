"""What is on surfaces and is no defect: stains, dust, fibers, holes, print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from training.synth.noise import Field, smooth

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray


def dust(rng: Generator, surface: Field) -> None:
    """Specks, mostly bright."""
    for _ in range(int(rng.integers(3, 40))):
        radius = rng.uniform(0.5, 2.2)
        _stamp(
            rng,
            surface,
            radius,
            radius * rng.uniform(0.5, 1),
            rng.choice([-1, 1, 1]) * rng.uniform(0.05, 0.3),
            soft=0.4,
        )


def stains(rng: Generator, surface: Field) -> None:
    """Large soft patches with a ragged rim."""
    height, width = surface.shape
    field = smooth(rng, height, width, rng.uniform(60, 200))
    level = rng.uniform(1.0, 2.0)
    patch = _step((field - level) * rng.uniform(3, 12))
    surface += np.float32(rng.choice([-1, 1]) * rng.uniform(0.03, 0.15)) * patch


def fibers(rng: Generator, surface: Field) -> None:
    """Hairs and lint: thin, soft and curled, which scratches are not."""
    height, width = surface.shape
    for _ in range(int(rng.integers(1, 4))):
        count = int(rng.uniform(30, 140))
        turns = np.cumsum(np.cumsum(rng.normal(0, 0.012, count)) + rng.choice([-1, 1]) * rng.uniform(0.02, 0.08))
        heading = rng.uniform(0, 2 * math.pi) + turns
        start = (rng.uniform(0, width), rng.uniform(0, height))
        points = np.stack([start[0] + np.cumsum(np.cos(heading)), start[1] + np.cumsum(np.sin(heading))], axis=1)
        line = np.zeros(surface.shape, np.float32)
        cv2.polylines(line, [np.round(points * 16).astype(np.int32)], False, 1.0, 1, cv2.LINE_AA, 4)
        line = np.asarray(cv2.GaussianBlur(line, (0, 0), rng.uniform(0.6, 1.3)), np.float32)
        surface += np.float32(rng.choice([-1, 1]) * rng.uniform(0.1, 0.35)) * line


def holes(rng: Generator, surface: Field) -> None:
    """Drilled holes with a chamfer, or a straight edge of the part."""
    height, width = surface.shape
    if rng.random() < 0.5:
        radius = rng.uniform(0.04, 0.12) * min(height, width)
        _stamp(rng, surface, radius, radius, -rng.uniform(0.2, 0.45), soft=0.12)
        return
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.choice([0, math.pi / 2]) + rng.normal(0, 0.03)
    offset = rng.uniform(0.35, 0.48) * (width if abs(math.cos(angle)) > 0.5 else height)
    along = (columns - width / 2) * math.cos(angle) + (rows - height / 2) * math.sin(angle)
    beyond = _step((along - rng.choice([-1, 1]) * offset) / rng.uniform(0.5, 2.5))
    surface += np.float32(rng.choice([-1, 1]) * rng.uniform(0.08, 0.25)) * beyond


def prints(rng: Generator, surface: Field) -> None:
    """A printed or engraved marking."""
    height, width = surface.shape
    text = "".join(rng.choice(list("ABCDEFGHKLMNPRSTUVXZ0123456789-/"), int(rng.integers(3, 9))))
    size = rng.uniform(0.4, 1.3)
    letters = np.zeros(surface.shape, np.uint8)
    place = (int(rng.uniform(0, 0.6) * width), int(rng.uniform(0.2, 0.95) * height))
    cv2.putText(letters, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, 255, max(1, round(size * 2)), cv2.LINE_AA)
    layer = np.asarray(cv2.GaussianBlur(letters, (0, 0), 0.7), np.float32) / 255
    surface += np.float32(rng.choice([-1, 1]) * rng.uniform(0.1, 0.4)) * layer


DISTRACTORS: dict[str, tuple[Callable[[Generator, Field], None], float]] = {
    "dust": (dust, 0.4),
    "stains": (stains, 0.3),
    "fibers": (fibers, 0.2),
    "holes": (holes, 0.15),
    "prints": (prints, 0.08),
}
"""By name: how to draw it, and in what share of the pictures it is."""


def _stamp(rng: Generator, surface: Field, long: float, short: float, change: float, *, soft: float) -> None:
    """Add an ellipse (half axes in px) with a soft rim at a random place."""
    height, width = surface.shape
    reach = math.ceil(long * (1 + 3 * soft)) + 2
    x, y, angle = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0, math.pi)
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    part = surface[top : int(y) + reach + 1, left : int(x) + reach + 1]
    rows, columns = np.indices(part.shape, np.float32)
    dx, dy = columns + left - x, rows + top - y
    u = (dx * math.cos(angle) + dy * math.sin(angle)) / long
    v = (dy * math.cos(angle) - dx * math.sin(angle)) / short
    part += np.float32(change) * _step((1 - np.hypot(u, v)) / (soft / 3))


def _step(height: NDArray[np.floating]) -> Field:
    """A soft step from 0 to 1 (logistic); far below its middle it is 0 without an overflow."""
    return np.asarray(1 / (1 + np.exp(np.minimum(-height, 80))), np.float32)
