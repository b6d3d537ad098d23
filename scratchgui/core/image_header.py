"""What the first bytes of an image file tell: kind and size, without decoding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_PNG_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 3, 6: 3}
"""Channels after decoding, by color type: palettes become color, gray with transparency does too."""
_START_OF_SCAN = 0xDA
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TAIL = 65536
"""Where the end of a file is looked for (bytes)."""


class Size(NamedTuple):
    """Size of an image as it lies in the file, before it is turned upright.

    Attributes:
        width: Columns (px).
        height: Rows (px).
        channels: 1 for gray, 3 for color.
    """

    width: int
    height: int
    channels: int

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.width * self.height


def is_jpeg(data: NDArray[np.uint8]) -> bool:
    """Tell whether a file's content, uint8 (N,), is a JPEG, whatever its name is."""
    return data[:2].tobytes() == _JPEG


def size_in_header(data: NDArray[np.uint8]) -> Size | None:
    """Return the size that a JPEG or PNG, uint8 (N,), says it has; None for other kinds and damaged ones."""
    head = data[:26].tobytes()
    if head.startswith(_PNG) and len(head) == 26 and head[12:16] == b"IHDR":
        width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
        return Size(width, height, _PNG_CHANNELS.get(head[25], 3))
    return _jpeg_size(data.data) if head.startswith(_JPEG) else None


def has_eight_bits(data: NDArray[np.uint8]) -> bool:
    """Tell whether a file's content, uint8 (N,), says that its image has 8 bits or fewer; False where it may have more.

    A JPEG of the common kinds has 8, and the header of a PNG tells.
    """
    head = data[:26].tobytes()
    return is_jpeg(data) or (head.startswith(_PNG) and len(head) == 26 and head[24] <= 8)


def is_cut_off(content: NDArray[np.uint8], tail: NDArray[np.uint8] | None = None) -> bool:
    """Tell whether a JPEG or PNG lacks its end: OpenCV fills the rest with gray and says nothing.

    Args:
        content: The file's first bytes, uint8 (N,), or all.
        tail: Its last `TAIL` bytes, uint8 (N,); by default those of `content`.
    """
    # Cameras append padding and previews after the end marker, so look for it in the last part, not at the last byte.
    if is_jpeg(content):
        # Previews in front of the picture have an end of their own.
        start = next((at for marker, at in _segments(content.data) if marker == _START_OF_SCAN), content.size)
        return b"\xff\xd9" not in content[max(start, content.size - TAIL) :].tobytes()
    end = (content if tail is None else tail)[-TAIL:].tobytes()
    return content[:4].tobytes() == _PNG[:4] and b"IEND" not in end


def _jpeg_size(data: memoryview) -> Size | None:
    for marker, at in _segments(data):
        if marker in _START_OF_FRAME and at + 10 <= len(data):
            height, width = int.from_bytes(data[at + 5 : at + 7], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
            return Size(width, height, 1 if data[at + 9] == 1 else 3) if width and height else None
    return None


def _segments(data: memoryview) -> Iterator[tuple[int, int]]:
    """Yield marker and place of each segment of a JPEG up to where its pixels begin."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # filling between two segments
            at += 1
            continue
        yield marker, at
        if marker == _START_OF_SCAN:
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
