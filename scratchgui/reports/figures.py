"""Pictures for reports: defects outlined so that the surface under them stays visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.classes import class_color
from scratchgui.core.geometry import Box
from scratchgui.core.images import as_rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.regions import Region

_FILL = 0.22


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG and the part of the image it shows.

    Attributes:
        jpeg: The file's bytes.
        width: Width (px of the picture).
        height: Height (px of the picture).
        part: What it shows (px of the image).
    """

    jpeg: bytes
    width: int
    height: int
    part: Box


def color_table(colors: Sequence[str]) -> NDArray[np.uint8]:
    """Return the RGB color of each label, uint8 (256, 3), from hexadecimal class colors."""
    table = np.zeros((256, 3), np.uint8)
    for label in range(1, 256):
        text = colors[label - 1] if label <= len(colors) else class_color(label)
        table[label] = [int(text[index : index + 2], 16) for index in (1, 3, 5)]
    return table


def draw_overlay(image: NDArray[np.uint8], mask: Mask, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an RGB copy of the image with defects tinted and outlined on their outside.

    Args:
        image: Gray (H, W) or RGB (H, W, 3).
        mask: uint8 (H, W).
        table: Color of each label, uint8 (256, 3).
    """
    drawn = as_rgb(image).copy()
    x, y, width, height = cv2.boundingRect(mask)
    if width == 0:
        return drawn
    box = Box(x, y, width, height).expanded(2).clipped(mask.shape[1], mask.shape[0])
    part, labels = drawn[box.slices], mask[box.slices]
    around = np.asarray(cv2.dilate(labels, np.ones((3, 3), np.uint8)), np.uint8)
    inside = labels > 0
    outline = (around > 0) & ~inside
    part[inside] = (part[inside] * (1 - _FILL) + table[labels[inside]] * _FILL).astype(np.uint8)
    part[outline] = table[around[outline]]
    return drawn


def overview(image: NDArray[np.uint8], mask: Mask, table: NDArray[np.uint8], longest: int) -> Picture:
    """Return the whole image with its defects outlined, its longer side at most `longest` px.

    Thin defects stay visible: where the picture is smaller than the image, the mask keeps its maximum. Small images
    are enlarged up to three times, to half of `longest`.
    """
    height, width = mask.shape
    scale = min(max(1.0, min(3.0, longest / 2 / max(height, width))), longest / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    reach = int(np.ceil(1 / scale))
    mask = np.asarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8)), np.uint8)
    mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    image = np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)
    return Picture(encode_jpeg(draw_overlay(image, mask, table)), *size, Box(0, 0, width, height))


def crop(image: NDArray[np.uint8], mask: Mask, region: Region, table: NDArray[np.uint8], longest: int) -> Picture:
    """Return one defect close up, enlarged up to four times, its longer side at most `longest` px."""
    height, width = mask.shape
    part = _around(region.box, width, height)
    drawn = draw_overlay(image[part.slices], mask[part.slices], table)
    scale = min(4.0, longest / max(part.width, part.height))
    size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return Picture(encode_jpeg(np.asarray(cv2.resize(drawn, size, interpolation=method), np.uint8)), *size, part)


def _around(box: Box, width: int, height: int) -> Box:
    """Return a part of the image with room around the defect, nearly 4 : 3 so that crops make a tidy column."""
    wide = max(64, round(box.width * 1.3), round(box.height * 1.3 * 4 / 3))
    high = max(48, round(wide * 3 / 4))
    wide, high = min(wide, width), min(high, height)
    x = min(max(0, box.x + (box.width - wide) // 2), width - wide)
    y = min(max(0, box.y + (box.height - high) // 2), height - high)
    return Box(x, y, wide, high)


def thumbnail(image: NDArray[np.uint8]) -> Picture:
    """Return a picture of a small image as it is."""
    height, width = image.shape[:2]
    return Picture(encode_jpeg(as_rgb(image), 78), width, height, Box(0, 0, width, height))


def draw_boxes(drawn: NDArray[np.uint8], regions: Sequence[Region], table: NDArray[np.uint8]) -> None:
    """Draw each defect's box and number into an RGB image in place."""
    height, width = drawn.shape[:2]
    thick = max(1, round(max(height, width) / 1200))
    size = max(0.4, max(height, width) / 2400)
    for region in regions:
        color = tuple(int(value) for value in table[region.label])
        box = region.box.expanded(3 * thick)
        cv2.rectangle(drawn, (box.x, box.y), (box.right - 1, box.bottom - 1), color, thick)
        (wide, high), _ = cv2.getTextSize(str(region.number), cv2.FONT_HERSHEY_SIMPLEX, size, thick)
        x, y = max(0, min(box.x, width - wide - 4)), box.y if box.y > high + 6 else min(box.bottom + high + 6, height)
        cv2.rectangle(drawn, (x, y - high - 6), (x + wide + 4, y), color, cv2.FILLED)
        where = (x + 2, y - 3)
        cv2.putText(drawn, str(region.number), where, cv2.FONT_HERSHEY_SIMPLEX, size, (0, 0, 0), thick, cv2.LINE_AA)


def encode_jpeg(image: NDArray[np.uint8], quality: int = 86) -> bytes:
    """Return an RGB image, uint8 (H, W, 3), as JPEG with full color resolution: outlines are one pixel wide."""
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    return bytes(cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1].tobytes())
