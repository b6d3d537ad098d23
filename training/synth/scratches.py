"""Scratches: a path, a width and a depth along it, and a profile across it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from training.synth.noise import Field, normalized

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

_OVERSAMPLING = 3
_STEP = 0.5
# Shallower parts (share of the full depth) cannot be seen and do not count as defect.
_VISIBLE_DEPTH = 0.2


@dataclass(frozen=True)
class Look:
    """How a scratch shows.

    Attributes:
        contrast: Change of the gray level in its middle (−1 … 1); negative is dark.
        burr: Change at its rims, as a share of the contrast; of the other sign when negative.
        lit_side: Share by which one rim is stronger than the other (0 … 1).
        flatness: Exponent of the profile: 2 is a bell, 8 a groove with a flat ground.
    """

    contrast: float
    burr: float
    lit_side: float
    flatness: float


@dataclass(frozen=True)
class Path:
    """Points (N, 2) as x, y in px, about half a pixel apart, with a width (px) and a depth (0 … 1) at each."""

    points: NDArray[np.float32]
    width: NDArray[np.float32]
    depth: NDArray[np.float32]


def random_path(rng: Generator, height: int, width: int, thickness: float, *, length: float | None = None) -> Path:
    """Return a path across a picture: straight, curved or wavering; tapered, sometimes broken."""
    diagonal = math.hypot(height, width)
    count = max(8, int((length or diagonal * rng.uniform(0.06, 0.8)) / _STEP))
    start = np.array([rng.uniform(0.05, 0.95) * width, rng.uniform(0.05, 0.95) * height])
    bend = rng.choice([0.0, rng.normal(0, 0.6), rng.normal(0, 2.0)], p=[0.5, 0.35, 0.15]) / count
    waver = _drift(rng, count, rng.choice([0.0, 0.05, 0.25]))
    heading = _main_direction(rng) + bend * np.arange(count) + waver
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=1) * _STEP
    points = start + np.cumsum(steps, axis=0) - steps.sum(axis=0) / 2
    return Path(points.astype(np.float32), _widths(rng, count, thickness), _depths(rng, count))


def parallel(rng: Generator, path: Path, distance: float) -> Path:
    """Return a path beside another one, a little shorter, as the second tooth of the same tool leaves it."""
    direction = np.gradient(path.points, axis=0)
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1) / _STEP
    first, last = sorted(rng.uniform(0, 1, 2))
    part = slice(int(first * 0.4 * len(normal)), int((0.6 + last * 0.4) * len(normal)))
    count = part.stop - part.start
    points = path.points[part] + np.float32(distance) * normal[part]
    return Path(points.astype(np.float32), path.width[part] * np.float32(rng.uniform(0.6, 1.1)), _depths(rng, count))


def random_look(rng: Generator, noise: float) -> Look:
    """Return a look whose contrast suits the roughness (deviation of the gray levels) of the surface around."""
    strength = max(0.03, noise * math.exp(rng.uniform(math.log(1.2), math.log(7))))
    strength = min(strength, rng.uniform(0.25, 0.6))
    sign = rng.choice([-1.0, 1.0])
    burr = rng.choice([0.0, rng.uniform(-0.9, -0.3), rng.uniform(0.2, 0.5)], p=[0.5, 0.35, 0.15])
    return Look(sign * strength, burr, rng.uniform(0, 1), rng.choice([2.0, 4.0, 8.0]))


def draw(rng: Generator, surface: Field, mask: NDArray[np.uint8], path: Path, look: Look) -> None:
    """Draw a scratch into a surface and its mask, both in place.

    A mask pixel is set when its center lies within half the width of a part of the path deep enough to be seen.
    """
    reach = float(path.width.max()) * 1.5 + 3
    low = np.floor(path.points.min(axis=0) - reach).astype(int)
    high = np.ceil(path.points.max(axis=0) + reach).astype(int)
    height, width = surface.shape
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(width, int(high[0])), min(height, int(high[1]))
    if right - left < 2 or bottom - top < 2:
        return
    window = (slice(top, bottom), slice(left, right))
    change, inside = _render(rng, path, look, left, top, right - left, bottom - top)
    surface[window] += change
    mask[window][inside] = 1


def _render(
    rng: Generator, path: Path, look: Look, left: int, top: int, width: int, height: int
) -> tuple[Field, NDArray[np.bool_]]:
    """Change of the gray level and mask of one scratch in a window, by distance to its path, oversampled."""
    scale = _OVERSAMPLING
    canvas = np.full((height * scale, width * scale), 255, np.uint8)
    spots = np.round((path.points - (left, top)) * scale - 0.5).astype(int)
    ok = (spots[:, 0] >= 0) & (spots[:, 1] >= 0) & (spots[:, 0] < canvas.shape[1]) & (spots[:, 1] < canvas.shape[0])
    if not ok.any():
        return np.zeros((height, width), np.float32), np.zeros((height, width), np.bool_)
    index = np.flatnonzero(ok)
    spots = spots[ok]
    canvas[spots[:, 1], spots[:, 0]] = 0
    distance, labels = cv2.distanceTransformWithLabels(
        canvas, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(labels.max()) + 1, np.intp)
    owner[labels[spots[:, 1], spots[:, 0]]] = index
    nearest = owner[labels]
    half = path.width[nearest] / 2
    depth = path.depth[nearest]
    away = np.asarray(distance, np.float32) / scale
    side = _side(path, nearest, left, top, scale)
    tone = _profile(look, away / np.maximum(half, 0.35), side) * depth
    tone *= _grooves(rng, len(path.points), nearest, np.sign(side) * away / np.maximum(half, 0.35))
    inside = ((away <= half) & (depth >= _VISIBLE_DEPTH)).astype(np.float32)
    size = (width, height)
    change = cv2.resize(np.asarray(tone, np.float32), size, interpolation=cv2.INTER_AREA)
    covered = cv2.resize(inside, size, interpolation=cv2.INTER_AREA)
    return np.asarray(change, np.float32), np.asarray(covered >= 0.4)


def _grooves(rng: Generator, count: int, nearest: NDArray[np.intp], across: Field) -> Field:
    """Uneven strength within a scratch: fine grooves that run along it, and patches where the tool jumped."""
    streaks = cv2.GaussianBlur(rng.standard_normal((max(8, count // 4), 16), np.float32), (0, 0), 0.6, sigmaY=20)
    jumps = cv2.GaussianBlur(rng.standard_normal((max(8, count // 4), 16), np.float32), (0, 0), 4, sigmaY=3)
    texture = normalized(np.asarray(streaks)) + rng.uniform(0, 1) * normalized(np.asarray(jumps))
    rows = nearest * texture.shape[0] // count
    columns = np.clip((across + 1) * 8, 0, 15).astype(np.intp)
    return np.asarray(np.clip(1 + np.float32(rng.uniform(0.1, 0.5)) * texture[rows, columns], 0.1, 2.2), np.float32)


def _side(path: Path, nearest: NDArray[np.intp], left: int, top: int, scale: int) -> Field:
    """−1 … 1: on which side of the path a pixel lies."""
    direction = np.gradient(path.points, axis=0) / _STEP
    rows, columns = np.indices(nearest.shape, np.float32)
    dx = (columns + 0.5) / scale + left - path.points[nearest, 0]
    dy = (rows + 0.5) / scale + top - path.points[nearest, 1]
    cross = direction[nearest, 0] * dy - direction[nearest, 1] * dx
    return np.asarray(np.clip(cross, -1, 1), np.float32)


def _profile(look: Look, relative: Field, side: Field) -> Field:
    """Gray level across the scratch; `relative` is the distance in half widths."""
    groove = np.exp(-(relative**look.flatness) * 0.7)
    rims = np.exp(-(((relative - 1.35) / 0.35) ** 2)) * (1 + look.lit_side * side) / 2
    return np.asarray(look.contrast * (groove + 2 * look.burr * rims), np.float32)


def _main_direction(rng: Generator) -> float:
    if rng.random() < 0.4:
        return float(rng.choice([0, math.pi / 2]) + rng.normal(0, 0.12))
    return float(rng.uniform(0, math.pi))


def _drift(rng: Generator, count: int, strength: float) -> NDArray[np.float64]:
    knots = rng.normal(0, 1, max(4, count // 60))
    return strength * np.interp(np.linspace(0, 1, count), np.linspace(0, 1, knots.size), knots)


def _widths(rng: Generator, count: int, thickness: float) -> NDArray[np.float32]:
    along = np.linspace(0, 1, count)
    taper = np.minimum(1, np.minimum(along, 1 - along) / rng.uniform(0.01, 0.3))
    varied = thickness * (0.35 + 0.65 * taper) * np.exp(_drift(rng, count, 0.2))
    return np.maximum(varied, 0.8).astype(np.float32)


def _depths(rng: Generator, count: int) -> NDArray[np.float32]:
    depth = np.clip(1 + _drift(rng, count, rng.uniform(0, 0.4)), 0.3, 1.3)
    for _ in range(int(rng.choice([0, 1, 3], p=[0.65, 0.2, 0.15]))):
        gap = int(rng.uniform(0.01, 0.08) * count)
        begin = int(rng.uniform(0.1, 0.9) * count)
        depth[begin : begin + gap] = 0
    return depth.astype(np.float32)
