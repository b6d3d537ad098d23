"""One picture: a lit surface with distractors, scratches, and a camera that looks at it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from training.synth.distractors import DISTRACTORS
from training.synth.flaws import FLAWS
from training.synth.photographs import photographed
from training.synth.scratches import Path, draw, parallel, random_look, random_path
from training.synth.surfaces import SURFACES, illuminated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path as FilePath

    from numpy.random import Generator
    from numpy.typing import NDArray

    from training.synth.noise import Field

_WIDEST = 30.0
PHOTOGRAPH = "photograph"
"""Name of a surface that was cut out of a photograph."""
_CLEAN = 0.25
_SCRATCHES_TOO = 0.75
SMALLEST = 32
"""Least height and width of a picture (px)."""


@dataclass(frozen=True)
class Scene:
    """A picture with the truth.

    Attributes:
        image: uint8 (H, W, 3) RGB.
        mask: uint8 (H, W), 1 where a scratch is.
        surface: Name of the kind of surface.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    surface: str


def make_scene(
    seed: int,
    height: int,
    width: int,
    *,
    surface: str | None = None,
    clean: bool | None = None,
    photographs: Sequence[FilePath] = (),
) -> Scene:
    """Make a picture; the same arguments make the same picture.

    Args:
        seed: Of the random numbers.
        height: Of the picture (px).
        width: Of the picture (px).
        surface: One of `SURFACES`, or "photograph"; a random one when None.
        clean: Without defects, or with at least one; by chance (a quarter without) when None.
        photographs: Of real surfaces, for two in five pictures where the surface is left to chance.

    Raises:
        ValueError: The picture is too small for a scratch.
    """
    if min(height, width) < SMALLEST:
        raise ValueError(f"a picture of {height} × {width} px is too small: {SMALLEST} px at least")
    rng = np.random.default_rng(seed)
    kind = surface or str(rng.choice(kinds_of(photographs)))
    field = photographed(rng, photographs, height, width) if kind == PHOTOGRAPH else SURFACES[kind](rng, height, width)
    for make, share in DISTRACTORS.values():
        if rng.random() < share:
            make(rng, field)
    mask = np.zeros((height, width), np.uint8)
    without = rng.random() < _CLEAN if clean is None else clean
    if not without:
        _add_defects(rng, field, mask)
    return Scene(_photograph(rng, illuminated(rng, field)), mask, kind)


def kinds_of(photographs: Sequence[FilePath]) -> tuple[str, ...]:
    """Return the kinds of surfaces; two in five are photographs where there are any."""
    return (*SURFACES, *[PHOTOGRAPH] * (len(SURFACES) * 2 // 3 if photographs else 0))


def _add_defects(rng: Generator, surface: Field, mask: NDArray[np.uint8]) -> None:
    """Draw scratches, other small defects or both, until at least one can be seen."""
    noise = _roughness(surface)
    chosen = [make for make, share in FLAWS.values() if rng.random() < share]
    for make in chosen:
        make(rng, surface, mask, noise)
    if not mask.any() or rng.random() < _SCRATCHES_TOO:
        add_scratches(rng, surface, mask)


def add_scratches(rng: Generator, surface: Field, mask: NDArray[np.uint8]) -> None:
    """Draw one to several scratches; as often as needed until at least one can be seen.

    Args:
        rng: Random numbers.
        surface: Gray levels, 0 … 1, changed in place.
        mask: uint8 (H, W), set to 1 where a scratch is, in place.
    """
    noise = _roughness(surface)
    for _ in range(int(rng.choice([1, 2, 3, 5], p=[0.4, 0.3, 0.2, 0.1]))):
        _group(rng, surface, mask, noise)
    while not mask.any():
        _group(rng, surface, mask, noise)


def _group(rng: Generator, surface: Field, mask: NDArray[np.uint8], noise: float) -> None:
    """Draw a scratch, a bundle of parallel ones, or a fork."""
    height, width = surface.shape
    thickness = min(_WIDEST, math.exp(rng.uniform(math.log(1.0), math.log(9))))
    if rng.random() < 0.08:
        thickness = rng.uniform(9, _WIDEST)
    path, look = random_path(rng, height, width, thickness), random_look(rng, noise)
    draw(rng, surface, mask, path, look)
    kind = rng.random()
    if kind < 0.15:
        for index in range(1, int(rng.integers(2, 6))):
            distance = index * thickness * rng.uniform(1.5, 4) * rng.choice([-1, 1])
            draw(rng, surface, mask, parallel(rng, path, distance), look)
    elif kind < 0.22:
        branch = random_path(rng, height, width, thickness * 0.7, length=len(path.points) * 0.2)
        joint = path.points[int(rng.uniform(0.2, 0.8) * len(path.points))]
        draw(rng, surface, mask, Path(branch.points - branch.points[0] + joint, branch.width, branch.depth), look)


def _roughness(surface: Field) -> float:
    """Deviation of the gray levels over short distances."""
    return float((surface - cv2.GaussianBlur(surface, (0, 0), 6)).std())


def _photograph(rng: Generator, surface: Field) -> NDArray[np.uint8]:
    """Turn gray levels into an 8-bit RGB picture: focus, tint, sensor noise, exposure."""
    sharp = np.asarray(cv2.GaussianBlur(surface, (0, 0), rng.uniform(0.3, 1.1)), np.float32)
    # A camera is set so that the middle of the picture is neither black nor white.
    level = float(np.median(sharp))
    sharp *= min(max(level, 0.18), 0.78) / max(level, 0.02)
    exposed = np.clip(sharp, 0, 1.05) ** rng.uniform(0.85, 1.2)
    tint = 1 + rng.normal(0, 0.02, 3) * (rng.random() < 0.5)
    color = exposed[..., None] * tint.astype(np.float32)
    grain = rng.uniform(0.002, 0.02)
    color += rng.standard_normal(exposed.shape, np.float32)[..., None] * np.float32(grain)
    return np.asarray(np.clip(color * 255 + 0.5, 0, 255), np.uint8)
