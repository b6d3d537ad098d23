"""Words on the canvas: what is shown alone while a key is held, and what a side shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    from scratchgui.canvas.overlays import Overlays
    from scratchgui.canvas.room import Room
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box
    from scratchgui.model.editor_state import EditorState

SIDE_NAMES: Final = {
    Side.RAW: "Raw",
    Side.PREDICTION: "Prediction",
    Side.MASK: "Mask",
    Side.PREVIOUS: "Previous model",
}
_BACKGROUND = QColor(20, 20, 20, 225)
_TEXT = QColor(245, 245, 245)
_SIZE, _PADDING, _HEIGHT, _CORNER = 12, 9, 24, 4


def badge_font(painter_font: QFont, ratio: float) -> QFont:
    """Return the font of the words, from any other."""
    font = QFont(painter_font)
    font.setPixelSize(round(_SIZE * ratio))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def badge_size(text: str, font: QFont, ratio: float) -> QSize:
    """Return how large a word is with what is around it (device px)."""
    return QSize(QFontMetrics(font).horizontalAdvance(text) + round(2 * _PADDING * ratio), round(_HEIGHT * ratio))


def paint_badge(painter: QPainter, rect: QRect, text: str, ratio: float) -> None:
    """Paint a word on a dark ground that shows on any image; the painter has its font."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BACKGROUND)
    painter.drawRoundedRect(rect, _CORNER * ratio, _CORNER * ratio)
    painter.setPen(_TEXT)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


class HeldBadge:
    """Says at the top left corner what is shown alone while a key is held."""

    def __init__(self, editor: EditorState, overlays: Overlays, room: Room) -> None:
        self._editor = editor
        self._overlays = overlays
        self._room = room

    @property
    def text(self) -> str:
        """The word; empty while no key is held."""
        if self._editor.raw_held:
            return SIDE_NAMES[Side.RAW]
        side = self._editor.view.held
        if side is None:
            return ""
        return SIDE_NAMES[side] if self._overlays.layers else f"{SIDE_NAMES[side]}: none"

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the word."""
        text = self.text
        if not text:
            return
        painter.save()
        font = badge_font(painter.font(), ratio)
        painter.setFont(font)
        corner = round(self._room.start * ratio)
        paint_badge(painter, QRect(QPoint(corner, corner), badge_size(text, font, ratio)), text, ratio)
        painter.restore()
