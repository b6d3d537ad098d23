"""The boxes around defects, with a label on the one under the cursor and on the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from scratchgui.canvas.turning import upright
from scratchgui.core.geometry import Box
from scratchgui.model.palette import ClassPalette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.canvas.room import Room
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.regions import Region

_GAP = 2
_TAG_HEIGHT, _TAG_WIDTH = 18, 120
_TAG_BACKGROUND = QColor(20, 20, 20, 225)
_TAG_TEXT = QColor(245, 245, 245)


class BoxLayer:
    """Boxes of regions; those of hidden classes are not there.

    Attributes:
        classes: Where the colors come from.
        visible: Whether they are shown; a highlighted one always is.
        hovered: Number of the region under the cursor, or None.
        highlighted: Number of the chosen region, or None.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self.classes = ClassPalette()
        self.visible = True
        self.hovered: int | None = None
        self.highlighted: int | None = None
        self._regions: dict[int, Region] = {}
        self._sides = np.zeros((0, 4))
        self._numbers = np.zeros(0, np.int64)
        self._labels = np.zeros(0, np.int64)

    def set_regions(self, regions: Sequence[Region]) -> None:
        """Show the boxes of these regions."""
        self._regions = {region.number: region for region in regions}
        boxes = [(r.box.x, r.box.y, r.box.right, r.box.bottom) for r in regions]
        self._sides = np.array(boxes, float).reshape(-1, 4)
        self._numbers = np.array([region.number for region in regions], np.int64)
        self._labels = np.array([region.label for region in regions], np.int64)
        self.hovered = self.hovered if self.hovered in self._regions else None
        self.highlighted = self.highlighted if self.highlighted in self._regions else None

    def region(self, number: int | None) -> Region | None:
        """Return the region with this number, if there is one."""
        return None if number is None else self._regions.get(number)

    def at(self, x: float, y: float) -> int | None:
        """Return the number of the smallest box around a point (image coordinates, px), or None."""
        sides = self._sides
        inside = (sides[:, 0] <= x) & (x < sides[:, 2]) & (sides[:, 1] <= y) & (y < sides[:, 3]) & self._drawn()
        found = np.flatnonzero(inside)
        if not found.size:
            return None
        areas = (sides[found, 2] - sides[found, 0]) * (sides[found, 3] - sides[found, 1])
        return int(self._numbers[found[np.argmin(areas)]])

    def extent(self, number: int | None, place: Placement, ratio: float) -> Box:
        """Return the device pixels that a box with its label may need."""
        region = self.region(number)
        if region is None:
            return Box.empty()
        box = place.device_box(region.box).expanded(round(12 * ratio))
        return box.expanded(round(_TAG_WIDTH * ratio))  # the label lies at any side when the view is turned

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the boxes, 1 px wide just outside of their regions, and the labels."""
        line = max(1, round(ratio))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.visible and self._numbers.size:
            self._paint_boxes(painter, place, exposed, line)
        for number in {self.hovered if self.visible else None, self.highlighted}:
            region = self.region(number)
            if region is not None and region.label not in self.classes.hidden:
                with upright(painter, ratio) as on_screen:
                    rect = on_screen(self._device_rect(region, place, line))
                    self._paint_tag(painter, rect, region, ratio)

    def _paint_boxes(self, painter: QPainter, place: Placement, exposed: Box, line: int) -> None:
        sides = self._sides * place.zoom + np.array([place.x, place.y, place.x, place.y])
        reach = _GAP + 2 * line
        seen = (sides[:, 0] - reach <= exposed.right) & (sides[:, 2] + reach >= exposed.x)
        seen &= self._drawn() & (sides[:, 1] - reach <= exposed.bottom) & (sides[:, 3] + reach >= exposed.y)
        # As `_device_rect`, for all at once: hundreds one by one take longer than the picture.
        low = np.floor(sides[:, :2]) - _GAP * line
        rects = np.concatenate([low, np.ceil(sides[:, 2:]) + _GAP * line - 1 - low], axis=1).astype(int)
        for label in np.unique(self._labels[seen]).tolist():
            painter.setPen(QPen(QColor(self.classes.color(label)), line, j=Qt.PenJoinStyle.MiterJoin))
            chosen = rects[seen & (self._labels == label)]
            painter.drawRects([QRect(*rect) for rect in chosen.tolist()])

    @staticmethod
    def _device_rect(region: Region, place: Placement, line: int) -> QRect:
        box = place.device_box(region.box).expanded(_GAP * line)
        return QRect(box.x, box.y, box.width - 1, box.height - 1)

    def _drawn(self) -> NDArray[np.bool_]:
        """Return which of the boxes are of classes that are drawn."""
        return ~np.isin(self._labels, list(self.classes.hidden))

    def _paint_tag(self, painter: QPainter, rect: QRect, region: Region, ratio: float) -> None:
        text = f"{region.number}"
        if region.max_probability is not None:
            text += f"   {region.max_probability:.0%}"
        font = QFont(painter.font())
        font.setPixelSize(round(11 * ratio))
        painter.setFont(font)
        width = QFontMetrics(font).horizontalAdvance(text) + round(20 * ratio)
        height = round(_TAG_HEIGHT * ratio)
        above, below = rect.y() - height - round(3 * ratio), rect.bottom() + round(4 * ratio)
        edge, top = (round(side * ratio) for side in (self._room.covered, self._room.covered + self._room.top))
        window = painter.viewport()
        fits_below = below + height <= round(window.height() * ratio)
        y = above if above >= top else below if fits_below else top
        x = max(edge, min(rect.x(), round(window.width() * ratio) - width))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(x, y, width, height, _TAG_BACKGROUND)
        painter.fillRect(x, y, round(3 * ratio), height, QColor(self.classes.color(region.label)))
        painter.setPen(_TAG_TEXT)
        place_of_text = QRect(x + round(10 * ratio), y, width, height)
        painter.drawText(place_of_text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
