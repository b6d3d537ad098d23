"""Scratches drawn into photographs of clean surfaces, for as long as few real ones were reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.images import as_gray
from training.synth.scene import SMALLEST, add_scratches

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from scratchgui.core.manifest import Manifest
    from scratchgui.core.mask import Mask

_SCRATCH = "scratch"


@dataclass(frozen=True, slots=True)
class Pasting:
    """Draws scratches into clean crops.

    Attributes:
        share: Of the clean crops that get some (0 … 1).
        label: Class of scratches.
    """

    share: float
    label: int

    def __call__(self, rng: Generator, image: NDArray[np.uint8], mask: Mask) -> tuple[NDArray[np.uint8], Mask]:
        """Return a crop, uint8 (H, W) or (H, W, 3), and its label map with scratches, or both as they are.

        Crops with a defect, and those of which not all was looked at, stay as they are.
        """
        if rng.random() >= self.share or min(mask.shape) < SMALLEST or mask.any():
            return image, mask
        before = as_gray(image).astype(np.float32) / np.float32(255)
        surface, drawn = before.copy(), np.zeros_like(mask)
        add_scratches(rng, surface, drawn)
        # As sharp as a camera sees it; the grain of the picture stays on top of it.
        change = cv2.GaussianBlur((surface - before) * 255, (0, 0), rng.uniform(0.4, 1.0))
        change = change[..., None] if image.ndim == 3 else change
        scratched = np.clip(image + np.asarray(change, np.float32) + 0.5, 0, 255).astype(np.uint8)
        return scratched, drawn * np.uint8(self.label)


def scratch_label(manifest: Manifest) -> int | None:
    """Return the class of scratches; None where there is none, and for plain masks, which do not say what they show."""
    for label, name in enumerate(manifest.classes, 1):
        if _SCRATCH in name.casefold() and label not in manifest.removed and not manifest.binary:
            return label
    return None
