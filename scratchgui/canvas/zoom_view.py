"""An image view that can be zoomed and panned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.canvas.image_view import ImageView

if TYPE_CHECKING:
    from scratchgui.core.geometry import Box


class ZoomView(ImageView):
    """An image view with the ways to move it."""

    @property
    def zoom(self) -> float:
        """Device pixels per image pixel; 1.0 is 100%."""
        return self.viewport.zoom

    def fit(self) -> None:
        """Show the whole image, and keep it fitted when the widget's size changes."""
        self.viewport.fit()
        self.view_moved()

    def set_margins(self, left: int, top: int, right: int, bottom: int) -> None:
        """Keep so much free around a fitted image as it is seen (logical px)."""
        if (left, top, right, bottom) != self.margins:
            self.margins = (left, top, right, bottom)
            self._follow_size()

    def set_zoom(self, zoom: float) -> None:
        """Zoom about the middle of the view."""
        width, height = self.viewport.view
        self.viewport.zoom_about(zoom, width / 2, height / 2)
        self.view_moved()

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        """Multiply the zoom; what is under the device point (x, y) stays there."""
        self.viewport.zoom_about(self.viewport.zoom * factor, x, y)
        self.view_moved()

    def zoom_to(self, box: Box) -> None:
        """Show a box of image pixels in the middle, with its surroundings."""
        self.viewport.show(box)
        self.view_moved()

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""
        before = self.viewport.placement
        self.viewport.pan(dx, dy)
        after = self.viewport.placement
        self.compositor.scroll(round(after.x - before.x), round(after.y - before.y))
        self.update()
        self.moved.emit()
