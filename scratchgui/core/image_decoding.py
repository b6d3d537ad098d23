"""From the bytes of an image file to its pixels: upright, gray or RGB, of any depth."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import cv2
import numpy as np

from scratchgui.core.image_header import TAIL, is_cut_off, is_jpeg, size_in_header

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)

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
_TIFF_HEADS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_WHITE_IS_ZERO, _ORIENTATION = 0, 274
"""A value of the tag for the meaning of gray levels, and the number of the tag for the orientation."""

T = TypeVar("T")

# OpenCV reports every damaged file on stderr by itself, tifffile through the log; the user gets our sentence instead.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


def decode(path: Path, content: NDArray[np.uint8]) -> NDArray[Any] | None:
    """Decode an image file.

    Args:
        path: The file.
        content: Its bytes, uint8 (N,): of a JPEG all, of others at least the first 64.

    Returns:
        (H, W), (H, W, 3) in RGB, or (H, W, N) for odd TIFFs; upright, of 8, 16 or more bits; None when it is damaged,
        cut off or of an unknown kind.

    Raises:
        MemoryError: There is not enough memory for its pixels.
    """
    if content[:4].tobytes() in _TIFF_HEADS:
        return _decode_tiff(path, content)
    tail = content if is_jpeg(content) else _tail(path)
    return None if is_cut_off(content, tail) else _with_opencv(path, content)


def _with_opencv(path: Path, content: NDArray[np.uint8]) -> NDArray[Any] | None:
    # All of these apply the EXIF orientation (unlike IMREAD_UNCHANGED); ANYDEPTH keeps 16 bits.
    size = size_in_header(content)
    if size is not None and size.channels == 3:
        return _read(path, content, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_ANYDEPTH)
    # Gray stays gray. With this flag there is no RGB.
    image = _read(path, content, cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    return None if image is None else _bgr_to_rgb(image)


def _read(path: Path, content: NDArray[np.uint8], flags: int) -> NDArray[Any] | None:
    """Decode straight from the file into an array.

    `cv2.imdecode` makes the pixels twice, one for OpenCV and one for Python: 40 ms more for 24 megapixels.
    """
    try:
        image = cv2.imread(str(path), None, flags)
    except cv2.error as error:
        _raise_if_short_of_memory(error)
        image = None
    if image is not None and image.size:
        return image
    # OpenCV cannot open each name on Windows.
    return _imdecode(content if is_jpeg(content) else np.fromfile(path, np.uint8), flags)


def _tail(path: Path) -> NDArray[np.uint8]:
    return np.fromfile(path, np.uint8, offset=max(0, path.stat().st_size - TAIL))


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


def page_count(path: Path) -> int:
    """Return how many pictures a TIFF holds; 1 for other files and for damaged ones."""
    return _read_tiff(path, lambda file: len(file.pages)) or 1


def bytes_when_decoded(path: Path, content: NDArray[np.uint8]) -> int:
    """Return about how much memory an image will take; 0 for kinds that are not compressed, or damaged.

    Args:
        path: The file.
        content: As for `decode`.
    """
    size = size_in_header(content)
    if size is not None:
        return size.pixels * size.channels
    if content[:4].tobytes() in _TIFF_HEADS:
        return _read_tiff(path, lambda file: int(file.pages.first.nbytes)) or 0
    return 0


def _imdecode(data: NDArray[np.uint8], flags: int) -> NDArray[Any] | None:
    try:
        image = cv2.imdecode(data, flags)
    except cv2.error as error:
        _raise_if_short_of_memory(error)
        return None
    return image if image is not None and image.size else None


def _raise_if_short_of_memory(error: cv2.error) -> None:
    if error.code == cv2.Error.StsNoMem:
        raise MemoryError(str(error)) from error


def _bgr_to_rgb(image: NDArray[Any]) -> NDArray[Any]:
    """Swap the colors in place, band by band: no second copy of a large image, and the cache does the work."""
    if image.ndim == 2 or image.dtype.itemsize > 2 or image.dtype.kind != "u":
        return image if image.ndim == 2 else np.ascontiguousarray(image[..., ::-1])
    rows = max(1, _BAND_BYTES // max(1, image[0].nbytes))
    for top in range(0, len(image), rows):
        band = image[top : top + rows]
        band[...] = cv2.cvtColor(band, cv2.COLOR_BGR2RGB)
    return image


class _TiffHeader(NamedTuple):
    """What the first picture of a TIFF says of itself.

    Attributes:
        white_is_zero: Whether its gray levels are the wrong way round.
        has_more: Whether it has channels beside its colors, such as transparency.
        orientation: 1 … 8, as in EXIF.
    """

    white_is_zero: bool = False
    has_more: bool = False
    orientation: int = 1


def _decode_tiff(path: Path, content: NDArray[np.uint8]) -> NDArray[Any] | None:
    """Decode a TIFF; OpenCV first (fast, upright), tifffile for what OpenCV refuses or reads in another sense."""
    header = _read_tiff(path, _header) or _TiffHeader()
    image = _with_opencv(path, content)
    # OpenCV multiplies colors by transparency, and turns the gray levels around of 8-bit images only.
    if image is not None and image.dtype == np.uint8 and not header.has_more:
        return image
    if image is not None and image.dtype == np.uint16 and not header.has_more:
        return np.invert(image, out=image) if header.white_is_zero else image
    found = _first_page(path, header)
    # What OpenCV has read counts where tifffile would need another package for the compression.
    return image if found is None else found


def _header(file: Any) -> _TiffHeader:
    page = file.pages.first
    orientation = page.tags.valueof(_ORIENTATION, default=1)
    return _TiffHeader(page.photometric == _WHITE_IS_ZERO, bool(page.extrasamples), orientation)


def _read_tiff(path: Path, read: Callable[[Any], T]) -> T | None:
    """Return what a function reads from an open `tifffile.TiffFile`; None when the file is damaged."""
    import tifffile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with tifffile.TiffFile(path) as file:
                return read(file)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can make tifffile raise anything
        _log.info("Not read by tifffile: %s (%s)", path, error)
        return None


def _first_page(path: Path, header: _TiffHeader) -> NDArray[Any] | None:
    """Decode the first picture of a TIFF with tifffile; shape as in `decode`."""
    image = _read_tiff(path, lambda file: file.pages.first.asarray())
    if image is None or image.ndim not in (2, 3) or not image.size or image.dtype.kind not in _KINDS:
        return None
    if image.ndim == 3 and image.shape[0] <= 4 < image.shape[2]:  # planar: the channels come first
        image = np.moveaxis(image, 0, -1)
    if header.white_is_zero:
        image = -image if image.dtype.kind == "f" else ~image
    turn = _TURNS.get(header.orientation)
    return image if turn is None else turn(image)
