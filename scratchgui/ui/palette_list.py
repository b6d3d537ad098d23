"""The rows of the command palette: headings and entries, painted by hand."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scratchgui.ui import icons, theme, tokens
from scratchgui.ui.palette_search import Match
from scratchgui.ui.widgets.key_caps import caps_width, paint_caps, split_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT: Final = 34
HEAD_HEIGHT: Final = 28
_ICON: Final = 16
_SIDE: Final = 10
_ROOT: Final = QModelIndex()
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PaletteModel(QAbstractListModel):
    """Matches, with headings between them where they are grouped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Match | str] = []
        self.grouped = False

    def set_matches(self, matches: Sequence[Match], *, grouped: bool) -> None:
        """Show other matches; grouped, a heading comes before each group."""
        self.beginResetModel()
        self.grouped = grouped
        self.rows = list(matches)
        if grouped:
            self.rows = []
            for group, members in groupby(matches, key=lambda match: match.entry.group):
                self.rows += [group, *members]
        self.endResetModel()

    def match_at(self, row: int) -> Match | None:
        """Return the match of a row; None for a heading and outside."""
        item = self.rows[row] if 0 <= row < len(self.rows) else None
        return item if isinstance(item, Match) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let entries be chosen, headings not."""
        if self.match_at(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text, also for screen readers."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        item = self.rows[index.row()]
        return item if isinstance(item, str) else item.entry.text


class PaletteDelegate(QStyledItemDelegate):
    """Paints icon, text with the found letters in bold, detail and key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height."""
        return QSize(0, HEAD_HEIGHT if isinstance(_row(index), str) else ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row = _row(index)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, str):
            self._paint_heading(painter, box, row)
        else:
            self._paint_entry(painter, box, row, _detail(index, row), option.state)
        painter.restore()

    def _paint_heading(self, painter: QPainter, box: QRectF, text: str) -> None:
        painter.setFont(theme.sized_font(tokens.CAPTION_SIZE, semibold=True))
        painter.setPen(theme.current().color("muted"))
        painter.drawText(box.adjusted(_SIDE, 6, -_SIDE, 0), _LEFT, text)

    def _paint_entry(self, painter: QPainter, box: QRectF, match: Match, detail: str, state: QStyle.StateFlag) -> None:
        colors, entry = theme.current(), match.entry
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("selection"))
            painter.drawRoundedRect(box, tokens.RADIUS, tokens.RADIUS)
        middle = box.center().y()
        x = box.left() + _SIDE
        if entry.icon:
            ratio = painter.device().devicePixelRatioF()
            picture = icons.pixmap(entry.icon, _ICON, "text" if selected else "muted", ratio=ratio)
            painter.drawPixmap(QRectF(x, middle - _ICON / 2, _ICON, _ICON), picture, QRectF(picture.rect()))
        caps = split_keys(entry.key)
        right = box.right() - _SIDE
        paint_caps(painter, right, middle, caps)
        text = QRectF(x + _ICON + 10, box.top(), right - caps_width(caps) - x - _ICON - 22, box.height())
        self._paint_detail(painter, text, detail, self._paint_text(painter, text, match))

    def _paint_text(self, painter: QPainter, box: QRectF, match: Match) -> float:
        """Paint the text and return how wide it became."""
        plain, bold = theme.sized_font(tokens.TEXT_SIZE), theme.sized_font(tokens.TEXT_SIZE, semibold=True)
        text = QFontMetricsF(bold).elidedText(match.entry.text, Qt.TextElideMode.ElideMiddle, box.width())
        letters = match.letters if text == match.entry.text else frozenset()
        x = box.left()
        for found, places in groupby(range(len(text)), key=letters.__contains__):
            piece = "".join(text[at] for at in places)
            font = bold if found else plain
            painter.setFont(font)
            painter.setPen(theme.current().color("accent" if found else "text"))
            painter.drawText(QRectF(x, box.top(), box.right() - x + 4, box.height()), _LEFT, piece)
            x += QFontMetricsF(font).horizontalAdvance(piece)
        return x - box.left()

    def _paint_detail(self, painter: QPainter, box: QRectF, detail: str, taken: float) -> None:
        room = box.adjusted(taken + 10, 0, 0, 0)
        font = theme.sized_font(12)
        shown = QFontMetricsF(font).elidedText(detail, Qt.TextElideMode.ElideMiddle, room.width())
        if detail and room.width() > 48:
            painter.setFont(font)
            painter.setPen(theme.current().color("muted"))
            painter.drawText(room, _LEFT, shown)


def _row(index: Index) -> Match | str:
    model = index.model()
    assert isinstance(model, PaletteModel)
    return model.rows[index.row()]


def _detail(index: Index, match: Match) -> str:
    """Return the detail, with the group before it where no heading says it."""
    model = index.model()
    grouped = isinstance(model, PaletteModel) and model.grouped
    parts = [match.entry.detail] if grouped else [match.entry.group, match.entry.detail]
    return " · ".join(part for part in parts if part)
