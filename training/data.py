"""Crops for training: at native resolution, towards defects and what was corrected, clean images included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from scratchgui.core.augmentation import Augmentation
from scratchgui.core.errors import AnnotationError, TrainingError
from scratchgui.core.images import as_rgb, read_image
from scratchgui.core.mask import Mask, decode_mask
from training.augment import pipeline
from training.loss import IGNORED
from training.sampling import Spots, chances_of, order_of, spots_of
from training.spill import spill
from training.synth.paste import Pasting, scratch_label
from training.transplant import Transplanting

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from scratchgui.core.manifest import Manifest, ManifestEntry
    from scratchgui.core.split import Split

_CACHE_BYTES = 1_000_000_000
_UNSEEN = 255
"""Label, above all classes, of what nothing is learned from."""


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
    """The images of a manifest's part with their label maps; decoded once, and on disk where memory is too small.

    Attributes:
        scratch_label: Class of scratches; None where there is none, or it is not known.
    """

    scratch_label: int | None = None

    def __init__(
        self, entries: Sequence[ManifestEntry], *, binary: bool, classes: int = 255, removed: Collection[int] = ()
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            entries: The images.
            binary: Masks are 0 and not 0.
            classes: Number of classes; higher labels are of classes that there were once.
            removed: Labels of classes that are not used any more.
        """
        self._entries = entries
        self._binary = binary
        self._classes = classes
        self._removed = sorted(removed)
        self._kept: dict[int, tuple[NDArray[np.uint8], Mask]] = {}
        self._spots: dict[int, Spots] = {}
        self._bytes = 0

    @classmethod
    def of(cls, manifest: Manifest, part: Split) -> Images:
        """Return the images of one part of a manifest."""
        entries, classes = manifest.part(part), len(manifest.classes)
        made = cls(entries, binary=manifest.binary, classes=classes, removed=manifest.removed)
        made.scratch_label = scratch_label(manifest)
        return made

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], Mask]:
        """Return an image, uint8 (H, W) or (H, W, 3), and its label map, uint8 (H, W), of classes in use."""
        image, labels = self.learned(index)
        if labels.max(initial=0) > self._classes:
            labels = np.where(labels > self._classes, np.uint8(0), labels)
        return image, labels

    def learned(self, index: int) -> tuple[NDArray[np.uint8], Mask]:
        """Return an image and its label map, above all classes where nothing is learned from; both only to be read."""
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        image, labels = self._read(index)
        size = image.nbytes + labels.nbytes
        if self._bytes + size <= _CACHE_BYTES:
            self._bytes += size
            self._kept[index] = image, labels
        elif (pixels := spill(image)) is not None and (map_ := spill(labels)) is not None:
            self._kept[index] = pixels, map_
        return image, labels

    def spots(self, index: int) -> Spots:
        """Return where to cut crops of an image."""
        if index not in self._spots:
            entry, (_, labels) = self._entries[index], self.learned(index)
            began = _mask_of(entry.began, labels.shape)
            whole = entry.seen is None
            self._spots[index] = spots_of(labels, classes=self._classes, began=began, whole=whole)
        return self._spots[index]

    @property
    def chances(self) -> NDArray[np.float64]:
        """How often to learn from each image, float64 (N,) of sum 1."""
        return chances_of(self._entries)

    @property
    def with_defect(self) -> list[int]:
        """Numbers of the images with a defect."""
        return [number for number, entry in enumerate(self._entries) if entry.mask is not None]

    def _read(self, index: int) -> tuple[NDArray[np.uint8], Mask]:
        entry = self._entries[index]
        image, labels = read_entry(entry, binary=self._binary)
        for label in self._removed:
            labels[labels == label] = _UNSEEN
        if entry.seen is not None:
            seen = _mask_of(entry.seen, labels.shape)
            if seen is None:
                raise TrainingError("Where the inspector looked is not known any more", path=Path(entry.seen))
            labels[seen == 0] = _UNSEEN
        return image, labels


def _mask_of(path: str | None, shape: tuple[int, ...]) -> Mask | None:
    """Return the 8-bit PNG of a path; None where there is none of this shape."""
    if path is None:
        return None
    try:
        mask = decode_mask(Path(path).read_bytes())
    except (OSError, AnnotationError):
        return None
    return mask if mask.shape == shape else None


class Crops(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Random crops; number `i` of an epoch depends on nothing but the seed, the epoch and `i`.

    Items are the normalized crop, float32 (3, S, S), and the target, float32 (C, S, S) with one plane a class, −1 in
    all planes where nobody looked.
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
        augmentation: Augmentation | None = None,
        pasted: float = 0.0,
        transplanted: float = 0.0,
    ) -> None:
        """Prepare the crops of an epoch.

        Args:
            images: What they are cut from.
            size: Their side (px).
            count: Crops in an epoch.
            classes: Number of classes.
            mean: Of the RGB input on the 0 … 1 scale.
            std: Of the RGB input.
            seed: Of the random numbers.
            augmentation: How they are varied; None for the usual way.
            pasted: Share of the clean crops into which scratches are drawn (0 … 1).
            transplanted: Share of all crops into which defects of other images are put (0 … 1).
        """
        self._images = images
        self._size = size
        self._count = count
        self._labels = np.arange(1, classes + 1, dtype=np.uint8)[:, None, None]
        self._mean = np.asarray(mean, np.float32) * 255
        self._scale = 1 / (np.asarray(std, np.float32) * 255)
        self._seed = seed
        self._augment = pipeline(augmentation or Augmentation())
        label = images.scratch_label
        self._pasting = Pasting(pasted, label) if pasted and label else None
        self._transplanting = Transplanting(images, transplanted, classes)
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Draw the order of the images anew; each comes as often as its weight says, give or take one."""
        self._epoch = epoch
        self._order = order_of(np.random.default_rng((self._seed, epoch)), self._images.chances, self._count)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        image, mask = self.varied(index)
        pixels = (image.astype(np.float32) - self._mean) * self._scale
        target = (mask == self._labels).astype(np.float32)
        target[:, mask > len(self._labels)] = IGNORED
        return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))), torch.from_numpy(target)

    def varied(self, index: int) -> tuple[NDArray[np.uint8], Mask]:
        """Return a crop as it is learned from, uint8 (S, S, 3) RGB, and its label map, uint8 (S, S)."""
        rng = np.random.default_rng((self._seed, self._epoch, index))
        number = int(self._order[index])
        image, mask = random_crop(rng, *self._images.learned(number), self._size, self._images.spots(number))
        if self._pasting is not None:
            image, mask = self._pasting(rng, image, mask)
        image, mask = self._transplanting(rng, image, mask)
        self._augment.set_random_seed(int(rng.integers(2**31)))
        varied = self._augment(image=as_rgb(image), mask=mask)
        return varied["image"], varied["mask"]


def random_crop(
    rng: np.random.Generator, image: NDArray[np.uint8], mask: Mask, size: int, spots: Spots
) -> tuple[NDArray[np.uint8], Mask]:
    """Cut a square out of an image and its label map; smaller images are mirrored at their rims first."""
    image, mask = _at_least(image, size), _at_least(mask, size)
    height, width = mask.shape
    x, y = int(rng.integers(width - size + 1)), int(rng.integers(height - size + 1))
    spot = spots.pick(rng)
    if spot is not None:
        y, x = (
            int(np.clip(place - rng.integers(size), 0, length - size))
            for place, length in zip(spot, (height, width), strict=True)
        )
    window = (slice(y, y + size), slice(x, x + size))
    return np.ascontiguousarray(image[window]), np.ascontiguousarray(mask[window])


def _at_least(array: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    height, width = array.shape[:2]
    down, right = max(0, size - height), max(0, size - width)
    if not down and not right:
        return array
    # REFLECT, not REFLECT_101: the latter cannot mirror an image of one row.
    return np.asarray(cv2.copyMakeBorder(array, 0, down, 0, right, cv2.BORDER_REFLECT), np.uint8)
