"""A widget that shows an image with layers and decorations, and repaints only what changed."""

from __future__ import annotations

from math import ceil, floor
from time import perf_counter
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from scratchgui.canvas.compositor import Compositor
from scratchgui.canvas.rough import Sharpener
from scratchgui.canvas.turning import Turn
from scratchgui.canvas.viewport import Viewport
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchgui.canvas.decorations import Decoration

_SLICE = 0.005
"""Time that building smaller versions may take between two events (s)."""

_AT_ONCE = 0.02
"""The same before a repaint (s), for all that is new together: enough for 24 megapixels."""


class ImageView(QWidget):
    """Shows the picture of a compositor; zoom and position by its viewport, in device pixels.

    Signals:
        zoom_changed(float): Device pixels per image pixel; 1.0 is 100%.
        moved(): The image lies elsewhere in the view, or another one is shown.

    Attributes:
        viewport: Where the image lies.
        compositor: The picture in device pixels.
        decorations: What is painted over the picture, in its pixels, the lowest first.
        on_screen: What is painted over that in the pixels of the screen, upright however the view is turned.
        turn: How the picture is rotated to be shown.
        margins: Free space at the left, top, right and bottom of a fitted image, as it is seen (logical px).
    """

    zoom_changed = Signal(float)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self.compositor = Compositor(self.viewport)
        self.decorations: list[Decoration] = []
        self.on_screen: list[Decoration] = []
        self.turn = Turn()
        self.margins = (12, 12, 12, 12)
        self._told_zoom = 1.0
        self._at_once = _AT_ONCE
        self._sharpener = Sharpener(self._sharpen, self)
        self._refining = QTimer(self, interval=0)
        self._refining.timeout.connect(self._refine)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def view_moved(self) -> None:
        """Redo the picture after the viewport changed."""
        self.compositor.invalidate_all()
        self.update()
        if self.viewport.zoom != self._told_zoom:
            self._told_zoom = self.viewport.zoom
            self.zoom_changed.emit(self._told_zoom)
        self.moved.emit()

    def refine_later(self) -> None:
        """Build smaller versions of image and layers: what is quick at once, the rest while the program is idle."""
        began = perf_counter()
        if self._at_once <= 0 or not self.build_slice(self._at_once):
            self._refining.start()
        self._at_once -= perf_counter() - began

    def update_device(self, box: Box) -> None:
        """Repaint a box of device pixels; the picture itself is not redone."""
        if box.is_empty:
            return
        self.update_screen(self.turn.box_to_screen(box))

    def update_screen(self, box: Box) -> None:
        """The same for a box of the screen's pixels, which are turned with the view."""
        ratio = self.devicePixelRatioF()
        # One more all around, because Qt rounds a region at ratios like 1.25.
        left, top = floor(box.x / ratio) - 1, floor(box.y / ratio) - 1
        right, bottom = ceil(box.right / ratio) + 1, ceil(box.bottom / ratio) + 1
        self.update(QRect(left, top, right - left, bottom - top))

    def update_image(self, box: Box | None) -> None:
        """Redo and repaint a box of image pixels, or everything (None)."""
        if box is None:
            self.compositor.invalidate_all()
            self.update()
            return
        # An outline reaches one pixel further, and one pixel of a smaller version may show further still.
        place = self.viewport.placement
        margin = self.compositor.edge_width + 1
        if place.zoom < 1:
            step = 1 << max(0, ceil(1 / place.zoom).bit_length())
            box = box.expanded(step)
        seen = place.device_box(box).expanded(margin).clipped(*self.viewport.view)
        self.compositor.invalidate(seen)
        self.update_device(seen)

    def device_point(self, position: QPointF) -> tuple[float, float]:
        """Return the picture's pixel at a point of the widget (logical px)."""
        ratio, (dx, dy) = self.devicePixelRatioF(), _offset(self)
        return self.turn.to_picture(position.x() * ratio - dx, position.y() * ratio - dy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring the exposed part up to date and paint it."""
        self._at_once = _AT_ONCE
        ratio, (dx, dy) = self.devicePixelRatioF(), _offset(self)
        exposed = event.rect()
        left, top = floor(exposed.left() * ratio) - 1, floor(exposed.top() * ratio) - 1
        width, height = ceil(exposed.width() * ratio) + 3, ceil(exposed.height() * ratio) + 3
        screen = Box(left, top, width, height)
        box = self.turn.box_to_picture(screen)
        if not self.compositor.compose(QRect(box.x, box.y, box.width, box.height)):
            self._sharpener.later()
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(dx, dy)
        flat = painter.transform()
        painter.setTransform(self.turn.transform, True)
        painter.drawImage(0, 0, self.compositor.image)
        place = self.viewport.placement
        for decoration in self.decorations:
            decoration.paint(painter, place, box, ratio)
        painter.setTransform(flat)
        for decoration in self.on_screen:
            decoration.paint(painter, place, screen, ratio)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the widget's size."""
        self._follow_size()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Follow the screen's device pixel ratio."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._follow_size()
        return super().event(event)

    def set_turn(self, quarters: int) -> None:
        """Rotate the view by quarter turns clockwise; what is in the middle stays there."""
        self.turn = Turn(quarters % 4)
        self._follow_size()

    def _follow_size(self) -> None:
        ratio = self.devicePixelRatioF()
        width, height = ceil(self.width() * ratio) + 1, ceil(self.height() * ratio) + 1
        if ratio.is_integer():
            width, height = round(self.width() * ratio), round(self.height() * ratio)
        self.turn = Turn.of_screen(self.turn.quarters, width, height)
        self.compositor.edge_width = max(1, round(ratio))
        self.compositor.resize(self.turn.width, self.turn.height)
        left, top, right, bottom = self.turn.sides_to_picture(self.margins)
        self.viewport.margins = round(left * ratio), round(top * ratio), round(right * ratio), round(bottom * ratio)
        self.viewport.set_view_size(self.turn.width, self.turn.height)
        self.view_moved()

    def _sharpen(self, seconds: float) -> bool:
        for rect in cast("Iterable[QRect]", self.compositor.sharpen(seconds)):
            self.update_device(Box(rect.x(), rect.y(), rect.width(), rect.height()))
        return self.compositor.is_sharp

    def _refine(self) -> None:
        if self.build_slice(_SLICE):
            self._refining.stop()
            self.update_image(None)

    def build_slice(self, seconds: float) -> bool:
        """Build smaller versions for about so long; return whether there is nothing left to do."""
        pyramid = self.compositor.pyramid
        return pyramid is None or pyramid.advance(seconds)


def _offset(widget: QWidget) -> tuple[float, float]:
    """Return how far (device px) the picture is moved to lie on whole device pixels at ratios like 1.25."""
    ratio = widget.devicePixelRatioF()
    if ratio.is_integer():
        return 0.0, 0.0
    corner = widget.mapTo(widget.window(), QPoint(0, 0))
    x, y = corner.x() * ratio, corner.y() * ratio
    return floor(x + 0.5) - x, floor(y + 0.5) - y
