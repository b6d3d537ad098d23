"""Surfaces without defects, as gray levels 0 … 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from training.synth.noise import Field, band, octaves, smooth, streaks, white

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator


def brushed(rng: Generator, height: int, width: int) -> Field:
    """Metal brushed in one direction."""
    angle = rng.choice([0.0, math.pi / 2]) + rng.normal(0, 0.05)
    long = streaks(rng, height, width, rng.uniform(150, 500), rng.uniform(0.8, 1.6), angle)
    short = streaks(rng, height, width, rng.uniform(20, 60), rng.uniform(0.8, 1.4), angle)
    tone = streaks(rng, height, width, 600, rng.uniform(20, 60), angle)
    # A few marks of the brush are much stronger than the rest, and as long as the part.
    strong = np.asarray(long**3 / max(float((long**3).std()), 1e-6), np.float32)
    parts = ((long, 0.035), (short, 0.02), (tone, 0.025), (strong, rng.choice([0.0, 0.02, 0.04])))
    return _surface(rng, (0.2, 0.75), *parts)


def ground(rng: Generator, height: int, width: int) -> Field:
    """Metal ground in several passes that cross each other."""
    parts: list[tuple[Field, float]] = [(white(rng, height, width), 0.012)]
    main = rng.uniform(0, math.pi)
    for _ in range(int(rng.integers(2, 5))):
        angle = main + rng.normal(0, rng.choice([0.06, 0.5]))
        parts.append((streaks(rng, height, width, rng.uniform(30, 200), rng.uniform(0.8, 2.5), angle), 0.025))
    return _surface(rng, (0.3, 0.7), *parts)


def cast(rng: Generator, height: int, width: int) -> Field:
    """Rough cast or blasted metal."""
    bumps = octaves(rng, height, width, (rng.uniform(5, 14), 4, 2), 0.75)
    tone = smooth(rng, height, width, rng.uniform(80, 250))
    return _surface(rng, (0.25, 0.6), (bumps, rng.uniform(0.03, 0.08)), (tone, 0.04))


def painted(rng: Generator, height: int, width: int) -> Field:
    """Paint or lacquer: smooth, with an orange peel and some dust in it."""
    peel = band(rng, height, width, rng.uniform(4, 14))
    tone = smooth(rng, height, width, rng.uniform(200, 500))
    return _surface(
        rng, (0.15, 0.85), (peel, rng.uniform(0.003, 0.02)), (tone, 0.03), (white(rng, height, width), 0.006)
    )


def plastic(rng: Generator, height: int, width: int) -> Field:
    """Molded plastic with a fine grain."""
    grain = band(rng, height, width, rng.uniform(2, 6))
    rough = np.asarray(np.abs(grain) - 0.8, np.float32)
    return _surface(rng, (0.1, 0.8), (rough, rng.uniform(0.01, 0.05)), (smooth(rng, height, width, 300), 0.025))


def rolled(rng: Generator, height: int, width: int) -> Field:
    """Hot-rolled strip: mottled scale, stretched along the rolling direction."""
    angle = rng.choice([0.0, math.pi / 2]) + rng.normal(0, 0.03)
    mottle = octaves(rng, height, width, (rng.uniform(40, 120), 18, 7, 3), 0.7)
    drawn = streaks(rng, height, width, rng.uniform(40, 160), rng.uniform(3, 12), angle)
    return _surface(
        rng, (0.25, 0.65), (mottle, rng.uniform(0.03, 0.08)), (drawn, 0.04), (white(rng, height, width), 0.03)
    )


def glass(rng: Generator, height: int, width: int) -> Field:
    """Glass or polished metal: nearly flat, with soft reflections."""
    return _surface(
        rng,
        (0.05, 0.9),
        (smooth(rng, height, width, rng.uniform(150, 400)), rng.uniform(0.02, 0.08)),
        (white(rng, height, width), rng.uniform(0.003, 0.01)),
    )


def ceramic(rng: Generator, height: int, width: int) -> Field:
    """Ceramic, ferrite or stone: fine speckles, dark and bright."""
    grain = white(rng, height, width)
    speckle = cv2.GaussianBlur(np.sign(grain) * np.abs(grain) ** 3, (0, 0), rng.uniform(0.6, 1.4))
    speckle = np.asarray(speckle / max(float(speckle.std()), 1e-6), np.float32)
    tone = octaves(rng, height, width, (rng.uniform(100, 300), 40))
    return _surface(rng, (0.2, 0.6), (speckle, rng.uniform(0.01, 0.04)), (tone, 0.04))


def turned(rng: Generator, height: int, width: int) -> Field:
    """A face turned on a lathe: concentric marks around a center that may lie outside."""
    cx, cy = rng.uniform(-0.5, 1.5) * width, rng.uniform(-0.5, 1.5) * height
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = np.hypot(columns - cx, rows - cy)
    steps = rng.standard_normal(int(radius.max()) + 3, np.float32)
    profile = np.interp(radius, np.arange(steps.size), steps).astype(np.float32)
    ripple = np.sin(radius * (2 * math.pi / rng.uniform(4, 14))).astype(np.float32)
    return _surface(
        rng, (0.3, 0.7), (profile, 0.03), (ripple, rng.uniform(0.0, 0.03)), (white(rng, height, width), 0.015)
    )


def woven(rng: Generator, height: int, width: int) -> Field:
    """Fabric or mesh: two crossing sets of threads."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    pitch, bend = rng.uniform(4, 10), smooth(rng, height, width, 120)
    first = np.sin((columns + 1.5 * bend) * (2 * math.pi / pitch))
    second = np.sin((rows + 1.5 * bend) * (2 * math.pi / (pitch * rng.uniform(0.9, 1.2))))
    weave = np.asarray(np.maximum(first, second), np.float32)
    return _surface(rng, (0.25, 0.7), (weave, rng.uniform(0.02, 0.06)), (white(rng, height, width), 0.02))


SURFACES: dict[str, Callable[[Generator, int, int], Field]] = {
    kind.__name__: kind for kind in (brushed, ground, cast, painted, plastic, rolled, glass, ceramic, turned, woven)
}


def illuminated(rng: Generator, surface: Field) -> Field:
    """Light a surface: a slope, a darker rim, and sometimes a bright band."""
    height, width = surface.shape
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    along = columns * math.cos(angle) + rows * math.sin(angle)
    light = 1 + rng.uniform(0, 0.3) * along - rng.uniform(0, 0.25) * (columns**2 + rows**2)
    if rng.random() < 0.3:
        center, spread = rng.uniform(-0.8, 0.8), rng.uniform(0.1, 0.5)
        light = light + rng.uniform(0.1, 0.4) * np.exp(-(((along - center) / spread) ** 2))
    if rng.random() < 0.12:
        light = light * _ribs(rng, along)
    return np.asarray(surface * light, np.float32)


def _ribs(rng: Generator, along: Field) -> Field:
    """Light on a thread, a row of ribs or a step of the part: bands with a sharp and a soft side."""
    count = int(rng.integers(4, 12))
    places = np.sort(rng.uniform(-1.5, 1.5, count))
    levels = np.exp(rng.normal(0, rng.uniform(0.15, 0.5), count))
    bands = np.interp(along, places, levels)
    sharp = levels[np.clip(np.searchsorted(places, along), 0, count - 1)]
    share = rng.uniform(0, 1)
    return np.asarray(share * bands + (1 - share) * sharp, np.float32)


def _surface(rng: Generator, base: tuple[float, float], *parts: tuple[Field, float]) -> Field:
    """Sum fields of given strengths on a base level; strengths vary by half."""
    level = rng.uniform(*base)
    total = np.full(parts[0][0].shape, level, np.float32)
    for field, strength in parts:
        total += np.float32(strength * rng.uniform(0.5, 1.5)) * field
    return total
