"""Variation of the crops: what may differ between two photographs of the same kind of surface."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Albumentations asks the package index for a newer version at import; this program makes no connections.
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations as A
import cv2

from training.surface_transforms import Bend, Light, Tint

if TYPE_CHECKING:
    from scratchgui.core.augmentation import Augmentation, Strength

# Each strength as a share of the strongest that a scratch of two pixels survives (see the tests).
_SHARE: dict[Strength, float] = {"none": 0.0, "light": 0.4, "normal": 0.7, "strong": 1.0}


def pipeline(settings: Augmentation) -> A.Compose:
    """Return the pipeline for an RGB crop, uint8 (H, W, 3), and its label map, uint8 (H, W).

    Geometry by whole quarter turns and mirrors is free; all else stays so small that no thin scratch is erased. Light
    and shadow have soft edges: hard ones look like defects.
    """
    return A.Compose(
        [
            *([A.D4(p=1.0)] if settings.flips else []),
            *_moved(_SHARE[settings.rotation], _SHARE[settings.scale], _SHARE[settings.elastic]),
            *_lit(_SHARE[settings.illumination]),
            *_tinted(_SHARE[settings.color]),
            *_blurred(_SHARE[settings.blur]),
            *_noisy(_SHARE[settings.noise]),
        ]
    )


def _moved(turn: float, scale: float, bend: float) -> list[A.BasicTransform]:
    """Turn, scale or bend a crop: one of them, because thin lines lose contrast each time pixels are moved."""
    affine = A.Affine(
        scale=(1 - 0.28 * scale, 1 + 0.36 * scale),
        rotate=(-30 * turn, 30 * turn),
        shear=(-7 * turn, 7 * turn),
        border_mode=cv2.BORDER_REFLECT_101,
        interpolation=cv2.INTER_LINEAR,
        mask_interpolation=cv2.INTER_NEAREST,
        p=0.55 * max(turn, scale),
    )
    ways = [way for way in (affine, Bend(reach=0.06 * bend, p=0.35 * bend)) if way.p]
    return [A.OneOf(ways, p=min(1.0, sum(way.p for way in ways)))] if ways else []


def _lit(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    return [Light(gain=0.4 * share, contrast=0.35 * share, gamma=0.45 * share, uneven=0.35 * share, p=0.9 * share)]


def _tinted(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    return [Tint(most=0.25 * share, p=0.2 * share), A.ToGray(num_output_channels=3, p=0.25 * share)]


def _blurred(share: float) -> list[A.BasicTransform]:
    return [A.GaussianBlur(blur_limit=0, sigma_limit=(0.3, 0.3 + 0.6 * share), p=0.21 * share)] if share else []


def _noisy(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    return [
        A.GaussNoise(std_range=(0.005, 0.005 + 0.036 * share), p=0.43 * share),
        A.ImageCompression(quality_range=(round(98 - 40 * share), 98), p=0.15 * share),
    ]
