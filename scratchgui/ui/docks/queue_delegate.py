"""One row of the queue, painted by hand: 13 of them make a screen, so each has to be quick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QImage, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from scratchgui.model.image_list_model import RecordRole, ThumbnailRole
from scratchgui.ui import icons, theme, tokens
from scratchgui.ui.verdict_look import status_look, status_tip, verdict_look

if TYPE_CHECKING:
    from scratchgui.core.project import ImageRecord

Index = QModelIndex | QPersistentModelIndex

THUMBNAIL: Final = 56
ROW_HEIGHT: Final = 68
_DOT: Final = 14
_ICON: Final = 14
_CLOCK: Final = 12
_BAR: Final = 3
_INSET: Final = 4


class QueueDelegate(QStyledItemDelegate):
    """Paints dot, picture, name, verdict, score and score bar of one image."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ratio = 1.0
        self._make_fonts()

    def _make_fonts(self) -> None:
        self._name_font = theme.sized_font(tokens.TEXT_SIZE)
        self._small_font = theme.sized_font(tokens.CAPTION_SIZE)
        self._word_font = theme.sized_font(tokens.CAPTION_SIZE, semibold=True)
        self._name_metrics = QFontMetrics(self._name_font)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        record: ImageRecord = index.data(RecordRole)
        self._ratio = painter.device().devicePixelRatioF()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        row: QRect = option.rect
        self._paint_background(painter, row, option.state)
        self._paint_dot(painter, row, record)
        picture = QRect(row.x() + 32, row.y() + (ROW_HEIGHT - THUMBNAIL) // 2, THUMBNAIL, THUMBNAIL)
        self._paint_picture(painter, picture, index.data(ThumbnailRole), failed=record.failure is not None)
        text = QRect(picture.right() + 11, picture.y() + 4, row.right() - picture.right() - 22, THUMBNAIL - 8)
        self._paint_text(painter, text, record)
        painter.restore()

    def _paint_background(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        flags = QStyle.StateFlag
        selected = bool(state & flags.State_Selected)
        if not selected and not state & flags.State_MouseOver:
            return
        colors = theme.current()
        body = QRectF(row).adjusted(_INSET, 1, -_INSET, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.selection if selected else colors.hover))
        painter.drawRoundedRect(body, tokens.RADIUS, tokens.RADIUS)
        if selected and state & flags.State_HasFocus and state & flags.State_KeyboardFocusChange:
            painter.setPen(QPen(QColor(colors.accent), tokens.FOCUS_RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), tokens.RADIUS - 1, tokens.RADIUS - 1)

    def _paint_dot(self, painter: QPainter, row: QRect, record: ImageRecord) -> None:
        look = status_look(record)
        dot = icons.pixmap(look.icon, _DOT, look.token, ratio=self._ratio)
        painter.drawPixmap(QPointF(row.x() + 11, row.y() + (ROW_HEIGHT - _DOT) / 2), dot)

    def _paint_picture(self, painter: QPainter, place: QRect, picture: QImage | None, *, failed: bool) -> None:
        colors = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.window))
        painter.drawRoundedRect(place, 4, 4)
        if picture is None or picture.isNull():
            icon = icons.pixmap("warning" if failed else "image", 18, "disabled", ratio=self._ratio)
            painter.drawPixmap(QPointF(place.x() + 19, place.y() + 19), icon)
            return
        size = QSize(picture.size()).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.drawImage(target, picture)

    def _paint_text(self, painter: QPainter, place: QRect, record: ImageRecord) -> None:
        colors = theme.current()
        painter.setFont(self._name_font)
        painter.setPen(QColor(colors.muted if record.failure else colors.text))
        name = self._name_metrics.elidedText(record.rel, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
        line = QRect(place.x(), place.y() + 22, place.width(), 16)
        if record.failure is not None:
            self._paint_note(painter, line, record.failure, colors.ng)
        elif record.verdict is None and record.score is None:
            self._paint_note(painter, line, status_look(record).word, colors.muted)
        else:
            self._paint_result(painter, line, record)
            self._paint_bar(painter, QRectF(place.x(), place.bottom() - _BAR, place.width(), _BAR), record)

    def _paint_note(self, painter: QPainter, line: QRect, text: str, color: str) -> None:
        painter.setFont(self._small_font)
        painter.setPen(QColor(color))
        fitting = QFontMetrics(self._small_font).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)

    def _paint_result(self, painter: QPainter, line: QRect, record: ImageRecord) -> None:
        look = verdict_look(record)
        if look is not None:
            icon = icons.pixmap(look.icon, _ICON, look.token, ratio=self._ratio)
            painter.drawPixmap(QPointF(line.x(), line.y() + 1), icon)
            painter.setFont(self._word_font)
            painter.setPen(theme.current().color(look.token))
            painter.drawText(line.adjusted(_ICON + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, look.word)
        if record.score is not None:
            painter.setFont(self._small_font)
            painter.setPen(QColor(theme.current().muted))
            text = score_text(record.score)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            if record.is_stale:
                self._paint_clock(painter, line.right() - QFontMetrics(self._small_font).horizontalAdvance(text), line)

    def _paint_clock(self, painter: QPainter, right: int, line: QRect) -> None:
        """Say that the score is that of a stale prediction."""
        clock = icons.pixmap("clock", _CLOCK, "muted", ratio=self._ratio)
        painter.drawPixmap(QPointF(right - _CLOCK - 3, line.y() + (line.height() - _CLOCK) / 2), clock)

    def _paint_bar(self, painter: QPainter, place: QRectF, record: ImageRecord) -> None:
        if record.score is None:
            return
        colors = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.line))
        painter.drawRoundedRect(place, _BAR / 2, _BAR / 2)
        look = verdict_look(record)
        token = look.token if look else "muted"
        painter.setBrush(colors.color("disabled" if record.is_stale else token))
        filled = QRectF(place.topLeft(), place.size())
        filled.setWidth(max(place.height(), place.width() * record.score))
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same height for every row."""
        return QSize(0, ROW_HEIGHT)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Say in words what the dot means, and why an image failed."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        record: ImageRecord = index.data(RecordRole)
        QToolTip.showText(event.globalPos(), f"{record.rel}\n{status_tip(record)}", view)
        return True


def score_text(score: float) -> str:
    """Return a score (0 … 1) as the queue writes it: ``.93``, and ``1.0`` when it rounds to one."""
    text = f"{score:.2f}"
    return "1.0" if text == "1.00" else text.removeprefix("0")
