"""QImages over the memory of numpy arrays, without copies."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Frame:
    """A picture in device pixels that numpy writes and Qt paints; both use the same memory.

    Attributes:
        pixels: uint8 (H, W, 4), blue, green, red, 255.
        image: The same as a QImage. It does not own the memory: keep the frame as long as the image is used.
    """

    def __init__(self, width: int, height: int) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((max(1, height), max(1, width), 4), np.uint8)
        self.image = _over(self.pixels, QImage.Format.Format_RGB32)

    def move(self, pixels: int) -> None:
        """Shift the whole memory; rows wrap around. (numpy would copy it all to be safe from overlap.)."""
        start = self.pixels.ctypes.data
        count = self.pixels.nbytes - 4 * abs(pixels)
        ctypes.memmove(start + 4 * max(pixels, 0), start - 4 * min(pixels, 0), count)

    @property
    def words(self) -> NDArray[np.uint32]:
        """The pixels as 0xffrrggbb, uint32 (H, W)."""
        return self.pixels.view(np.uint32)[..., 0]


def premultiplied(argb: NDArray[np.uint32]) -> QImage:
    """Return a view of premultiplied 0xaarrggbb, uint32 (H, W) contiguous; keep the array while the image is used."""
    return _over(argb, QImage.Format.Format_ARGB32_Premultiplied)


def copied(picture: NDArray[np.uint8]) -> QImage:
    """Return a picture, RGB uint8 (h, w, 3), as a QImage with memory of its own."""
    height, width = picture.shape[:2]
    return QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def _over(array: NDArray[np.uint8] | NDArray[np.uint32], form: QImage.Format) -> QImage:
    height, width = array.shape[:2]
    return QImage(array.data, width, height, array.strides[0], form)
