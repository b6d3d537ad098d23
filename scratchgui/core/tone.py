"""How gray levels are shown: tables for brightness, contrast, gamma and the window of deep images; local contrast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.gray_levels import window_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLIP_LIMIT = 3.0
_CELLS = 8


@dataclass(frozen=True, slots=True)
class Tone:
    """What happens to the gray levels between the image and the screen.

    Attributes:
        brightness: −100 … 100; 100 shows black as white.
        contrast: −100 … 100; −100 shows everything as middle gray, 100 the middle levels alone.
        gamma: 0.2 … 5; above 1 dark levels are lifted.
    """

    brightness: int = 0
    contrast: int = 0
    gamma: float = 1.0

    @property
    def is_neutral(self) -> bool:
        """Tell whether nothing changes."""
        return self == Tone()

    def table(self) -> NDArray[np.uint8]:
        """Return what each level is shown as, uint8 (256,); it never falls."""
        level = (np.arange(256) / 255) ** (1 / self.gamma)
        # Up to the tangent of 90 degrees: the slider acts evenly over its whole length.
        slope = np.tan((min(self.contrast, 98) / 100 + 1) * np.pi / 4)
        shown = (level - 0.5) * slope + 0.5 + self.brightness / 100
        return np.asarray(np.clip(shown * 255 + 0.5, 0, 255), np.uint8)


def shown_levels(tone: Tone, window: tuple[float, float] | None) -> NDArray[np.uint8] | None:
    """Return the table for a picture: of 8 bits without a window, else of 16; None where nothing changes.

    Args:
        tone: What happens to the 256 levels.
        window: For a 16-bit picture: the values that are black and white.

    Returns:
        uint8 (256,) or (65536,).
    """
    if window is None:
        return None if tone.is_neutral else tone.table()
    return tone.table()[window_table(*window)]


def with_local_contrast(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an image, uint8 (H, W) or RGB (H, W, 3), with the contrast stretched part by part; hues stay."""
    height, width = image.shape[:2]
    stretch = cv2.createCLAHE(_CLIP_LIMIT, (min(_CELLS, width), min(_CELLS, height)))
    if image.ndim == 2:
        return np.asarray(stretch.apply(image), np.uint8)
    parts = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    parts[..., 0] = stretch.apply(np.ascontiguousarray(parts[..., 0]))
    return np.asarray(cv2.cvtColor(parts, cv2.COLOR_LAB2RGB), np.uint8)
