"""Keeps the picture of the view, image and layers put together, and redoes only what changed."""

from __future__ import annotations

import ctypes
from math import ceil, floor
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QRegion

from scratchgui.canvas.pyramid import MeanPyramid
from scratchgui.canvas.qimage_bridge import Frame, copied, premultiplied
from scratchgui.canvas.sampling import sample_image
from scratchgui.core.geometry import Box
from scratchgui.model.palette import SURROUND_DARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from scratchgui.canvas.layers import Layer
    from scratchgui.canvas.viewport import Placement, Viewport

_GRID_FROM = 16.0
_MOST_RECTANGLES = 24


class Compositor:
    """The view's picture in device pixels.

    Attributes:
        layers: What lies over the image, the lowest first.
        edge_width: Width of outlines (device px).
    """

    def __init__(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self._frame = Frame(1, 1)
        self._stale = QRegion()
        self._surround = QColor(SURROUND_DARK).rgb()
        self._preview: QImage | None = None
        self.pyramid: MeanPyramid | None = None
        self.layers: Sequence[Layer] = ()
        self.edge_width = 1

    @property
    def image(self) -> QImage:
        """The picture; call `compose` before painting from it."""
        return self._frame.image

    def resize(self, width: int, height: int) -> None:
        """Set the size of the view (device px)."""
        self._frame = Frame(width, height)
        self.invalidate_all()

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show an image, uint8 (H, W) or (H, W, 3) RGB, without layers, or none."""
        self.pyramid = None if image is None else MeanPyramid(image)
        self._preview = None
        self.layers = ()
        self.invalidate_all()

    def set_preview(self, picture: NDArray[np.uint8]) -> None:
        """Show a small picture, RGB uint8 (h, w, 3), in the place of an image whose pixels are not there yet."""
        self.set_image(None)
        self._preview = copied(picture)

    def set_surround(self, color: str) -> None:
        """Set the color around the image (#rrggbb)."""
        self._surround = QColor(color).rgb()
        self.invalidate_all()

    def invalidate(self, box: Box) -> None:
        """Redo a box of device pixels at the next `compose`."""
        self._stale += QRect(box.x, box.y, box.width, box.height)

    def invalidate_all(self) -> None:
        """Redo everything at the next `compose`."""
        height, width = self._frame.pixels.shape[:2]
        self._stale = QRegion(0, 0, width, height)

    def scroll(self, dx: int, dy: int) -> None:
        """Move the picture by device pixels; what comes in at the edges is redone."""
        height, width = self._frame.pixels.shape[:2]
        if abs(dx) >= width or abs(dy) >= height:
            self.invalidate_all()
            return
        self._move(dy * width + dx)
        self._stale.translate(QPoint(dx, dy))
        self._stale += QRegion(0, 0, width, height) - QRegion(dx, dy, width, height)

    def _move(self, pixels: int) -> None:
        """Shift the whole memory; rows wrap around into what is redone. numpy would copy to be safe from overlap."""
        start = self._frame.pixels.ctypes.data
        count = self._frame.pixels.nbytes - 4 * abs(pixels)
        ctypes.memmove(start + 4 * max(pixels, 0), start - 4 * min(pixels, 0), count)

    def compose(self, exposed: QRect) -> None:
        """Bring a rectangle of the picture (device px) up to date."""
        stale = self._stale.intersected(exposed)
        if stale.isEmpty():
            return
        self._stale -= stale
        if stale.rectCount() > _MOST_RECTANGLES:
            stale = QRegion(stale.boundingRect())
        painter = QPainter(self._frame.image)
        height, width = self._frame.pixels.shape[:2]
        for rect in cast("Iterable[QRect]", stale):
            box = Box(rect.x(), rect.y(), rect.width(), rect.height()).clipped(width, height)
            self._compose(painter, box)
        painter.end()

    def _compose(self, painter: QPainter, box: Box) -> None:
        place, image = self._viewport.placement, self._viewport.image_box
        empty = self.pyramid is None and self._preview is None
        inside = Box.empty() if empty else box.intersection(image)
        if inside.area < box.area:
            self._frame.words[box.slices] = self._surround
        if self.pyramid is not None and not inside.is_empty:
            self._frame.pixels[inside.slices] = sample_image(self.pyramid, place, inside)
        if self._preview is not None and not inside.is_empty:
            _draw_scaled(painter, self._preview, image, inside)
        for layer in self.layers if not inside.is_empty else ():
            for x, y, colors in layer.pieces(place, inside, image, self.edge_width):
                painter.drawImage(x, y, premultiplied(colors))
        if place.zoom >= _GRID_FROM and not inside.is_empty:
            _draw_grid(self._frame.words, place, inside)


def _draw_scaled(painter: QPainter, picture: QImage, image: Box, inside: Box) -> None:
    """Draw a picture over all device pixels of the image, but only within a box."""
    painter.save()
    painter.setClipRect(inside.x, inside.y, inside.width, inside.height)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(image.x, image.y, image.width, image.height), picture)
    painter.restore()


def _draw_grid(words: NDArray[np.uint32], place: Placement, inside: Box) -> None:
    """Draw a line at the left and top of each image pixel. (QPainter takes 25 ms for those of a large view.)."""
    columns = _grid_lines(place.x, place.zoom, inside.x, inside.right)
    rows = _grid_lines(place.y, place.zoom, inside.y, inside.bottom)
    part = words[inside.slices]
    part[:, columns] = _with_gray(part[:, columns])
    part[rows] = _with_gray(part[rows])


def _with_gray(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Mix a quarter of middle gray into each of the four bytes of a pixel."""
    return words - (words >> 2 & np.uint32(0x3F3F3F3F)) + np.uint32(0x20202020)


def _grid_lines(origin: int, zoom: float, start: int, end: int) -> NDArray[np.intp]:
    """Return where lines lie between two device pixels, counted from the first."""
    first, last = floor((start - origin) / zoom), ceil((end - origin) / zoom)
    lines = np.ceil(origin + np.arange(first, last + 1) * zoom - 0.5).astype(np.intp)
    return np.asarray(lines[(lines >= start) & (lines < end)] - start)
