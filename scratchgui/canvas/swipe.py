"""Two sides of a divider that can be dragged: raw image, prediction, mask, previous model beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QMenu

from scratchgui.canvas.badge import SIDE_NAMES, badge_font, badge_size, paint_badge
from scratchgui.core.geometry import Box
from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.canvas.decorated_view import DecoratedView
    from scratchgui.canvas.layers import Layer
    from scratchgui.canvas.room import Room
    from scratchgui.canvas.viewport import Placement
    from scratchgui.model.view_state import ViewState

_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255, 235)
_NEAR = 7
"""So near (logical px) the divider is taken hold of."""
_KNOB, _TOP, _GAP = 15, 52, 10
_REACH = 170
"""How far labels reach from the divider (logical px)."""


class Swipe(QObject):
    """Cuts the layers at the divider, paints it with its labels, and lets the mouse move it.

    A click on a label offers what that side can show.

    Attributes:
        layers: What lies over the image at the right side.
    """

    def __init__(self, view: DecoratedView, state: ViewState, room: Room) -> None:
        super().__init__(view)
        self._view = view
        self._state = state
        self._room = room
        self._dragged = False
        self._labels: dict[str, QRect] = {}
        self.layers: Sequence[Layer] = ()
        self._at = state.divider
        state.divider_changed.connect(self._follow)
        view.installEventFilter(self)

    def show_layers(self, layers: Sequence[Layer] | None) -> None:
        """Show layers at the right side; None for no divider."""
        self.layers = layers or ()
        self._view.compositor.second = None if layers is None else self

    @property
    def box(self) -> Box:
        """The right side in the picture, which may be turned (device px)."""
        width, height = self._view.turn.screen
        x = self._column(self._state.divider)
        return self._view.turn.box_to_picture(Box(x, 0, width - x, height))

    @property
    def _shown(self) -> bool:
        return self._view.compositor.second is self and all(self._view.viewport.image)

    def _column(self, at: float) -> int:
        return round(at * self._view.turn.screen[0])

    def _follow(self, at: float) -> None:
        """Redo what changes sides, and repaint the divider where it was and where it is."""
        if self._shown:
            ratio = self._view.devicePixelRatioF()
            height = self._view.turn.screen[1]
            before, now = sorted((self._column(self._at), self._column(at)))
            self._view.compositor.invalidate(self._view.turn.box_to_picture(Box(before, 0, now - before, height)))
            reach = round(_REACH * ratio)
            self._view.update_screen(Box(before - reach, 0, now - before + 2 * reach, height))
        self._at = at

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint line, handle and labels in the pixels of the screen."""
        if not self._shown:
            return
        painter.save()
        x, height = self._column(self._state.divider), self._view.turn.screen[1]
        for color, width in ((_DARK, 4), (_LIGHT, 2)):
            wide = round(width * ratio)
            painter.fillRect(x - wide // 2, 0, wide, height, color)
        _paint_knob(painter, x, height // 2, ratio)
        font = badge_font(painter.font(), ratio)
        painter.setFont(font)
        self._labels = self._placed(font, ratio)
        for name, rect in self._labels.items():
            paint_badge(painter, rect, self._text(name), ratio)
        painter.restore()

    def _text(self, name: str) -> str:
        side = getattr(self._state, name)
        shown = self._view.compositor.layers if name == "left" else self.layers
        return f"{SIDE_NAMES[side]}{'' if shown or side is Side.RAW else ': none'}  ▾"

    def _placed(self, font: QFont, ratio: float) -> dict[str, QRect]:
        """Return where the labels lie, by the attribute they are of."""
        x, top, gap = self._column(self._state.divider), round((_TOP + self._room.start) * ratio), round(_GAP * ratio)
        sizes: dict[str, QSize] = {name: badge_size(self._text(name), font, ratio) for name in ("left", "right")}
        return {
            "left": QRect(QPoint(x - gap - sizes["left"].width(), top), sizes["left"]),
            "right": QRect(QPoint(x + gap, top), sizes["right"]),
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse where it is on the divider or a label, before any tool."""
        kind = event.type()
        presses = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if kind not in (*presses, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
            return False
        mouse = cast("QMouseEvent", event)
        if kind in presses:
            return self._press(mouse)
        if kind == QEvent.Type.MouseButtonRelease:
            was, self._dragged = self._dragged, False
            return was
        return self._move(mouse)

    def _press(self, mouse: QMouseEvent) -> bool:
        if not self._shown or mouse.button() != Qt.MouseButton.LeftButton:
            return False
        name = self._label_at(mouse.position())
        if name:
            self.menu_of(name).popup(mouse.globalPosition().toPoint())
            return True
        self._dragged = self._is_near(mouse.position())
        return self._dragged

    def _move(self, mouse: QMouseEvent) -> bool:
        if self._dragged:
            self._state.divider = mouse.position().x() / max(1, self._view.width())
            return True
        free = self._shown and mouse.buttons() == Qt.MouseButton.NoButton
        at = mouse.position()
        over = free and (self._is_near(at) or bool(self._label_at(at)))
        if over:
            self._view.set_brush(False, 1)
            self._view.setCursor(
                Qt.CursorShape.SplitHCursor if self._is_near(at) else Qt.CursorShape.PointingHandCursor
            )
        return over

    def _is_near(self, at: QPointF) -> bool:
        return abs(at.x() - self._state.divider * self._view.width()) <= _NEAR

    def _label_at(self, at: QPointF) -> str:
        point = (at * self._view.devicePixelRatioF()).toPoint()
        return next((name for name, rect in self._labels.items() if rect.contains(point)), "")

    def menu_of(self, name: str) -> QMenu:
        """Return the menu of what the side "left" or "right" can show."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for side, text in SIDE_NAMES.items():
            if side is Side.PREVIOUS and not self._state.previous_known:
                continue
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(getattr(self._state, name) is side)
            action.triggered.connect(lambda _=False, side=side: setattr(self._state, name, side))
        return menu


def _paint_knob(painter: QPainter, x: int, y: int, ratio: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_DARK, ratio))
    painter.setBrush(_LIGHT)
    painter.drawEllipse(QPointF(x, y), _KNOB * ratio, _KNOB * ratio)
    painter.setPen(QPen(QColor(40, 40, 40), 1.5 * ratio, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    for way in (-1, 1):
        tip, back = x + way * 8 * ratio, x + way * 4.5 * ratio
        painter.drawPolyline([QPointF(back, y - 4 * ratio), QPointF(tip, y), QPointF(back, y + 4 * ratio)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
