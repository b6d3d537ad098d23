"""The lasso: marks or erases what an outline goes around."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from scratchgui.canvas.tools.area_edit import change_areas
from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.canvas.tools.lasso_drawing import LassoDrawing
from scratchgui.canvas.tools.outline import Outline

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.canvas.tools.outline import Point
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

_NEAR, _DRAG = 8.0, 3.0
"""So near the first corner a click closes the outline; so far a press becomes a free-hand line (logical px)."""
_CORNERS = 3
_TOO_FEW = "An outline needs three corners: click where it goes on · Esc cancel"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Undo)


class Lasso(Tool):
    """An outline of free-hand lines (drags) and corners (clicks) in any order; closing it makes one undo step.

    A drag that begins the outline closes it when the button goes up, unless Shift is held.
    """

    hint = (
        "Drag around an area, or click its corners and end with Enter, double click or right click · Alt erases · "
        "Backspace last corner · Esc cancel"
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._outline = Outline()
        self._drawing = LassoDrawing(self._outline)
        self._pressed: PointerEvent | None = None
        self._free = False

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    @property
    def is_busy(self) -> bool:
        """Tell whether an outline is open."""
        return bool(self._outline.points)

    def press(self, event: PointerEvent) -> None:
        """Add a corner, or close the outline."""
        if event.double or self._is_at_first(event):
            self._close(erase=event.alt)
            return
        self._pressed, self._free = event, False
        self._outline.begin_part((event.x, event.y))
        self.host.advise("")
        self._follow(event)

    def move(self, event: PointerEvent) -> None:
        """Draw free-hand, once the mouse is far enough from where it was pressed."""
        if self._pressed is None:
            return
        way = hypot(event.device_x - self._pressed.device_x, event.device_y - self._pressed.device_y)
        self._free = self._free or way > _DRAG * self._drawing.ratio
        if self._free:
            self._outline.extend((event.x, event.y))
        self._follow(event)

    def release(self, event: PointerEvent) -> None:
        """End a free-hand line; close the outline where that is its end."""
        drawn, self._pressed = self._pressed is not None and self._free, None
        alone = len(self._outline.starts) == 1 and not event.shift
        if drawn and (alone or self._is_at_first(event)):
            self._close(erase=event.alt)

    def hover(self, event: PointerEvent) -> None:
        """Show the outline as if the mouse were the next corner."""
        if self.is_busy:
            self._follow(event)

    def second_button(self, event: PointerEvent) -> None:
        """Close the outline."""
        self._close(erase=event.alt)

    def takes_key(self, key: Qt.Key) -> bool:
        """Take Enter, Backspace and undo while an outline is open, so that Enter does not approve the image."""
        return self.is_busy and key in (*_ENTER, *_BACK)

    def key(self, key: Qt.Key) -> None:
        """Close the outline, or take its last part back."""
        if key in _ENTER:
            self._close(erase=Qt.KeyboardModifier.AltModifier in QGuiApplication.keyboardModifiers())
            return
        self._pressed = None
        self.host.repaint(self._drawing.extent(self.host.placement))
        self._outline.drop_part()
        self.host.advise("")

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the outline and what it would change."""
        editor = self.host.editor
        color = "" if editor.options.lasso_erase else editor.classes.color(editor.active_class)
        self._drawing.paint(painter, place, exposed, ratio, color)

    def cancel(self) -> None:
        """Forget the outline."""
        self._pressed = None
        if self.is_busy:
            self.host.advise("")
            self.host.repaint(self._drawing.extent(self.host.placement))
            self._outline.clear()

    def _follow(self, event: PointerEvent) -> None:
        """Move the loose end: only what lies between the first point, the last ones and the mouse looks different."""
        points: list[Point] = [self._drawing.mouse, *self._outline.points[-2:], self._outline.points[0]]
        self._drawing.mouse = event.x, event.y
        self.host.repaint(self._drawing.around(points, self.host.placement))

    def _is_at_first(self, event: PointerEvent) -> bool:
        if len(self._outline.points) < _CORNERS:
            return False
        (x, y), zoom = self._outline.points[0], self.host.placement.zoom
        return hypot(event.x - x, event.y - y) * zoom <= _NEAR * self._drawing.ratio

    def _close(self, *, erase: bool) -> None:
        if len(self._outline.points) < _CORNERS:
            if self.is_busy:
                self.host.advise(_TOO_FEW)
            return
        picture = self.host.picture
        if picture is not None:
            box, pixels = self._outline.inside(picture.shape[1], picture.shape[0])
            if pixels.any():
                editor = self.host.editor
                erases = erase or editor.options.lasso_erase
                label, text = (0, "Erase inside outline") if erases else (editor.active_class, "Mark inside outline")
                change_areas(self.host, [(box, pixels)], label, text)
        self.cancel()
