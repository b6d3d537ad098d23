"""Qt's mouse events as the tools understand them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt

from scratchgui.canvas.tools.base import PointerEvent

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from scratchgui.canvas.image_view import ImageView


def pointer_event(view: ImageView, event: QMouseEvent) -> PointerEvent:
    """Return where a mouse event is in the image of a view, and which keys are held."""
    device_x, device_y = view.device_point(event.position())
    x, y = view.viewport.placement.to_image(device_x, device_y)
    held, keys = event.modifiers(), Qt.KeyboardModifier
    return PointerEvent(
        x,
        y,
        device_x,
        device_y,
        shift=keys.ShiftModifier in held,
        alt=keys.AltModifier in held,
        ctrl=keys.ControlModifier in held,
        double=event.type() == QEvent.Type.MouseButtonDblClick,
    )
