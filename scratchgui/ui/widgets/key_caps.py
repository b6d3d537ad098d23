"""Keys drawn as small caps: in lists by a painter, elsewhere as a widget."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from scratchgui.ui import theme, tokens

CAP_HEIGHT: Final = 18
_PADDING: Final = 5
_GAP: Final = 3
_OR: Final = "/"
_SHORTER: Final = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}


def split_keys(text: str) -> list[str]:
    """Return the caps of a shortcut: "Ctrl+Shift+O" -> Ctrl, Shift, O; "Ctrl++" -> Ctrl, +; "Left" -> ←."""
    parts = text.split("+")
    if len(parts) > 1 and parts[-1] == "":
        parts = [*parts[:-2], "+"]
    return [_SHORTER.get(part, part) for part in parts if part]


def caps_width(caps: list[str]) -> float:
    """Return how wide caps are (px)."""
    return sum(_cap_width(cap) for cap in caps) + _GAP * max(0, len(caps) - 1)


def paint_caps(painter: QPainter, right: float, middle: float, caps: list[str]) -> None:
    """Paint caps that end at ``right`` and have their middle at ``middle`` (px)."""
    x = right - caps_width(caps)
    painter.setFont(theme.sized_font(tokens.CAPTION_SIZE))
    for cap in caps:
        box = QRectF(x, middle - CAP_HEIGHT / 2, _cap_width(cap), CAP_HEIGHT)
        _paint_cap(painter, box, cap)
        x += box.width() + _GAP


def _cap_width(cap: str) -> float:
    width = QFontMetricsF(theme.sized_font(tokens.CAPTION_SIZE)).horizontalAdvance(cap)
    return width + 4 if cap == _OR else max(CAP_HEIGHT, width + 2 * _PADDING)


def _paint_cap(painter: QPainter, box: QRectF, cap: str) -> None:
    colors = theme.current()
    if cap != _OR:
        painter.setPen(QPen(colors.color("line_strong"), 1))
        painter.setBrush(colors.color("panel"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(colors.color("muted" if cap == _OR else "text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)


class KeyCaps(QWidget):
    """Shows a shortcut, or several with a stroke between them."""

    def __init__(self, *texts: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._caps: list[str] = []
        self.set_keys(*texts)

    def set_keys(self, *texts: str) -> None:
        """Show other shortcuts, as the desktop writes them."""
        self._caps = []
        for text in texts:
            self._caps += ([_OR] if self._caps else []) + split_keys(text)
        self.setAccessibleName(" or ".join(texts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all caps."""
        return QSize(round(caps_width(self._caps)) + 1, CAP_HEIGHT + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caps."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_caps(painter, self.width(), self.height() / 2, self._caps)
