"""From the bytes of an image file to its pixels: upright, gray or RGB, of any depth."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np

from scratchgui.core.image_header import is_cut_off, is_jpeg, size_in_header

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_BAND_BYTES = 1 << 18
"""What is turned from BGR to RGB at once: it stays in the processor's cache."""
_KINDS = "buif"
"""Booleans, whole numbers and fractions; a TIFF of complex numbers is no picture."""
_TURNS: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    2: np.fliplr,
    3: lambda image: np.rot90(image, 2),
    4: np.flipud,
    5: lambda image: np.swapaxes(image, 0, 1),
    6: lambda image: np.rot90(image, -1),
    7: lambda image: np.rot90(np.swapaxes(image, 0, 1), 2),
    8: np.rot90,
}
"""What brings an image upright, by the number of its orientation in the file."""
_WHITE_IS_ZERO, _ORIENTATION = 0, 274
"""A value of the tag for the meaning of gray levels, and the number of the tag for the orientation."""

T = TypeVar("T")

# OpenCV reports every damaged file on stderr by itself, tifffile through the log; the user gets our sentence instead.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


def decode(data: NDArray[np.uint8]) -> NDArray[Any] | None:
    """Decode the content of a file, uint8 (N,), with OpenCV.

    Returns:
        (H, W) or RGB (H, W, 3), upright, of 8, 16 or more bits; None when OpenCV cannot, or the file is cut off.
    """
    if is_cut_off(data):
        return None
    # ANYCOLOR keeps gray as gray, ANYDEPTH keeps 16 bits; EXIF orientation is applied (unlike IMREAD_UNCHANGED).
    image = _imdecode(data, cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    return None if image is None else _bgr_to_rgb(image)


def decode_reduced(data: NDArray[np.uint8], factor: int) -> NDArray[np.uint8] | None:
    """Decode a JPEG at a half, a quarter or an eighth of its size, which takes a fraction of the time.

    Args:
        data: The file's content, uint8 (N,).
        factor: 2, 4 or 8.

    Returns:
        RGB uint8 (H, W, 3), upright; None when the file is no JPEG or is damaged.
    """
    if not is_jpeg(data) or is_cut_off(data):
        return None
    flags = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
    image = _imdecode(data, flags[factor])
    return None if image is None else np.asarray(_bgr_to_rgb(image), np.uint8)


def decode_tiff(data: NDArray[np.uint8], path: Path) -> NDArray[Any] | None:
    """Decode a TIFF; OpenCV first (fast, upright), tifffile for what OpenCV refuses or reads in part.

    Returns:
        As `decode`, possibly with more or fewer channels than three.
    """
    image = decode(data)
    if image is not None and image.dtype == np.uint8:
        return image
    if image is not None and image.dtype == np.uint16:
        return ~image if _has_white_zero(path) else image
    found = _first_page(path)
    # What OpenCV has read counts where tifffile would need another package for the compression.
    return image if found is None else found


def page_count(path: Path) -> int:
    """Return how many pictures a TIFF holds; 1 for other files and for damaged ones."""
    return _read_tiff(path, lambda file: len(file.pages)) or 1


def bytes_when_decoded(data: NDArray[np.uint8]) -> int:
    """Return about how much memory the image in a file's content takes; that of the file itself if it does not tell."""
    size = size_in_header(data)
    return data.size if size is None else size.pixels * size.channels


def _imdecode(data: NDArray[np.uint8], flags: int) -> NDArray[Any] | None:
    try:
        image = cv2.imdecode(data, flags)
    except cv2.error:
        return None
    return image if image is not None and image.size else None


def _bgr_to_rgb(image: NDArray[Any]) -> NDArray[Any]:
    """Swap the colors in place, band by band: no second copy of a large image, and the cache does the work."""
    if image.ndim == 2 or image.dtype.itemsize > 2 or image.dtype.kind != "u":
        return image if image.ndim == 2 else np.ascontiguousarray(image[..., ::-1])
    rows = max(1, _BAND_BYTES // max(1, image[0].nbytes))
    for top in range(0, len(image), rows):
        band = image[top : top + rows]
        band[...] = cv2.cvtColor(band, cv2.COLOR_BGR2RGB)
    return image


def _read_tiff(path: Path, read: Callable[[Any], T]) -> T | None:
    """Return what a function reads from an open `tifffile.TiffFile`; None when the file is damaged."""
    import tifffile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with tifffile.TiffFile(path) as file:
                return read(file)
    except (tifffile.TiffFileError, ValueError, OSError, KeyError, IndexError, RuntimeError, AttributeError):
        return None


def _has_white_zero(path: Path) -> bool:
    """Tell whether 0 is white in a TIFF: OpenCV turns only 8-bit ones around."""
    return _read_tiff(path, lambda file: file.pages.first.photometric == _WHITE_IS_ZERO) is True


def _first_page(path: Path) -> NDArray[Any] | None:
    """Decode the first picture of a TIFF with tifffile; shape as in `decode_tiff`."""
    image = _read_tiff(path, lambda file: file.pages.first.asarray())
    if image is None or image.ndim not in (2, 3) or not image.size or image.dtype.kind not in _KINDS:
        return None
    if image.ndim == 3 and image.shape[0] <= 4 < image.shape[2]:  # planar: the channels come first
        image = np.moveaxis(image, 0, -1)
    if _has_white_zero(path):
        image = -image if image.dtype.kind == "f" else ~image
    turn = _TURNS.get(_read_tiff(path, lambda file: file.pages.first.tags.valueof(_ORIENTATION)) or 1)
    return image if turn is None else turn(image)
