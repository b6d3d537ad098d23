"""A recent project as a card: picture, name, place, state."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from scratchgui.ui import icons, theme, tokens

WIDTH: Final = 200
_PICTURE: Final = 116
_HEIGHT: Final = _PICTURE + 72
_SIDE: Final = tokens.GAP_M


class Recent(NamedTuple):
    """A recent project: its name, folder, a picture if there is one, and a short text ("24 images · 3 days ago")."""

    name: str
    path: str
    picture: QImage | None
    text: str


class RecentCard(QAbstractButton):
    """Opens a recent project when clicked."""

    def __init__(self, recent: Recent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recent = recent
        self.setFixedSize(self.sizeHint())
        self.setToolTip(recent.path)
        self.setAccessibleName(f"Open {recent.name}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the card's size."""
        return QSize(WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(frame, tokens.RADIUS, tokens.RADIUS)
        painter.fillPath(outline, colors.color("hover" if self.underMouse() else "panel"))
        painter.save()
        painter.setClipPath(outline)
        self._paint_picture(painter, QRect(0, 0, WIDTH, _PICTURE))
        painter.restore()
        painter.setPen(QPen(colors.color("line_strong" if self.underMouse() else "line"), 1))
        painter.drawPath(outline)
        self._paint_texts(painter)

    def _paint_picture(self, painter: QPainter, place: QRect) -> None:
        painter.fillRect(place, theme.current().color("surround"))
        picture = self.recent.picture
        if picture is None or picture.isNull():
            icon = icons.pixmap("image", 28, "disabled", ratio=self.devicePixelRatioF())
            painter.drawPixmap(place.center().x() - 14, place.center().y() - 14, icon)
            return
        painter.drawImage(place, picture, _covering(picture.size(), place.size()))

    def _paint_texts(self, painter: QPainter) -> None:
        colors = theme.current()
        caption = theme.sized_font(tokens.CAPTION_SIZE)
        rows = (
            (self.recent.name, theme.sized_font(tokens.TEXT_SIZE, semibold=True), "text", Qt.TextElideMode.ElideRight),
            (self.recent.path, caption, "muted", Qt.TextElideMode.ElideMiddle),
            (self.recent.text, caption, "muted", Qt.TextElideMode.ElideRight),
        )
        top = _PICTURE + tokens.GAP_S
        for text, font, token, mode in rows:
            line = QRect(_SIDE, top, WIDTH - 2 * _SIDE, 20 if token == "text" else 18)
            painter.setFont(font)
            painter.setPen(colors.color(token))
            shown = painter.fontMetrics().elidedText(text, mode, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            top = line.bottom() + 1


def _covering(size: QSize, place: QSize) -> QRect:
    """Return the middle part of a picture that has the shape of a place."""
    part = place.scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect((size.width() - part.width()) // 2, (size.height() - part.height()) // 2, part.width(), part.height())
