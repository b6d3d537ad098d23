"""Keeps the picture of the view, image and layers put together, and redoes only what changed."""

from __future__ import annotations

from math import ceil, floor
from time import perf_counter
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QRegion

from scratchgui.canvas.pyramid import MeanPyramid
from scratchgui.canvas.qimage_bridge import Frame, copied, premultiplied
from scratchgui.canvas.rough import Sheet, enlarge, is_large
from scratchgui.canvas.sampling import sample_image
from scratchgui.canvas.split import parts
from scratchgui.core.geometry import Box
from scratchgui.model.palette import SURROUND_DARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from scratchgui.canvas.layers import Layer
    from scratchgui.canvas.split import Second
    from scratchgui.canvas.viewport import Placement, Viewport

_GRID_FROM = 16.0
_MOST_RECTANGLES = 24
_BAND = 96
"""Height of what is sharpened at once (device px)."""


class Compositor:
    """The view's picture in device pixels.

    Attributes:
        layers: What lies over the image, the lowest first.
        second: The part of the picture with other layers; None when there is none.
        edge_width: Width of outlines (device px).
        surround: Color around the image, 0xffrrggbb.
    """

    def __init__(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self._frame = self._half = Frame(2, 2)
        self._stale = QRegion()
        self._rough = QRegion()
        self.surround = QColor(SURROUND_DARK).rgb()
        self._preview: QImage | None = None
        self.pyramid: MeanPyramid | None = None
        self.layers: Sequence[Layer] = ()
        self.second: Second | None = None
        self.edge_width = 1

    @property
    def image(self) -> QImage:
        """The picture; call `compose` before painting from it."""
        return self._frame.image

    def resize(self, width: int, height: int) -> None:
        """Set the size of the view (device px)."""
        self._half = Frame((width + 1) // 2, (height + 1) // 2)
        self._frame = Frame(width + width % 2, height + height % 2)
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
        self.surround = QColor(color).rgb()
        self.invalidate_all()

    def invalidate(self, box: Box) -> None:
        """Redo a box of device pixels at the next `compose`."""
        self._stale += QRect(box.x, box.y, box.width, box.height)

    def invalidate_all(self) -> None:
        """Redo everything at the next `compose`."""
        height, width = self._frame.pixels.shape[:2]
        self._stale = QRegion(0, 0, width, height)
        self._rough = QRegion()

    def scroll(self, dx: int, dy: int) -> None:
        """Move the picture by device pixels; what comes in at the edges is redone."""
        height, width = self._frame.pixels.shape[:2]
        if abs(dx) >= width or abs(dy) >= height:
            self.invalidate_all()
            return
        self._frame.move(dy * width + dx)
        self._stale.translate(QPoint(dx, dy))
        self._rough.translate(QPoint(dx, dy))
        self._stale += QRegion(0, 0, width, height) - QRegion(dx, dy, width, height)
        if self.second is not None:  # it stays where it is
            box = self.second.box
            part = QRegion(box.x, box.y, box.width, box.height)
            self._stale += part.xored(part.translated(dx, dy))

    @property
    def is_sharp(self) -> bool:
        """Tell whether nothing of what was put together is rough."""
        return self._rough.isEmpty()

    def compose(self, exposed: QRect) -> bool:
        """Bring a rectangle of the picture (device px) up to date.

        Returns:
            False when it is rough, because it is large: `sharpen` it once there is time.
        """
        stale = self._stale.intersected(exposed)
        if stale.isEmpty():
            return True
        if self.pyramid is not None and is_large(stale):
            self._compose_rough()
            return False
        self._stale -= stale
        self._rough -= stale
        self._compose(stale)
        return True

    def sharpen(self, seconds: float) -> QRegion:
        """Put together what is rough in full, for about so long; return what was redone (device px)."""
        until, redone = perf_counter() + seconds, QRegion()
        while not self._rough.isEmpty() and perf_counter() < until:
            rect = self._rough.boundingRect()
            rect.setHeight(min(rect.height(), _BAND))
            part = self._rough.intersected(rect)
            self._rough -= rect
            self._compose(part)
            redone += part
        return redone

    def _compose_rough(self) -> None:
        sheet = Sheet.of(self._viewport, self._frame, self.edge_width).halved(self._half)
        height, width = self._half.pixels.shape[:2]
        painter = QPainter(self._half.image)
        self._put_together(sheet, painter, Box(0, 0, width, height))
        painter.end()
        enlarge(self._half, self._frame)
        self._rough = QRegion(0, 0, 2 * width, 2 * height)
        self._stale = QRegion()

    def _compose(self, region: QRegion) -> None:
        if region.rectCount() > _MOST_RECTANGLES:
            region = QRegion(region.boundingRect())
        painter = QPainter(self._frame.image)
        sheet = Sheet.of(self._viewport, self._frame, self.edge_width)
        height, width = self._frame.pixels.shape[:2]
        for rect in cast("Iterable[QRect]", region):
            box = Box(rect.x(), rect.y(), rect.width(), rect.height()).clipped(width, height)
            self._put_together(sheet, painter, box)
            if sheet.place.zoom >= _GRID_FROM and self.pyramid is not None:
                _draw_grid(self._frame.words, sheet.place, box.intersection(sheet.image))
        painter.end()

    def _put_together(self, sheet: Sheet, painter: QPainter, box: Box) -> None:
        frame, place, image = sheet.frame, sheet.place, sheet.image
        empty = self.pyramid is None and self._preview is None
        inside = Box.empty() if empty else box.intersection(image)
        if inside.area < box.area:
            frame.words[box.slices] = self.surround
        if inside.is_empty:
            return
        if self.pyramid is not None:
            sample_image(self.pyramid, place, inside, frame.pixels[inside.slices], sheet.blur)
        if self._preview is not None:
            _draw_scaled(painter, self._preview, image, inside)
        for part, layers in parts(inside, self.layers, self.second, 2 if frame is self._half else 1):
            for layer in layers:
                for x, y, colors in layer.pieces(sheet, part):
                    painter.drawImage(x, y, premultiplied(colors))


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


def _grid_lines(origin: float, zoom: float, start: int, end: int) -> NDArray[np.intp]:
    """Return where lines lie between two device pixels, counted from the first."""
    first, last = floor((start - origin) / zoom), ceil((end - origin) / zoom)
    lines = np.ceil(origin + np.arange(first, last + 1) * zoom - 0.5).astype(np.intp)
    return np.asarray(lines[(lines >= start) & (lines < end)] - start)
