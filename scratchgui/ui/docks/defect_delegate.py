"""One defect as a table row painted by hand: number, class color, size, area, probability, and class name if told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scratchgui.core.classes import class_color
from scratchgui.ui import theme, tokens
from scratchgui.ui.docks.defect_model import ClassRole, RegionRole, probability_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.regions import Region

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT: Final = 28
NAMED_ROW_HEIGHT: Final = 42
SIDE: Final = tokens.GAP_M
NUMBER_LEFT: Final = 30
SIZE_LEFT: Final = 68
AREA_RIGHT: Final = 58
_SWATCH: Final = 10
_NAME_TOP: Final = 23
_NAME_HEIGHT: Final = 15


class DefectDelegate(QStyledItemDelegate):
    """Paints rows of `ROW_HEIGHT` px; with class names under the sizes, of `NAMED_ROW_HEIGHT` px.

    Attributes:
        named: Whether the rows have class names.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._colors: list[QColor] = []
        self._font = theme.sized_font(tokens.TEXT_SIZE)
        self._small = theme.sized_font(tokens.CAPTION_SIZE)
        self.named = False

    def set_colors(self, colors: Sequence[str]) -> None:
        """Take the classes' colors, in the order of their labels."""
        self._colors = [QColor(color) for color in colors]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_background(painter, option.rect, option.state)
        self._paint_numbers(painter, QRect(option.rect.topLeft(), QSize(option.rect.width(), ROW_HEIGHT)), index)
        if self.named:
            self._paint_name(painter, option.rect, index.data(ClassRole))
        painter.restore()

    def _paint_numbers(self, painter: QPainter, row: QRect, index: Index) -> None:
        region: Region = index.data(RegionRole)
        colors = theme.current()
        painter.setBrush(self._color(region.label))
        swatch = QRectF(row.x() + SIDE, row.center().y() - _SWATCH / 2 + 1, _SWATCH, _SWATCH)
        painter.drawRoundedRect(swatch, 2.5, 2.5)
        painter.setFont(self._font)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(colors.muted))
        painter.drawText(row.adjusted(NUMBER_LEFT, 0, 0, 0), middle, str(region.number))
        painter.drawText(row.adjusted(0, 0, -AREA_RIGHT, 0), right, _area(region))
        painter.setPen(QColor(colors.text))
        painter.drawText(row.adjusted(SIZE_LEFT, 0, 0, 0), middle, self._fitting_size(region, row))
        painter.drawText(row.adjusted(0, 0, -SIDE, 0), right, probability_text(region))

    def _paint_name(self, painter: QPainter, row: QRect, name: str) -> None:
        room = QRect(row.x() + SIZE_LEFT, row.y() + _NAME_TOP, row.width() - SIZE_LEFT - SIDE, _NAME_HEIGHT)
        painter.setFont(self._small)
        painter.setPen(QColor(theme.current().muted))
        text = QFontMetrics(self._small).elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_background(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        flags, colors = QStyle.StateFlag, theme.current()
        if state & flags.State_Selected:
            painter.setBrush(QColor(colors.selection))
        elif state & flags.State_MouseOver:
            painter.setBrush(QColor(colors.hover))
        else:
            return
        painter.drawRoundedRect(QRectF(row).adjusted(4, 0, -4, 0), 4, 4)

    def _color(self, label: int) -> QColor:
        if 0 < label <= len(self._colors):
            return self._colors[label - 1]
        return QColor(class_color(max(1, label)))

    def _fitting_size(self, region: Region, row: QRect) -> str:
        metrics = QFontMetrics(self._font)
        room = row.width() - SIZE_LEFT - AREA_RIGHT - metrics.horizontalAdvance(_area(region)) - tokens.GAP_S
        return metrics.elidedText(_size(region), Qt.TextElideMode.ElideRight, room)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the same height for every row."""
        return QSize(0, NAMED_ROW_HEIGHT if self.named else ROW_HEIGHT)


def _size(region: Region) -> str:
    """Return "1043 × 512", as short as it can be: the table's head has the unit."""
    return f"{region.box.width} × {region.box.height}"


def _area(region: Region) -> str:
    return f"{region.area:,}"
