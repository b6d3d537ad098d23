"""The image view with what is painted over the picture: boxes, outlines, the brush's circle, a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from scratchgui.canvas.boxes import BoxLayer
from scratchgui.canvas.brush_cursor import BrushCursor
from scratchgui.canvas.highlight import Highlight
from scratchgui.canvas.message import Message
from scratchgui.canvas.region_outline import RegionOutline
from scratchgui.canvas.room import Room
from scratchgui.canvas.zoom_view import ZoomView

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from scratchgui.canvas.decorations import Decoration
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.core.regions import Region
    from scratchgui.model.palette import ClassPalette


class DecoratedView(ZoomView):
    """An image view with boxes around defects, outlines of single ones, and the cursor of the brush.

    Attributes:
        dark: Whether the surround is dark.
        room: What of the view is free of bars and rulers.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = Room()
        self._boxes = BoxLayer(self.room)
        self._highlight = Highlight(self)
        self._picked = RegionOutline()
        self._brush = BrushCursor()
        self._message = Message()
        self.dark = True
        self.on_screen.append(self._message)
        self._tool_drawing: Decoration | None = None
        self._highlight.pulsed.connect(self._repaint_highlight)
        self.set_raw(False)

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that is shown, uint8 (H, W), or None."""
        return None

    def set_raw(self, raw: bool) -> None:
        """Hide everything over the image but the cursor, or show it again."""
        over: list[Decoration] = [] if raw else [self._boxes, self._highlight.outline, self._picked]
        tool = [self._tool_drawing] if self._tool_drawing is not None else []
        self.decorations = [*over, *tool, self._brush]
        self.update()

    def show_tool_with(self, drawing: Decoration) -> None:
        """Let something paint what the tool in use draws."""
        self._tool_drawing = drawing
        self.set_raw(False)

    def set_boxes(self, regions: Sequence[Region] | None) -> None:
        """Show boxes around these defects; a chosen one that is not among them is chosen no more."""
        chosen = self._boxes.highlighted
        self._boxes.set_regions(regions or ())
        if chosen is not None:
            self._highlight.choose(None, None)
            self._boxes.highlighted = None
        self.update()

    def use_classes(self, classes: ClassPalette) -> None:
        """Take the boxes' colors from there."""
        self._boxes.classes = classes
        classes.changed.connect(self.update)

    def highlight_region(self, number: int | None) -> None:
        """Outline the defect of this number, with a short pulse, or none."""
        if number == self._boxes.highlighted:
            return
        self._repaint_highlight()
        region = self._boxes.region(number)
        self._boxes.highlighted = None if region is None else number
        self._highlight.choose(region, self.shown_mask)
        self._repaint_highlight()

    def set_surround(self, color: str) -> None:
        """Set the neutral color around the image (#rrggbb)."""
        self.dark = self._message.dark = QColor(color).lightness() < 128
        self.compositor.set_surround(color)
        self.update()

    def set_message(self, text: str) -> None:
        """Show a sentence in the middle of the view (when there is no image), or none."""
        self._message.text = text
        self.update()

    def set_reduce_motion(self, reduce: bool) -> None:
        """Switch the pulse of a chosen defect off, or on."""
        self._highlight.motion = not reduce

    def outline(self, found: tuple[Box, NDArray[np.bool_]] | None) -> None:
        """Outline pixels, bool (box height, box width), of a box (px), or nothing."""
        place, ratio = self.viewport.placement, self.devicePixelRatioF()
        self.update_device(self._picked.extent(place, ratio))
        self._picked.set_region(found)
        self.update_device(self._picked.extent(place, ratio))

    def set_boxes_visible(self, visible: bool) -> None:
        """Show or hide the boxes."""
        self._boxes.visible = visible
        self.update()

    def set_brush(self, visible: bool, diameter: int, at: tuple[float, float] | None = None) -> None:
        """Show the brush's outline, of a diameter in image px, where it is or at a device point; or hide it."""
        place, ratio = self.viewport.placement, self.devicePixelRatioF()
        self.update_device(self._brush.extent(place, ratio))
        self._brush.visible = visible
        self._brush.diameter = diameter
        if at is not None:
            self._brush.move(*at)
        self.update_device(self._brush.extent(place, ratio))

    def hover_box(self, point: tuple[float, float] | None) -> None:
        """Label the box around a point (image coordinates, px), or none."""
        number = None if point is None or not self._boxes.visible else self._boxes.at(*point)
        if number != self._boxes.hovered:
            place, ratio = self.viewport.placement, self.devicePixelRatioF()
            self.update_device(self._boxes.extent(self._boxes.hovered, place, ratio))
            self._boxes.hovered = number
            self.update_device(self._boxes.extent(number, place, ratio))

    def _repaint_highlight(self) -> None:
        extent = self._boxes.extent(self._boxes.highlighted, self.viewport.placement, self.devicePixelRatioF())
        self.update_device(extent)
