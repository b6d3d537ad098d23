"""The scratch pen: marks a long thin defect from a few points on it."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.canvas.tools.open_path import OpenPath
from scratchgui.canvas.tools.width_cursor import WidthCursor

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

_DRAG, _SHORT = 3.0, 12.0
"""So far a press becomes a drag; one that ends nearer to its begin is a click after all (logical px)."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Undo)


class ScratchPen(Tool):
    """A path through points that are clicked, along the scratch between them; what is shown is what will be marked.

    A drag that begins the path marks it when the button goes up, unless Ctrl is held; a drag from a later point on is
    a part of the path. Nodes can be dragged until the path is marked.
    """

    hint = (
        "Click along a scratch and end with Enter, double click or right click; or drag along it · "
        "Ctrl+wheel width · Shift straight · Backspace last point · Esc cancel"
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._path = OpenPath(host)
        self._circle = WidthCursor(host)
        self._mouse: PointerEvent | None = None
        self._pressed: PointerEvent | None = None
        self._trail: list[tuple[float, float]] = []
        self._moving: int | None = None
        options = host.editor.options
        for name in ("path_width", "path_snap", "path_ridge", "path_auto_width"):
            getattr(options, f"{name}_changed").connect(self._follow_again)

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross; a hand while a node is dragged."""
        return Qt.CursorShape.CrossCursor if self._moving is None else Qt.CursorShape.ClosedHandCursor

    @property
    def is_busy(self) -> bool:
        """Tell whether a path is open."""
        return bool(self._path.nodes)

    def press(self, event: PointerEvent) -> None:
        """Add a node, take hold of one, or mark the path."""
        if self.host.picture is None:
            return
        self._circle.show(None, 0)
        if event.double and self.is_busy:
            self._path.commit()
            return
        self._moving = self._path.node_at(event)
        if self._moving is None:
            self._path.add(event)
            self._pressed, self._trail = event, []
        else:
            self._path.drop_loose()

    def move(self, event: PointerEvent) -> None:
        """Move the node, or draw along the scratch once the mouse is far enough from where it was pressed."""
        self._mouse = event
        if self._moving is not None:
            self._path.move_node(self._moving, event)
        elif self._pressed is not None and (self._trail or _way(self._pressed, event) > _DRAG * self._path.ratio):
            self._trail.append((event.x, event.y))
            self._path.follow_trail(self._trail, event)

    def release(self, event: PointerEvent) -> None:
        """End a drag; one that is the whole path marks it."""
        pressed, self._pressed, self._moving = self._pressed, None, None
        if pressed is None or not self._trail:
            return
        if _way(pressed, event) < _SHORT * self._path.ratio:
            self._path.drop_loose()
            return
        alone = len(self._path.nodes) == 1
        self._path.keep_loose()
        if alone and not event.ctrl:
            self._path.commit()

    def hover(self, event: PointerEvent) -> None:
        """Show the path as if the mouse were the next node."""
        self._mouse = event
        if self.host.picture is None:
            return
        if self.is_busy:
            self._path.follow(event)
        else:
            options = self.host.editor.options
            self._circle.show(None if options.path_auto_width else event, options.path_width)

    def leave(self) -> None:
        """Show nothing beyond the last node while the mouse is elsewhere."""
        self._mouse = None
        self._circle.show(None, 0)
        if self.is_busy and self._pressed is None:
            self._path.drop_loose()

    def second_button(self, event: PointerEvent) -> None:
        """Mark the path up to the mouse."""
        if self.is_busy:
            self._path.follow(event)
            self._path.commit()

    def wheel(self, notches: float) -> bool:
        """Make the path wider or narrower."""
        self.host.editor.options.step_path_width(round(notches) or (1 if notches > 0 else -1))
        return True

    def takes_key(self, key: Qt.Key) -> bool:
        """Take Enter, Backspace and undo while a path is open, so that Enter does not approve the image."""
        return self.is_busy and key in (*_ENTER, *_BACK)

    def key(self, key: Qt.Key) -> None:
        """Mark what is shown, or take the last node back."""
        self._pressed = self._moving = None
        if key in _ENTER:
            self._path.commit()
        else:
            self._path.drop_node()
            self._follow_again()

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the path, or how wide it will be."""
        self._path.paint(painter, place, exposed, ratio)
        self._circle.paint(painter, place, ratio)

    def cancel(self) -> None:
        """Forget the path."""
        self._pressed = self._moving = None
        self._circle.show(None, 0)
        self._path.clear()

    def _follow_again(self) -> None:
        """Show what the options, or a change of the path, make of it."""
        if self._path.telling:
            return
        if self._mouse is not None and self._pressed is None and self._moving is None:
            self.hover(self._mouse)
        elif self.is_busy:
            self._path.show()


def _way(start: PointerEvent, end: PointerEvent) -> float:
    return hypot(end.device_x - start.device_x, end.device_y - start.device_y)
