"""Keeps the picture of the view, image and layers put together, and redoes only what changed."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QRegion

from scratchgui.canvas.pyramid import MeanPyramid
from scratchgui.canvas.qimage_bridge import Frame, premultiplied
from scratchgui.canvas.sampling import sample_image
from scratchgui.core.geometry import Box
from scratchgui.model.palette import SURROUND_DARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from scratchgui.canvas.layers import Layer
    from scratchgui.canvas.viewport import Placement, Viewport

_BAND = 96
"""Rows composed at once (device px): their pixels stay in the processor's cache, and bands without a mask are free."""

_GRID_FROM = 16.0
_GRID = QColor(128, 128, 128, 90)
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
        self.layers = ()
        self.invalidate_all()

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
        inside = box.intersection(image) if self.pyramid is not None else Box.empty()
        if inside.area < box.area:
            self._frame.words[box.slices] = self._surround
        for y in range(inside.y, inside.bottom, _BAND):
            band = Box(inside.x, y, inside.width, min(_BAND, inside.bottom - y))
            self._compose_band(painter, band, place, image)
        if place.zoom >= _GRID_FROM and not inside.is_empty:
            _draw_grid(painter, place, inside)

    def _compose_band(self, painter: QPainter, band: Box, place: Placement, image: Box) -> None:
        assert self.pyramid is not None
        self._frame.pixels[band.slices] = sample_image(self.pyramid, place, band)
        for layer in self.layers:
            colors = layer.colors(place, band, image, self.edge_width)
            if colors is not None:
                painter.drawImage(band.x, band.y, premultiplied(colors))


def _draw_grid(painter: QPainter, place: Placement, inside: Box) -> None:
    """Draw a line at the left and top of each image pixel."""
    first, last = place.to_image(inside.x, inside.y), place.to_image(inside.right, inside.bottom)
    for column in range(int(first[0]), int(last[0]) + 1):
        x = int(np.ceil(place.x + column * place.zoom - 0.5))
        if inside.x <= x < inside.right:
            painter.fillRect(x, inside.y, 1, inside.height, _GRID)
    for row in range(int(first[1]), int(last[1]) + 1):
        y = int(np.ceil(place.y + row * place.zoom - 0.5))
        if inside.y <= y < inside.bottom:
            painter.fillRect(inside.x, y, inside.width, 1, _GRID)
