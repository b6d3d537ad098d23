"""Odd image files as they come from cameras, scanners and other programs, each with what it must look like."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image, TiffImagePlugin

RED, GREEN, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 0)


def quarters(height: int = 120, width: int = 160) -> np.ndarray:
    """RGB picture with a red top left quarter, a green bottom right one, and black elsewhere."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = RED
    picture[height // 2 :, width // 2 :] = GREEN
    return picture


def ramp() -> np.ndarray:
    """Gray levels from 0 to 1 in rows, float32 (120, 160)."""
    return np.linspace(0, 1, 120 * 160, dtype=np.float32).reshape(120, 160)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _tiff(pixels: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def _holes() -> np.ndarray:
    heights = ramp()
    heights[0, :50], heights[0, 50:100], heights[0, 100:] = np.nan, np.inf, -np.inf
    return heights


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def turned(orientation: int, height: int = 120, width: int = 160) -> bytes:
    """JPEG of `quarters` as a camera held that way stores it; upright it has this height and width."""
    ways = Image.Transpose
    back = {
        1: None,
        2: ways.FLIP_LEFT_RIGHT,
        3: ways.ROTATE_180,
        4: ways.FLIP_TOP_BOTTOM,
        5: ways.TRANSPOSE,
        6: ways.ROTATE_90,
        7: ways.TRANSVERSE,
        8: ways.ROTATE_270,
    }[orientation]
    picture = Image.fromarray(quarters(height, width))
    if back is not None:
        picture = picture.transpose(back)
    return encoded(picture, "JPEG", quality=95, subsampling=0, exif=_exif(orientation))


def _animated(kind: str) -> bytes:
    first, second = Image.fromarray(quarters()), Image.fromarray(quarters()[::-1])
    return encoded(first, kind, save_all=True, append_images=[second], duration=100)


def _color() -> Image.Image:
    return Image.fromarray(quarters())


def _alpha(mode: str) -> Image.Image:
    color = _color() if mode == "RGBA" else _color().convert("L").point(lambda value: 255 if value else 0)
    channels = [*color.split(), Image.fromarray(np.tile(np.arange(160, dtype=np.uint8), (120, 1)))]
    return Image.merge(mode, channels)


COLOR_FILES: dict[str, Callable[[], bytes]] = {
    "palette.png": lambda: encoded(_color().convert("P"), "PNG"),
    "palette, one color transparent.png": lambda: encoded(_color().convert("P"), "PNG", transparency=0),
    "palette, half transparent.png": lambda: encoded(_color().convert("P"), "PNG", transparency=bytes([128] * 256)),
    "palette.bmp": lambda: encoded(_color().convert("P"), "BMP"),
    "palette.tif": lambda: encoded(_color().convert("P"), "TIFF"),
    "alpha.png": lambda: encoded(_alpha("RGBA"), "PNG"),
    "alpha.tif": lambda: encoded(_alpha("RGBA"), "TIFF"),
    "interlaced alpha, 16 bit.tif": lambda: _tiff(
        np.dstack([quarters(), quarters()[..., 0]]).astype(np.uint16) * 257, photometric="rgb", extrasamples=[2]
    ),
    "cmyk.jpg": lambda: encoded(_color().convert("CMYK"), "JPEG", quality=95, subsampling=0),
    "cmyk.tif": lambda: encoded(_color().convert("CMYK"), "TIFF"),
    "progressive.jpg": lambda: encoded(_color(), "JPEG", quality=95, subsampling=0, progressive=True),
    "png in disguise.jpg": lambda: encoded(_color(), "PNG"),
    "jpeg in disguise.png": lambda: encoded(_color(), "JPEG", quality=95, subsampling=0),
    "tiff in disguise.jpg": lambda: encoded(_color(), "TIFF"),
    "bmp in disguise.tif": lambda: encoded(_color(), "BMP"),
    "animated.png": lambda: _animated("PNG"),
    "animated gif in disguise.png": lambda: _animated("GIF"),
    "three doubles.tif": lambda: _tiff(quarters().astype(np.float64) / 255, photometric="rgb"),
    "planar.tif": lambda: _tiff(np.moveaxis(quarters(), -1, 0), photometric="rgb", planarconfig="separate"),
    "pages.tif": lambda: _tiff(np.stack([quarters(), quarters()[::-1], quarters()]), photometric="rgb"),
    "lzw.tif": lambda: encoded(_color(), "TIFF", compression="tiff_lzw"),
    "turned.tif": lambda: encoded(
        _color().transpose(Image.Transpose.ROTATE_90), "TIFF", tiffinfo=_tag(TiffImagePlugin.ImageFileDirectory_v2(), 6)
    ),
    "turned.png": lambda: encoded(_color().transpose(Image.Transpose.ROTATE_90), "PNG", exif=_exif(6)),
}
"""Files that must all look like `quarters`."""

RISING_FILES: dict[str, Callable[[], bytes]] = {
    "holes, 32 bit float.tif": lambda: _tiff(_holes()),
    "holes, 16 bit float.tif": lambda: _tiff(_holes().astype(np.float16)),
    "holes, 64 bit float.tif": lambda: _tiff(_holes().astype(np.float64) * 1e30),
    "lzw, 32 bit float.tif": lambda: encoded(Image.fromarray(ramp()), "TIFF", compression="tiff_lzw"),
    "16 bit.png": lambda: encoded(Image.fromarray((ramp() * 4000).astype(np.uint16) + 1000), "PNG"),
    "16 bit.tif": lambda: _tiff((ramp() * 4000).astype(np.uint16) + 1000),
    "signed 16 bit.tif": lambda: _tiff((ramp() * 4000).astype(np.int16) - 2000),
    "signed 32 bit.tif": lambda: _tiff((ramp() * 4e9 - 2e9).astype(np.int32)),
    "unsigned 32 bit.tif": lambda: _tiff((ramp() * 4e9).astype(np.uint32)),
    "white is zero.tif": lambda: _tiff(255 - (ramp() * 255).astype(np.uint8), photometric="miniswhite"),
    "white is zero, 16 bit.tif": lambda: _tiff(60000 - (ramp() * 60000).astype(np.uint16), photometric="miniswhite"),
    "upside down, float.tif": lambda: _tiff(ramp()[::-1, ::-1], extratags=[(274, "H", 1, 3, False)]),
    "gray and alpha.png": lambda: encoded(
        Image.merge("LA", [Image.fromarray((ramp() * 255).astype(np.uint8)), Image.new("L", (160, 120), 9)]), "PNG"
    ),
    "gray and alpha.tif": lambda: encoded(
        Image.merge("LA", [Image.fromarray((ramp() * 255).astype(np.uint8)), Image.new("L", (160, 120), 9)]), "TIFF"
    ),
}
"""Files whose gray must rise from black to white, row by row; holes are black."""

REFUSED_FILES: dict[str, Callable[[], bytes]] = {
    "zero bytes.png": lambda: b"",
    "zero bytes.jpg": lambda: b"",
    "a text.jpg": lambda: b"This is a text.\n" * 50,
    "svg in disguise.png": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "heic in disguise.jpg": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
    "cut off.jpg": lambda: _half(encoded(Image.fromarray(_noise()), "JPEG")),
    "cut off, progressive.jpg": lambda: _half(encoded(Image.fromarray(_noise()), "JPEG", progressive=True)),
    "cut off.png": lambda: _half(encoded(Image.fromarray(_noise()), "PNG")),
    "cut off.tif": lambda: _half(encoded(Image.fromarray(_noise()), "TIFF")),
    "cut off.bmp": lambda: _half(encoded(Image.fromarray(_noise()), "BMP")),
    "cut off, 32 bit float.tif": lambda: _half(_tiff(ramp())),
    "complex.tif": lambda: _tiff(ramp().astype(np.complex64)),
    "header alone.png": lambda: encoded(_color(), "PNG")[:30],
    "header alone.jpg": lambda: b"\xff\xd8\xff\xd9",
    "header alone.tif": lambda: b"II*\0\x08\0\0\0",
}
"""Files of which each must be refused with one sentence."""

THIN_FILES: dict[str, tuple[int, int]] = {
    "one pixel.png": (1, 1),
    "one pixel.jpg": (1, 1),
    "one pixel.tif": (1, 1),
    "one pixel.bmp": (1, 1),
    "wide.png": (1, 100_000),
    "tall.png": (100_000, 1),
    "wide.tif": (1, 100_000),
    "tall.tif": (100_000, 1),
}
"""Height and width (px)."""


def write_thin(folder: Path, name: str) -> Path:
    """Write one of THIN_FILES, gray of level 77."""
    height, width = THIN_FILES[name]
    picture = Image.new("L", (width, height), 77)
    (folder / name).write_bytes(
        encoded(picture, {"png": "PNG", "jpg": "JPEG", "tif": "TIFF", "bmp": "BMP"}[name.split(".")[-1]])
    )
    return folder / name


def _tag(tags: TiffImagePlugin.ImageFileDirectory_v2, orientation: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags[0x0112] = orientation
    return tags


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
