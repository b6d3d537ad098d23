"""Small defects that are no scratches: cracks, pits, chips at an edge of the part, worn patches; each with its mask."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from training.synth.noise import Field, octaves, smooth, white
from training.synth.scratches import Look, Path, draw

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

_STEP = 0.5
_KNOTS = 24


def cracks(rng: Generator, surface: Field, mask: NDArray[np.uint8], noise: float) -> None:
    """One crack, dark and jagged, with a branch or two."""
    height, width = surface.shape
    length = math.hypot(height, width) * rng.uniform(0.05, 0.5)
    start = np.array([rng.uniform(0, width), rng.uniform(0, height)])
    heading, thickness = rng.uniform(0, 2 * math.pi), math.exp(rng.uniform(math.log(0.9), math.log(4)))
    look = Look(-max(noise * rng.uniform(2, 6), rng.uniform(0.06, 0.35)), 0.0, 0.0, rng.uniform(2, 5))
    main = _jagged(rng, start, heading, length, thickness)
    draw(rng, surface, mask, main, look)
    for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.5, 0.25, 0.15, 0.1]))):
        joint = main.points[int(rng.uniform(0.1, 0.9) * len(main.points))]
        turned = heading + rng.choice([-1, 1]) * rng.uniform(0.3, 1.2)
        draw(rng, surface, mask, _jagged(rng, joint, turned, length * rng.uniform(0.1, 0.5), thickness * 0.7), look)


def _jagged(rng: Generator, start: NDArray[np.floating], heading: float, length: float, thickness: float) -> Path:
    """Return a path of straight pieces, each a few pixels long, that keeps its direction on the whole."""
    count = max(12, int(length / _STEP))
    turns = np.repeat(rng.normal(0, rng.uniform(0.2, 0.8), count), rng.integers(6, 40, count))[:count]
    angle = heading + turns + np.linspace(0, rng.normal(0, 0.5), count)
    points = start + np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=1) * _STEP, axis=0)
    ends = np.minimum(1, np.linspace(1, 0, count) * rng.uniform(1.5, 6))
    widths = np.maximum(thickness * (0.4 + 0.6 * ends), 0.8)
    depths = np.clip(0.35 + 0.65 * ends + np.repeat(rng.normal(0, 0.15, count), 12)[:count], 0.25, 1.2)
    return Path(points.astype(np.float32), widths.astype(np.float32), depths.astype(np.float32))


def pits(rng: Generator, surface: Field, mask: NDArray[np.uint8], noise: float) -> None:
    """One pit, a few, or a nest of them: sunk, with a lit and a shaded side."""
    height, width = surface.shape
    size = math.exp(rng.uniform(math.log(1.5), math.log(18)))
    contrast = rng.choice([-1, -1, -1, 1]) * max(noise * rng.uniform(2, 5), rng.uniform(0.06, 0.35))
    light, x, y = rng.uniform(0, 2 * math.pi), rng.uniform(0, width), rng.uniform(0, height)
    count = int(rng.choice([1, 2, 4, 9], p=[0.5, 0.2, 0.2, 0.1]))
    for _ in range(count):
        radius = size * math.exp(rng.normal(0, 0.3))
        _cavity(rng, surface, mask, (x, y), radius, contrast * rng.uniform(0.6, 1.1), light)
        x, y = x + rng.normal(0, 3.5 * size), y + rng.normal(0, 3.5 * size)


def _cavity(
    rng: Generator,
    surface: Field,
    mask: NDArray[np.uint8],
    center: tuple[float, float],
    radius: float,
    contrast: float,
    light: float,
) -> None:
    reach = math.ceil(radius * 2.5) + 3
    window = _window(surface, center, reach)
    part = surface[window]
    if not part.size:
        return
    rows, columns = part.shape
    relative, angle = _outline(rng, (rows, columns), (window[1].start, window[0].start), center, radius)
    sunk = 1 / (1 + np.exp(np.clip((relative - 1) * max(2.0, radius) * rng.uniform(0.8, 2), -40, 40)))
    rim = np.exp(-(((relative - 1.05) / 0.3) ** 2)) * np.cos(angle - light)
    rough = 1 + rng.uniform(0, 0.6) * cv2.GaussianBlur(white(rng, rows, columns), (0, 0), max(0.6, radius / 6))
    part += np.asarray(contrast * sunk * rough - abs(contrast) * rng.uniform(0, 0.9) * rim, np.float32)
    mask[window][sunk >= 0.5] = 1


def _outline(
    rng: Generator, shape: tuple[int, int], corner: tuple[int, int], center: tuple[float, float], radius: float
) -> tuple[Field, Field]:
    """Distance from a center in units of a ragged, longish outline, and direction (radians), of each pixel."""
    rows, columns = np.indices(shape, np.float32)
    dx, dy = columns + 0.5 + corner[0] - center[0], rows + 0.5 + corner[1] - center[1]
    turned, stretch = rng.uniform(0, math.pi), math.exp(abs(rng.normal(0, 0.35)))
    u = (dx * math.cos(turned) + dy * math.sin(turned)) / stretch
    v = (dy * math.cos(turned) - dx * math.sin(turned)) * stretch
    angle = np.arctan2(v, u)
    knots = 1 + rng.uniform(0.05, 0.35) * rng.standard_normal(_KNOTS)
    knots = np.convolve(np.tile(knots, 3), [0.25, 0.5, 0.25], "same")[_KNOTS : 2 * _KNOTS]
    places = np.linspace(-math.pi, math.pi, _KNOTS + 1)
    ragged = np.interp(angle, places, np.append(knots, knots[0]))
    relative = np.hypot(u, v) / (radius * np.maximum(ragged, 0.3))
    return np.asarray(relative, np.float32), np.asarray(np.arctan2(dy, dx), np.float32)


def chips(rng: Generator, surface: Field, mask: NDArray[np.uint8], noise: float) -> None:
    """A straight edge of the part with a piece or two broken out of it; what lies beyond is plain."""
    height, width = surface.shape
    rows, columns = np.indices(surface.shape, np.float32)
    angle = rng.choice([0.0, 0.5, 1.0, 1.5]) * math.pi + rng.normal(0, 0.05)
    out = np.array([math.cos(angle), math.sin(angle)])
    offset = rng.uniform(0.25, 0.48) * (abs(out[0]) * width + abs(out[1]) * height)
    beyond = (columns - width / 2) * out[0] + (rows - height / 2) * out[1] - offset
    background = float(rng.choice([rng.uniform(0.02, 0.15), rng.uniform(0.1, 0.9)]))
    outside = np.asarray(1 / (1 + np.exp(np.clip(-beyond / rng.uniform(0.3, 1.2), -40, 40))), np.float32)
    lit = rng.normal(0, 0.12) * np.exp(-((beyond / rng.uniform(1.5, 6)) ** 2))
    surface += np.asarray(lit, np.float32)
    for _ in range(int(rng.choice([1, 2, 4], p=[0.6, 0.25, 0.15]))):
        along = rng.uniform(-0.45, 0.45) * (abs(out[1]) * width + abs(out[0]) * height)
        x, y = width / 2 + out[0] * offset - out[1] * along, height / 2 + out[1] * offset + out[0] * along
        radius = math.exp(rng.uniform(math.log(3), math.log(28)))
        contrast = rng.choice([-1, 1]) * max(noise * rng.uniform(1.5, 4), rng.uniform(0.06, 0.3))
        _cavity(rng, surface, mask, (x, y), radius, contrast, rng.uniform(0, 2 * math.pi))
    surface += outside * (np.float32(background) - surface)
    mask[outside >= 0.5] = 0


def patches(rng: Generator, surface: Field, mask: NDArray[np.uint8], noise: float) -> None:
    """A worn, torn or frayed area: another roughness and another tone inside a ragged outline."""
    height, width = surface.shape
    radius = rng.uniform(0.04, 0.2) * min(height, width)
    center = rng.uniform(0, width), rng.uniform(0, height)
    window = _window(surface, center, math.ceil(radius * 3) + 3)
    part = surface[window]
    if not part.size:
        return
    rows, columns = part.shape
    relative, _ = _outline(rng, (rows, columns), (window[1].start, window[0].start), center, radius)
    ragged = relative + rng.uniform(0.05, 0.3) * smooth(rng, rows, columns, max(4.0, radius / 3))
    inside = np.asarray(1 / (1 + np.exp(np.clip((ragged - 1) * radius / rng.uniform(1, 4), -40, 40))), np.float32)
    texture = octaves(rng, rows, columns, (rng.uniform(3, 14), rng.uniform(1.5, 5), 1.5), 0.8)
    tone = rng.normal(0, 0.1) + np.float32(max(noise, 0.02) * rng.uniform(1, 4)) * texture
    keeps = rng.uniform(0, 1)
    part += inside * np.asarray(tone - keeps * (part - part.mean()), np.float32)
    mask[window][inside >= 0.5] = 1


def _window(surface: Field, center: tuple[float, float], reach: int) -> tuple[slice, slice]:
    height, width = surface.shape
    left, top = max(0, int(center[0]) - reach), max(0, int(center[1]) - reach)
    right, bottom = min(width, int(center[0]) + reach + 1), min(height, int(center[1]) + reach + 1)
    return slice(top, max(top, bottom)), slice(left, max(left, right))


FLAWS: dict[str, tuple[Callable[[Generator, Field, NDArray[np.uint8], float], None], float]] = {
    "cracks": (cracks, 0.2),
    "pits": (pits, 0.22),
    "chips": (chips, 0.12),
    "patches": (patches, 0.06),
}
"""By name: how to draw it, and in what share of the pictures with a defect it is."""
