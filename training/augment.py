"""Variation of the crops: what may differ between two photographs of the same kind of surface."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Albumentations asks the package index for a newer version at import; this program makes no connections.
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations as A
import cv2

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
            *_turned(_SHARE[settings.rotation], _SHARE[settings.scale]),
            *_bent(_SHARE[settings.elastic]),
            *_lit(_SHARE[settings.illumination]),
            *_tinted(_SHARE[settings.color]),
            *_blurred(_SHARE[settings.blur]),
            *_noisy(_SHARE[settings.noise]),
        ]
    )


def _turned(turn: float, scale: float) -> list[A.BasicTransform]:
    if not turn and not scale:
        return []
    # One step for both: each time pixels are moved, thin lines lose some of their contrast.
    affine = A.Affine(
        scale=(1 - 0.28 * scale, 1 + 0.36 * scale),
        rotate=(-30 * turn, 30 * turn),
        shear=(-7 * turn, 7 * turn),
        border_mode=cv2.BORDER_REFLECT_101,
        interpolation=cv2.INTER_LINEAR,
        mask_interpolation=cv2.INTER_NEAREST,
        p=0.55 * max(turn, scale),
    )
    return [affine]


def _bent(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    # Over 20 px: a straight scratch becomes a softly curved one, as wide as before.
    bend = A.ElasticTransform(
        alpha=120 * share,
        sigma=20,
        approximate=True,
        border_mode=cv2.BORDER_REFLECT_101,
        interpolation=cv2.INTER_LINEAR,
        mask_interpolation=cv2.INTER_NEAREST,
        p=0.25 * share,
    )
    return [bend]


def _lit(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    uneven = (0.02, 0.02 + 0.18 * share)
    return [
        A.RandomBrightnessContrast(brightness_limit=0.28 * share, contrast_limit=0.36 * share, p=0.85 * share),
        A.RandomGamma(gamma_limit=(round(100 - 42 * share), round(100 + 57 * share)), p=0.43 * share),
        A.OneOf(
            [
                A.Illumination(mode="linear", intensity_range=uneven),
                A.Illumination(mode="gaussian", intensity_range=uneven, sigma_range=(0.3, 1.0)),
                A.Illumination(mode="corner", intensity_range=uneven),
            ],
            p=0.3 * share,
        ),
    ]


def _tinted(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    tint = round(25 * share)
    return [
        A.RGBShift(r_shift_limit=tint, g_shift_limit=tint, b_shift_limit=tint, p=0.2 * share),
        A.ToGray(num_output_channels=3, p=0.25 * share),
    ]


def _blurred(share: float) -> list[A.BasicTransform]:
    return [A.GaussianBlur(blur_limit=0, sigma_limit=(0.3, 0.3 + 0.85 * share), p=0.21 * share)] if share else []


def _noisy(share: float) -> list[A.BasicTransform]:
    if not share:
        return []
    return [
        A.GaussNoise(std_range=(0.005, 0.005 + 0.036 * share), p=0.43 * share),
        A.ImageCompression(quality_range=(round(98 - 40 * share), 98), p=0.15 * share),
    ]
