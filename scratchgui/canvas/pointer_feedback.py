"""What follows the mouse over the canvas: the brush's outline, the label of a box, the position that is told."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from scratchgui.canvas.decorated_view import DecoratedView
    from scratchgui.canvas.input_router import InputRouter
    from scratchgui.canvas.overlays import Overlays
    from scratchgui.canvas.tools.base import PointerEvent
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.tool_key import ToolKey

_SOON_MS = 50
"""What changes under a resting mouse is told after so long, so that a stroke or a slider tells it a few times."""


class PointerFeedback(QObject):
    """Keeps brush outline and hovered box with the mouse.

    Signals:
        moved(int, int): The mouse is over this column and row of the image (px), or what is there may have changed.
        left(): It is not over the image any more.
        hint_changed(str): Another tool, with one sentence on how it is used.
    """

    moved = Signal(int, int)
    left = Signal()
    hint_changed = Signal(str)

    def __init__(self, view: DecoratedView, overlays: Overlays, router: InputRouter, editor: EditorState) -> None:
        super().__init__(view)
        self._view = view
        self._router = router
        self._editor = editor
        self._inside = False
        self._over_image = False
        self._at = (0.0, 0.0)
        self._again = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._again.timeout.connect(self._tell)
        overlays.stale.connect(self._tell_again)
        view.moved.connect(self._tell_again)
        router.hovered.connect(self._follow)
        router.left.connect(self._leave)
        editor.tool_changed.connect(self._choose_tool)
        editor.brush_size_changed.connect(self._show_brush)

    def _follow(self, event: PointerEvent) -> None:
        self._inside = True
        self._show_brush(at=self._router.tool.brush_at or (event.device_x, event.device_y))
        self._view.hover_box((event.x, event.y))
        self._at = event.device_x, event.device_y
        self._tell()

    def _tell(self) -> None:
        """Tell which pixel is under the mouse."""
        self._again.stop()
        x, y = (floor(part) for part in self._view.viewport.placement.to_image(*self._at))
        width, height = self._view.viewport.image
        if 0 <= x < width and 0 <= y < height:
            self._over_image = True
            self.moved.emit(x, y)
        else:
            self._leave_image()

    def _tell_again(self, *_: object) -> None:
        if self._inside and not self._again.isActive():
            self._again.start()

    def _leave(self) -> None:
        self._inside = False
        self._again.stop()
        self._show_brush()
        self._view.hover_box(None)
        self._leave_image()

    def _leave_image(self) -> None:
        if self._over_image:
            self._over_image = False
            self.left.emit()

    def _choose_tool(self, key: ToolKey) -> None:
        self._router.choose(key)
        self._show_brush()
        self.hint_changed.emit(self._router.tool.hint)

    def _show_brush(self, _size: int = 0, *, at: tuple[float, float] | None = None) -> None:
        visible = self._inside and self._router.tool.has_brush and all(self._view.viewport.image)
        self._view.set_brush(visible, self._editor.brush_size, at)
