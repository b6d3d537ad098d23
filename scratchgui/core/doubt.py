"""How much there is to correct in an image, and how unlike others it is: what tells which one to look at next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scratchgui.core.images import as_gray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SIDE: Final = 8
_GRAYS: Final = 8
_SIZE: Final = _SIDE * _SIDE + 2 + _GRAYS
_WORKING_SIDE: Final = 256
_LOOKED_AT_SIDE: Final = 4 * _WORKING_SIDE
_NOISE: Final = 8.0
"""Gray levels that are added to the spread: on an even surface noise is no picture."""
_PICTURE_STEP: Final = 1 / 32
# What a step of each number is worth: the picture's squares (in the image's spread), mean, spread, shares of grays.
_WORTH: Final = np.repeat(
    np.array([_PICTURE_STEP / _SIDE, 1 / 128, 1 / 32, 1 / 255], np.float32), [_SIDE**2, 1, 1, _GRAYS]
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is known of an image before anybody has looked at it.

    Attributes:
        pixels: How many pixels the model expects to have wrong: the sum of min(p, 1 − p).
        impression: What the image looks like, see `impression_of`; None where that is not known.
    """

    pixels: float
    impression: bytes | None = None


def impression_of(image: NDArray[np.uint8]) -> bytes:
    """Return what an image, gray (H, W) or RGB (H, W, 3), looks like, in 74 numbers of a byte each.

    They are a picture of 8 × 8 squares without its brightness and contrast, these two, and the shares of eight grays.
    """
    # A large image takes a quarter of a second as a whole, and every fifth pixel of it says the same.
    step = max(1, max(image.shape[:2]) // _LOOKED_AT_SIDE)
    image = np.ascontiguousarray(image[::step, ::step])
    height, width = image.shape[:2]
    scale = min(1.0, _WORKING_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = as_gray(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8))
    squares = cv2.resize(small, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    mean, spread = float(squares.mean()), float(squares.std())
    picture = 128 + (squares - mean) / (spread + _NOISE) / _PICTURE_STEP
    shares = cv2.calcHist([small], [0], None, [_GRAYS], [0, 256]).ravel() * (255 / small.size)
    numbers = np.concatenate([picture.ravel(), [mean, spread], shares])
    return bytes(np.clip(np.rint(numbers), 0, 255).astype(np.uint8))


def impression_from(text: str) -> bytes:
    """Return an impression from its hexadecimal digits; ValueError when they are something else."""
    data = bytes.fromhex(text)
    if len(data) != _SIZE:
        raise ValueError(f"{len(data)} bytes are no impression of an image")
    return data


def as_points(impressions: Sequence[bytes]) -> NDArray[np.float32]:
    """Return impressions as points, float32 (N, 74): the farther apart, the more unlike are their images."""
    return np.frombuffer(b"".join(impressions), np.uint8).reshape(-1, _SIZE) * _WORTH


def unlike_each_other(
    points: NDArray[np.float32], weights: NDArray[np.float64], known: NDArray[np.float32], count: int
) -> list[int]:
    """Return points of much weight that are far from what is known and from each other, the best one first.

    Each one has the largest product of its weight and the distance to the nearest point that is known or was taken
    (farthest-first traversal: T. Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985; as a way
    to choose what to label: O. Sener and S. Savarese, "Active Learning for Convolutional Neural Networks: A Core-Set
    Approach", ICLR 2018).

    Args:
        points: As of `as_points`, (N, D).
        weights: (N,), none below 0.
        known: Points (M, D) that are taken already; there may be none.
        count: How many to return at most.
    """
    if len(known):
        squares = (points**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * (points @ known.T)
        nearest = np.sqrt(np.maximum(squares, 0).min(axis=1))
    else:
        nearest = np.ones(len(points), np.float32)
    taken: list[int] = []
    for _ in range(min(count, len(points))):
        gains = nearest * weights
        gains[taken] = -1.0
        best = int(gains.argmax())
        if gains[best] <= 0:  # nothing is left that is worth a look, or all of it is known
            break
        apart = np.linalg.norm(points - points[best], axis=1)
        nearest = np.minimum(nearest, apart) if len(known) or taken else apart
        taken.append(best)
    return taken
