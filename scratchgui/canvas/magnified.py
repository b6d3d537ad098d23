"""A second, small picture of what a view shows: for the loupe and the mini-map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from scratchgui.canvas.compositor import Compositor
from scratchgui.canvas.viewport import MAX_ZOOM, Viewport

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from scratchgui.canvas.image_view import ImageView
    from scratchgui.canvas.viewport import Placement


class _FreeViewport(Viewport):
    """A viewport that may show what lies beyond the image."""

    def look_at(self, x: float, y: float, zoom: float) -> None:
        """Put a point of the image (px) into the middle."""
        self.zoom = min(zoom, MAX_ZOOM)
        self._x, self._y = self.view[0] / 2 - x * self.zoom, self.view[1] / 2 - y * self.zoom


class SmallPicture:
    """Puts the view's image and layers together once more, at another zoom."""

    def __init__(self, view: ImageView) -> None:
        self._view = view
        self._viewport = _FreeViewport()
        self._viewport.margins = (0, 0, 0, 0)
        self._compositor = Compositor(self._viewport)

    @property
    def placement(self) -> Placement:
        """Where the image lies in the small picture (its px)."""
        return self._viewport.placement

    def around(self, x: float, y: float, zoom: float, side: int) -> QImage:
        """Return a square of the side (device px) with a point of the image (px) in its middle."""
        self._resize(side, side)
        self._viewport.look_at(x, y, zoom)
        return self._composed()

    def whole(self, width: int, height: int) -> QImage:
        """Return the whole image within a size (device px)."""
        self._resize(width, height)
        self._viewport.fit()
        return self._composed()

    def _resize(self, width: int, height: int) -> None:
        self._viewport.set_image_size(*self._view.viewport.image)
        if self._viewport.view != (width, height):
            self._viewport.set_view_size(width, height)
            self._compositor.resize(width, height)

    def _composed(self) -> QImage:
        seen = self._view.compositor
        self._compositor.pyramid, self._compositor.layers = seen.pyramid, seen.layers
        self._compositor.surround = seen.surround
        self._compositor.edge_width = seen.edge_width
        self._compositor.invalidate_all()
        self._compositor.compose(QRect(0, 0, *self._viewport.view))
        self._compositor.pyramid, self._compositor.layers = None, ()  # a large image must not stay because of this one
        return self._compositor.image
