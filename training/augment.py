"""Variation of the crops: what may differ between two photographs of the same kind of surface."""

from __future__ import annotations

import os

# Albumentations asks the package index for a newer version at import; this program makes no connections.
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations as A
import cv2


def augmentation() -> A.Compose:
    """Return the pipeline for an RGB crop, uint8 (H, W, 3), and its label map, uint8 (H, W).

    Geometry by whole quarter turns and mirrors is free; finer turns and scales stay small, and blur stays below the
    width of a thin scratch, so that none is erased.
    """
    return A.Compose(
        [
            A.D4(p=1.0),
            A.Affine(
                scale=(0.8, 1.25),
                rotate=(-20, 20),
                shear=(-5, 5),
                border_mode=cv2.BORDER_REFLECT_101,
                interpolation=cv2.INTER_LINEAR,
                mask_interpolation=cv2.INTER_NEAREST,
                p=0.4,
            ),
            A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.25, p=0.6),
            A.RandomGamma(gamma_limit=(70, 140), p=0.3),
            A.GaussianBlur(blur_limit=0, sigma_limit=(0.3, 0.9), p=0.15),
            A.GaussNoise(std_range=(0.005, 0.03), p=0.3),
            A.ToGray(num_output_channels=3, p=0.1),
        ]
    )
