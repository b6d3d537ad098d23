"""Defects of corrected images put into other crops, so that a few corrections show many places, sizes and directions.

Copy-paste augmentation (G. Ghiasi et al., "Simple Copy-Paste is a Strong Data Augmentation Method for Instance
Segmentation", CVPR 2021), but for one thing: what is carried over is not the pixels but what the defect adds to its
surroundings, because light and surface differ from image to image. What it is worth was measured: docs/learning.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from training.data import Images

_MOST = 3
"""Defects put into one crop at most."""
_LARGEST = 0.6
"""Side of the largest defect that is carried over, as a share of the crop's."""
_SMALLEST = 8
"""Smaller defects are not worth it (px²)."""
_TRIES = 8
_SCALES = (0.7, 1.4)
_STRENGTHS = (0.7, 1.2)
_LEAST_SEEN = 0.4
"""Share of its contrast that a defect keeps at least where the new surroundings are nearly black or white."""
_RIM = 1.2
"""Deviation of the Gaussian that lets a defect fade into its new surroundings (px)."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect taken out of its image.

    Attributes:
        change: What it adds to its surroundings, float32 (H, W) or (H, W, 3), in gray levels.
        pixels: Its pixels, uint8 (H, W), 0 and 1.
        label: Its class.
    """

    change: NDArray[np.float32]
    pixels: NDArray[np.uint8]
    label: int


class Transplanting:
    """Puts defects of other images into crops."""

    def __init__(self, images: Images, share: float, classes: int) -> None:
        """Prepare.

        Args:
            images: What defects are taken from.
            share: Of the crops that get some (0 … 1).
            classes: Number of classes; higher labels are not learned from.
        """
        self._images = images
        self._share = share
        self._classes = classes
        self._donors = images.with_defect

    def __call__(self, rng: Generator, image: NDArray[np.uint8], mask: Mask) -> tuple[NDArray[np.uint8], Mask]:
        """Return a crop, uint8 (H, W) or (H, W, 3), and its label map with more defects, or both as they are."""
        if not self._donors or rng.random() >= self._share:
            return image, mask
        mask = mask.copy()
        changed = image.astype(np.float32)
        for _ in range(int(rng.integers(1, _MOST + 1))):
            defect = self._defect(rng, round(_LARGEST * min(mask.shape)))
            if defect is not None:
                _put(rng, varied(rng, defect), changed, mask)
        return (changed + 0.5).astype(np.uint8), mask

    def _defect(self, rng: Generator, side: int) -> Defect | None:
        """Take a defect out of some image; None where the one that was chosen is too large or too small."""
        donor = self._donors[int(rng.integers(len(self._donors)))]
        image, labels = self._images.learned(donor)
        spots = self._images.spots(donor)
        tries = (spots.pick(rng) for _ in range(_TRIES))  # crops are placed elsewhere too
        spot = next((one for one in tries if one is not None and 0 < labels[one] <= self._classes), None)
        if spot is None:
            return None
        top, left = (max(0, place - side // 2) for place in spot)
        window = slice(top, top + side), slice(left, left + side)
        return take_out(image[window], labels[window], (spot[0] - top, spot[1] - left))


def take_out(image: NDArray[np.uint8], labels: Mask, spot: tuple[int, int]) -> Defect | None:
    """Return the defect at a pixel (row, column) of an image; None where it reaches the rim, or is too small.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        labels: Its label map, uint8 (H, W).
        spot: A pixel of the defect.
    """
    label = int(labels[spot])
    _, parts = cv2.connectedComponents(np.asarray(labels == label, np.uint8), connectivity=8)
    pixels = np.asarray(parts == parts[spot], np.uint8)
    if pixels[[0, -1]].any() or pixels[:, [0, -1]].any() or np.count_nonzero(pixels) < _SMALLEST:
        return None
    x, y, width, height = cv2.boundingRect(pixels)
    around = max(4, max(width, height) // 4)
    box = slice(max(0, y - around), y + height + around), slice(max(0, x - around), x + width + around)
    clean = np.asarray(labels[box] == 0, np.float32)
    change = image[box].astype(np.float32) - _surface(image[box].astype(np.float32), clean, around)
    return Defect(change, pixels[box], label)


def _surface(image: NDArray[np.float32], clean: NDArray[np.float32], reach: float) -> NDArray[np.float32]:
    """Return what the surface looks like below the defects: the mean of what is clean, the nearest most."""
    weights = cv2.GaussianBlur(clean, (0, 0), reach, borderType=cv2.BORDER_REFLECT)
    planes = clean[..., None] if image.ndim == 3 else clean
    sums = cv2.GaussianBlur(image * planes, (0, 0), reach, borderType=cv2.BORDER_REFLECT)
    floor = np.maximum(weights, 1e-6)
    return np.asarray(sums / (floor[..., None] if image.ndim == 3 else floor), np.float32)


def varied(rng: Generator, defect: Defect) -> Defect:
    """Return a defect turned, mirrored, larger or smaller, and stronger or weaker."""
    turns, scale = int(rng.integers(4)), float(rng.uniform(*_SCALES))
    change, pixels = np.rot90(defect.change, turns), np.rot90(defect.pixels, turns)
    if rng.random() < 0.5:
        change, pixels = change[:, ::-1], pixels[:, ::-1]
    height, width = (max(3, round(length * scale)) for length in pixels.shape)
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(np.ascontiguousarray(change), (width, height), interpolation=smooth)
    shares = cv2.resize(np.ascontiguousarray(pixels, np.float32), (width, height), interpolation=smooth)
    strength = np.float32(rng.uniform(*_STRENGTHS))
    return Defect(np.asarray(resized, np.float32) * strength, np.asarray(shares >= 0.5, np.uint8), defect.label)


def _put(rng: Generator, defect: Defect, image: NDArray[np.float32], mask: Mask) -> None:
    """Add a defect to a crop at a random place, unless there is one already."""
    height, width = defect.pixels.shape
    if height >= mask.shape[0] or width >= mask.shape[1] or not defect.pixels.any():
        return
    y, x = (int(rng.integers(have - need)) for have, need in zip(mask.shape, (height, width), strict=True))
    place = slice(y, y + height), slice(x, x + width)
    if mask[place][defect.pixels > 0].any():
        return
    new = np.asarray(np.clip(image[place] + _faded(defect, image.ndim), 0, 255), np.float32)
    there = defect.pixels > 0
    # Black on black, or white on white, would teach to see what is not there.
    if np.abs(new - image[place])[there].mean() < _LEAST_SEEN * np.abs(defect.change)[there].mean():
        return
    image[place] = new
    mask[place][there] = defect.label


def _faded(defect: Defect, planes: int) -> NDArray[np.float32]:
    """Return what a defect adds, less and less outside of its pixels, for an image of 2 or 3 dimensions."""
    change = defect.change
    grown = np.asarray(cv2.dilate(defect.pixels, np.ones((3, 3), np.uint8)), np.float32)
    share = np.asarray(cv2.GaussianBlur(grown, (0, 0), _RIM), np.float32)
    if planes == 2:
        return np.asarray(change.mean(axis=2) if change.ndim == 3 else change, np.float32) * share
    return (change if change.ndim == 3 else change[..., None]) * share[..., None]
