"""The images that a new model marks otherwise than the one before: both side by side, the verdicts below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from scratchgui.ui import theme, tokens
from scratchgui.ui.verdict_look import VERDICT_LOOKS
from scratchgui.ui.widgets.basics import label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from scratchgui.core.comparison import ComparedImage

PICTURE: Final = 168
"""Side of each of the two pictures (px)."""
_CARD: Final = QSize(2 * PICTURE + 3 * tokens.GAP_S, PICTURE + 64)


class ChangeCard(QToolButton):
    """One image, as a button that opens it."""

    def __init__(self, image: ComparedImage, names: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = image
        self._names = names
        self._pictures: list[QPixmap] = []
        self.setProperty("role", "tile")
        self.setFixedSize(_CARD)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{image.key}: open it in the window")
        self.setAccessibleName(f"{image.key}, {self.sentence}")

    @property
    def sentence(self) -> str:
        """What becomes of the verdict, in words."""
        before, after = self.image.verdict_champion, self.image.verdict_challenger
        return f"{before} → {after}" if before != after else f"still {after}"

    @property
    def has_pictures(self) -> bool:
        """Tell whether the pictures have come."""
        return bool(self._pictures)

    def set_pictures(self, before: QImage, after: QImage) -> None:
        """Show what each model marks."""
        self._pictures = [QPixmap.fromImage(picture) for picture in (before, after)]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, and what is below them."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colors = theme.current()
        gap = tokens.GAP_S
        for side in range(2):
            place = QRect(gap + side * (PICTURE + gap), gap, PICTURE, PICTURE)
            painter.fillRect(place, colors.color("surround"))
            if self._pictures:
                picture = self._pictures[side]
                size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
                corner = place.topLeft() + QPoint((PICTURE - size.width()) // 2, (PICTURE - size.height()) // 2)
                painter.drawPixmap(QRect(corner, size), picture)
            self._write_below(painter, side, place)
        painter.setPen(colors.color("text"))
        name = QRect(gap, PICTURE + gap + 28, _CARD.width() - 2 * gap, 20)
        painter.setFont(theme.sized_font(tokens.TEXT_SIZE))
        text = painter.fontMetrics().elidedText(self.image.key, Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _write_below(self, painter: QPainter, side: int, place: QRect) -> None:
        colors = theme.current()
        verdict = (self.image.verdict_champion, self.image.verdict_challenger)[side]
        mark = (self.image.champion_mark, self.image.challenger_mark)[side]
        line = QRect(place.x(), place.bottom() + 4, place.width(), 20)
        painter.setFont(theme.sized_font(tokens.CAPTION_SIZE))
        painter.setPen(colors.color("muted"))
        right = f"mark {mark:.2f}" if mark is not None else ""
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        name = f"{self._names[side]}  "
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        offset = painter.fontMetrics().horizontalAdvance(name)
        painter.setFont(theme.sized_font(tokens.CAPTION_SIZE, semibold=True))
        look = next((look for name, look in VERDICT_LOOKS.items() if name == verdict), None)
        painter.setPen(colors.color(look.token if look else "muted"))
        place = line.adjusted(offset, 0, 0, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, verdict)


class ChangeGallery(QScrollArea):
    """Cards in as many columns as there is room for.

    Signals:
        chosen(str): An image was clicked; its name in the project.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, ChangeCard] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget(self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.GAP_M)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._empty = label("", "muted", wrap=True, parent=page)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, tokens.GAP_S, 0)
        layout.addWidget(self._empty)
        layout.addLayout(self._grid)
        layout.addStretch()
        self.setWidget(page)

    def show_images(self, images: list[ComparedImage], names: tuple[str, str], empty: str) -> None:
        """Show images in order; `names` are those of the models, `empty` the sentence where there is no image."""
        for card in self.cards.values():
            self._grid.removeWidget(card)
            card.deleteLater()
        self.cards = {image.key: ChangeCard(image, names, self.widget()) for image in images}
        for key, card in self.cards.items():
            card.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
        self._empty.setText(empty)
        self._empty.setVisible(not images)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room for columns."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.viewport().width() - tokens.GAP_S + tokens.GAP_M
        columns = max(1, room // (_CARD.width() + tokens.GAP_M))
        for number, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, number // columns, number % columns)
            card.show()
