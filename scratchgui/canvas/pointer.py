"""Qt's mouse and pen events as the tools understand them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTabletEvent

from scratchgui.canvas.tools.base import PointerEvent

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from scratchgui.canvas.image_view import ImageView


def pointer_event(view: ImageView, event: QMouseEvent | QTabletEvent) -> PointerEvent:
    """Return where an event is in the image of a view, which keys are held, and how hard a pen presses."""
    device_x, device_y = view.device_point(event.position())
    x, y = view.viewport.placement.to_image(device_x, device_y)
    held, keys = event.modifiers(), Qt.KeyboardModifier
    return PointerEvent(
        x,
        y,
        device_x,
        device_y,
        event.position().x() * view.devicePixelRatioF(),
        shift=keys.ShiftModifier in held,
        alt=keys.AltModifier in held,
        ctrl=keys.ControlModifier in held,
        double=event.type() == QEvent.Type.MouseButtonDblClick,
        pressure=event.pressure() if isinstance(event, QTabletEvent) else 1.0,
    )
