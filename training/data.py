"""Crops for training: at native resolution, towards defects, clean images included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from scratchgui.core.errors import TrainingError
from scratchgui.core.images import as_rgb, read_image
from scratchgui.core.mask import Mask, decode_mask
from training.augment import augmentation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.manifest import ManifestEntry

_CACHE_BYTES = 1_000_000_000
# Share of the crops of an image with defects that are placed on one of them.
_ON_DEFECT = 0.75


def read_entry(entry: ManifestEntry, *, binary: bool) -> tuple[NDArray[np.uint8], Mask]:
    """Return an image, uint8 (H, W) or (H, W, 3), and its label map, uint8 (H, W).

    Raises:
        ImageReadError: The image cannot be read.
        TrainingError: The mask has another size.
    """
    image = read_image(Path(entry.image))
    if entry.mask is None:
        return image, np.zeros(image.shape[:2], np.uint8)
    path = Path(entry.mask)
    try:
        mask = decode_mask(path.read_bytes(), path=path)
    except OSError as error:
        raise TrainingError(f"The mask cannot be read ({error.strerror})", path=path) from error
    if mask.shape != image.shape[:2]:
        raise TrainingError("The mask is not as large as its image", path=path, hint="Correct the image again.")
    return image, (mask > 0).astype(np.uint8) if binary else mask


class Images:
    """The images of a manifest's part with their label maps; decoded once while they fit into memory."""

    def __init__(self, entries: Sequence[ManifestEntry], *, binary: bool) -> None:
        self._entries = entries
        self._binary = binary
        self._kept: dict[int, tuple[NDArray[np.uint8], Mask]] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], Mask]:
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        pair = read_entry(self._entries[index], binary=self._binary)
        size = pair[0].nbytes + pair[1].nbytes
        if self._bytes + size <= _CACHE_BYTES:
            self._kept[index] = pair
            self._bytes += size
        return pair


class Crops(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Random crops; number `i` of an epoch depends on nothing but the seed, the epoch and `i`.

    Items are the normalized crop, float32 (3, S, S), and the target, float32 (C, S, S) with one plane a class.
    """

    def __init__(
        self,
        images: Images,
        *,
        size: int,
        count: int,
        classes: int,
        mean: Sequence[float],
        std: Sequence[float],
        seed: int,
    ) -> None:
        self._images = images
        self._size = size
        self._count = count
        self._labels = np.arange(1, classes + 1, dtype=np.uint8)[:, None, None]
        self._mean = np.asarray(mean, np.float32) * 255
        self._scale = 1 / (np.asarray(std, np.float32) * 255)
        self._seed = seed
        self._augment = augmentation()
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Draw the order of the images anew; each comes as often as any other, give or take one."""
        self._epoch = epoch
        rng = np.random.default_rng((self._seed, epoch))
        rounds = -(-self._count // len(self._images))
        self._order = np.concatenate([rng.permutation(len(self._images)) for _ in range(rounds)])

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng((self._seed, self._epoch, index))
        image, mask = random_crop(rng, *self._images[int(self._order[index])], self._size)
        self._augment.set_random_seed(int(rng.integers(2**31)))
        varied = self._augment(image=as_rgb(image), mask=mask)
        pixels = (varied["image"].astype(np.float32) - self._mean) * self._scale
        target = (varied["mask"] == self._labels).astype(np.float32)
        return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))), torch.from_numpy(target)


def random_crop(
    rng: np.random.Generator, image: NDArray[np.uint8], mask: Mask, size: int
) -> tuple[NDArray[np.uint8], Mask]:
    """Cut a square out of an image and its label map; smaller images are mirrored at their rims first."""
    image, mask = _at_least(image, size), _at_least(mask, size)
    height, width = mask.shape
    x, y = int(rng.integers(width - size + 1)), int(rng.integers(height - size + 1))
    if rng.random() < _ON_DEFECT:
        rows, columns = np.nonzero(mask)
        if rows.size:
            pick = int(rng.integers(rows.size))
            x = int(np.clip(columns[pick] - rng.integers(size), 0, width - size))
            y = int(np.clip(rows[pick] - rng.integers(size), 0, height - size))
    window = (slice(y, y + size), slice(x, x + size))
    return np.ascontiguousarray(image[window]), np.ascontiguousarray(mask[window])


def _at_least(array: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    height, width = array.shape[:2]
    down, right = max(0, size - height), max(0, size - width)
    if not down and not right:
        return array
    # REFLECT, not REFLECT_101: the latter cannot mirror an image of one row.
    return np.asarray(cv2.copyMakeBorder(array, 0, down, 0, right, cv2.BORDER_REFLECT), np.uint8)
