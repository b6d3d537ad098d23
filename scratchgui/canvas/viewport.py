"""Where the image lies in the view: zoom and position, in device pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from scratchgui.core.geometry import Box

MIN_ZOOM, MAX_ZOOM = 0.01, 64.0


@dataclass(frozen=True, slots=True)
class Placement:
    """A fixed place of the image: device pixel (x, y) is its top-left corner, `zoom` device pixels are one of its.

    In a view they are whole pixels; in a picture of half its size they may be halves.
    """

    x: float
    y: float
    zoom: float

    def device_box(self, box: Box) -> Box:
        """Return the smallest box of device pixels that covers a box of image pixels."""
        x, y = floor(self.x + box.x * self.zoom), floor(self.y + box.y * self.zoom)
        right, bottom = ceil(self.x + box.right * self.zoom), ceil(self.y + box.bottom * self.zoom)
        return Box(x, y, right - x, bottom - y)

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Return the image coordinates (px) of a point in device pixels."""
        return (x - self.x) / self.zoom, (y - self.y) / self.zoom


class Viewport:
    """Zoom and position of an image in a view; the image cannot be pushed out of sight.

    Attributes:
        image: Width and height of the image (px); 0, 0 without one.
        view: Width and height of the view (device px).
        margins: Free space at the left, top, right and bottom of a fitted image (device px).
        zoom: Device pixels per image pixel.
        fitted: Whether the image follows the size of the view.
    """

    def __init__(self) -> None:
        self.image = (0, 0)
        self.view = (1, 1)
        self.margins = (12, 12, 12, 12)
        self.zoom = 1.0
        self.fitted = True
        self._x = 0.0
        self._y = 0.0

    @property
    def placement(self) -> Placement:
        """The place of the image; its corner is a whole device pixel, so that scrolling is exact."""
        return Placement(floor(self._x + 0.5), floor(self._y + 0.5), self.zoom)

    @property
    def image_box(self) -> Box:
        """The device pixels that the image covers, at least one in each direction; may reach beyond the view."""
        place = self.placement
        width, height = (max(1, floor(side * self.zoom + 0.5)) for side in self.image)
        return Box(floor(place.x), floor(place.y), width, height) if all(self.image) else Box.empty()

    def set_image_size(self, width: int, height: int) -> None:
        """Set the size of the image (px) without moving it."""
        self.image = (width, height)

    def set_view_size(self, width: int, height: int) -> None:
        """Set the size of the view (device px); what is in the middle stays there, a fitted image is fitted again."""
        dx, dy = (width - self.view[0]) / 2, (height - self.view[1]) / 2
        self.view = (max(1, width), max(1, height))
        if self.fitted:
            self.fit()
        else:
            self._x += dx
            self._y += dy
            self._keep_in_sight()

    def fit(self) -> None:
        """Show the whole image, as large as possible."""
        self._show(0, 0, *self.image)
        self.fitted = True

    def show(self, box: Box) -> None:
        """Show a box of image pixels with its surroundings in the middle of the view, at 800% at most."""
        around = max(box.width, box.height, 32) // 2
        wide = box.expanded(around)
        limit = max(8.0, self.zoom)
        self._show(wide.x, wide.y, wide.width, wide.height, limit)
        self.fitted = False
        self._keep_in_sight()

    def zoom_about(self, zoom: float, x: float, y: float) -> None:
        """Set the zoom; what is under the device point (x, y) stays under it."""
        zoom = self._limited(zoom)
        factor = zoom / self.zoom
        self._x = x - (x - self._x) * factor
        self._y = y - (y - self._y) * factor
        self.zoom = zoom
        self.fitted = False
        self._keep_in_sight()

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""
        self._x += dx
        self._y += dy
        self.fitted = False
        self._keep_in_sight()

    def _show(self, x: float, y: float, width: float, height: float, limit: float = MAX_ZOOM) -> None:
        if not all(self.image):
            return
        left, top, right, bottom = self.margins
        room = max(1, self.view[0] - left - right), max(1, self.view[1] - top - bottom)
        self.zoom = self._limited(min(room[0] / width, room[1] / height, limit))
        self._x = left + room[0] / 2 - (x + width / 2) * self.zoom
        self._y = top + room[1] / 2 - (y + height / 2) * self.zoom

    def _limited(self, zoom: float) -> float:
        """Bring a zoom into its range; an image that is larger than the view at the smallest one may go further out."""
        smallest = min((view / max(1, image) for view, image in zip(self.view, self.image, strict=True)), default=1.0)
        return min(max(zoom, min(MIN_ZOOM, smallest * 0.9)), MAX_ZOOM)

    def _keep_in_sight(self) -> None:
        self._x = _clamped(self._x, self.image[0] * self.zoom, self.view[0])
        self._y = _clamped(self._y, self.image[1] * self.zoom, self.view[1])


def _clamped(position: float, extent: float, view: int) -> float:
    """Keep a third of the view, or of the image when that is smaller, covered by the image, and one whole pixel."""
    extent = max(1.0, extent)
    overlap = max(1.0, min(extent, view) / 3)
    return min(max(position, overlap - extent), view - overlap)
