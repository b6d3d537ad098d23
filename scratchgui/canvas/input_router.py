"""Turns mouse, pen, wheel and keys over the canvas into zooming, panning and the tool's gestures."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeySequence

from scratchgui.canvas.pen_end import PenEnd
from scratchgui.canvas.pointer import pointer_event
from scratchgui.canvas.tools import TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

    from scratchgui.canvas.tools.base import Tool, ToolHost
    from scratchgui.canvas.zoom_view import ZoomView
    from scratchgui.model.tool_key import ToolKey

_NOTCH = 120
_ZOOM_A_NOTCH = 1.25


class InputRouter(QObject):
    """Watches the events of a view.

    Signals:
        hovered(PointerEvent): The mouse is over the view, with or without a button.
        left(): It has left.

    Attributes:
        tool: The tool in use.
    """

    hovered = Signal(object)
    left = Signal()

    def __init__(self, view: ZoomView, host: ToolHost) -> None:
        super().__init__(view)
        self._view = view
        self._editor = host.editor
        self._tools = {key: kind(host) for key, kind in TOOLS.items()}
        self.tool: Tool = self._tools[self._editor.tool]
        self._pen_end = PenEnd(self._editor)
        self._gesture = False
        self._space = False
        self._pan_from: QPointF | None = None
        kinds = QEvent.Type
        self._handlers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            kinds.MouseButtonPress: self._press,
            kinds.MouseButtonDblClick: self._press,
            kinds.MouseMove: self._move,
            kinds.MouseButtonRelease: self._release,
            kinds.TabletPress: self._tablet,
            kinds.TabletMove: self._tablet,
            kinds.TabletRelease: self._tablet,
            kinds.Wheel: self._wheel,
            kinds.ShortcutOverride: self._override,
            kinds.KeyPress: self._key_press,
            kinds.KeyRelease: self._key_release,
            kinds.Leave: self._leave,
            kinds.FocusOut: self._focus_out,
        }
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle what concerns the canvas."""
        handler = self._handlers.get(event.type())
        return handler is not None and handler(event)

    def choose(self, key: ToolKey) -> None:
        """Change the tool; what the old one had not completed is taken back."""
        self.cancel()
        self.tool = self._tools[key]
        self.show_cursor()

    def cancel(self) -> bool:
        """Take the running gesture back; return whether there was one."""
        was, self._gesture = self._gesture or self.tool.is_busy, False
        self.tool.cancel()
        return was

    def show_cursor(self) -> None:
        """Show the mouse cursor that fits tool and state."""
        shape = self.tool.cursor
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        if self._view.cursor().shape() != shape:
            self._view.setCursor(shape)

    def _press(self, event: QEvent) -> bool:
        if not self._gesture and self._pen_end.takes(event, self.tool):
            return True
        mouse = cast("QMouseEvent", event)
        left = mouse.button() == Qt.MouseButton.LeftButton
        if not self._gesture and (mouse.button() == Qt.MouseButton.MiddleButton or (left and self._space)):
            self._pan_from = mouse.position()
        elif left and self._pan_from is None:
            self._gesture = True
            self.tool.press(pointer_event(self._view, mouse))
        elif mouse.button() == Qt.MouseButton.RightButton and not self._gesture:
            self.tool.second_button(pointer_event(self._view, mouse))
        self.show_cursor()
        return True

    def _move(self, event: QEvent) -> bool:
        if not self._gesture:
            self._pen_end.takes(event, self.tool)
        mouse = cast("QMouseEvent", event)
        if self._pan_from is not None:
            before, now = self._view.device_point(self._pan_from), self._view.device_point(mouse.position())
            self._pan_from = mouse.position()
            self._view.pan(now[0] - before[0], now[1] - before[1])
        pointer = pointer_event(self._view, mouse)
        if self._gesture:
            self.tool.move(pointer)
        elif self._pan_from is None:
            self.tool.hover(pointer)
        self.show_cursor()
        self.hovered.emit(pointer)
        return True

    def _release(self, event: QEvent) -> bool:
        mouse = cast("QMouseEvent", event)
        if self._pan_from is not None and mouse.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pan_from = None
        elif self._gesture and mouse.button() == Qt.MouseButton.LeftButton:
            self._gesture = False
            self.tool.release(pointer_event(self._view, mouse))
        self.show_cursor()
        return True

    def _tablet(self, event: QEvent) -> bool:
        """Take a pen for a mouse that knows how hard it is pressed; Qt makes no mouse events of what is accepted."""
        event.accept()
        if event.type() == QEvent.Type.TabletPress:
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            return self._press(event)
        return self._release(event) if event.type() == QEvent.Type.TabletRelease else self._move(event)

    def _wheel(self, event: QEvent) -> bool:
        wheel = cast("QWheelEvent", event)
        # With Alt held the wheel turns sideways.
        notches = (wheel.angleDelta().y() or wheel.angleDelta().x()) / _NOTCH
        sizing = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        sized = bool(wheel.modifiers() & sizing)
        if sized and self.tool.wheel(notches):
            return True
        if sized and self.tool.has_brush:
            self._editor.step_brush_size(round(notches) or (1 if notches > 0 else -1))
        elif notches:
            self._view.zoom_at(_ZOOM_A_NOTCH**notches, *self._view.device_point(wheel.position()))
        return True

    def _key_press(self, event: QEvent) -> bool:
        key = cast("QKeyEvent", event)
        if key.key() == Qt.Key.Key_Space:
            self._space = True
            self.show_cursor()
            return True
        if self.tool.takes_key(_key_of(key)):
            self.tool.key(_key_of(key))
            return True
        return key.key() == Qt.Key.Key_Escape and self.cancel()

    def _override(self, event: QEvent) -> bool:
        """Keep a key that the tool takes now from being a shortcut; it comes as a key press then."""
        key = cast("QKeyEvent", event)
        if self.tool.takes_key(_key_of(key)):
            event.accept()
            return True
        return False

    def _key_release(self, event: QEvent) -> bool:
        key = cast("QKeyEvent", event)
        if key.key() == Qt.Key.Key_Space and not key.isAutoRepeat():
            self._space = False
            self.show_cursor()
            return True
        return False

    def _leave(self, event: QEvent) -> bool:
        self.tool.leave()
        self.left.emit()
        return False

    def _focus_out(self, event: QEvent) -> bool:
        self._space = False
        self.show_cursor()
        return False


def _key_of(event: QKeyEvent) -> Qt.Key:
    """Return the key that tools know; the combination for undo, Ctrl+Z, is the key Undo to them."""
    return Qt.Key.Key_Undo if event.matches(QKeySequence.StandardKey.Undo) else Qt.Key(event.key())
