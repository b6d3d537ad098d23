"""The region under the mouse and the selected one, with their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.canvas.region_outline import RegionOutline

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.canvas.tools.pick_target import Target
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

_WIDTH = 2.0
_RATIO = 3.0
"""More device pixels a logical one than any screen has: enough is repainted."""


class PickMarks:
    """Outlines up to two regions: the hovered one thin, the selected one wide.

    Attributes:
        hovered: The region under the mouse.
        selected: The selected one; always of the mask.
    """

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._frame = RegionOutline()
        self._frame.width = _WIDTH
        self.hovered: Target | None = None
        self.selected: Target | None = None

    @property
    def to_delete(self) -> Target | None:
        """What Delete removes: the region under the mouse, or else the selected one."""
        deletable = self.hovered is not None and (not self.hovered.predicted or self._host.own_mask is None)
        return self.hovered if deletable else self.selected

    def hover(self, target: Target | None) -> None:
        """Outline another region thinly, or none."""
        if target is not None or self.hovered is not None:
            self.hovered = target
            self._host.outline(None if target is None else target.region)

    def select(self, target: Target | None) -> None:
        """Outline another region widely, or none."""
        place = self._host.placement
        before = self._frame.extent(place, _RATIO)
        self.selected = target
        self._frame.set_region(None if target is None else target.region)
        for box in (before, self._frame.extent(place, _RATIO)):
            if not box.is_empty:
                self._host.repaint(box)

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the selected region's outline; the canvas paints the other."""
        self._frame.paint(painter, place, exposed, ratio)
