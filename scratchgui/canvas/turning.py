"""The view rotated by quarter turns: from the picture, which is put together upright, to the screen and back."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QTransform

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Turn:
    """A rotation of a picture; all numbers are device pixels.

    Attributes:
        quarters: Quarter turns clockwise, 0 … 3.
        width: Width of the picture before it is turned.
        height: Its height.
    """

    quarters: int = 0
    width: int = 1
    height: int = 1

    @staticmethod
    def of_screen(quarters: int, width: int, height: int) -> Turn:
        """Return the rotation that fills a screen of this size."""
        return Turn(quarters, height, width) if quarters % 2 else Turn(quarters, width, height)

    @property
    def screen(self) -> tuple[int, int]:
        """Width and height of the turned picture."""
        return (self.height, self.width) if self.quarters % 2 else (self.width, self.height)

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture is on the screen."""
        match self.quarters:
            case 1:
                return self.height - y, x
            case 2:
                return self.width - x, self.height - y
            case 3:
                return y, self.width - x
        return x, y

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return which point of the picture is at a point of the screen."""
        match self.quarters:
            case 1:
                return y, self.height - x
            case 2:
                return self.width - x, self.height - y
            case 3:
                return self.width - y, x
        return x, y

    def box_to_screen(self, box: Box) -> Box:
        """Return where a box of the picture is on the screen."""
        return _spanned(self.to_screen(box.x, box.y), self.to_screen(box.right, box.bottom))

    def box_to_picture(self, box: Box) -> Box:
        """Return which box of the picture is at a box of the screen."""
        return _spanned(self.to_picture(box.x, box.y), self.to_picture(box.right, box.bottom))

    def sides_to_picture(self, sides: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """Return what lies along the left, top, right and bottom side of the picture, from that of the screen."""
        left, top, right, bottom = sides[self.quarters :] + sides[: self.quarters]
        return left, top, right, bottom

    @property
    def transform(self) -> QTransform:
        """The same for a painter: paint in the picture's pixels, see it turned."""
        match self.quarters:
            case 1:
                return QTransform(0, 1, -1, 0, self.height, 0)
            case 2:
                return QTransform(-1, 0, 0, -1, self.width, self.height)
            case 3:
                return QTransform(0, -1, 1, 0, 0, self.width)
        return QTransform()


def _spanned(one: tuple[float, float], other: tuple[float, float]) -> Box:
    x, y = round(min(one[0], other[0])), round(min(one[1], other[1]))
    return Box(x, y, round(max(one[0], other[0])) - x, round(max(one[1], other[1])) - y)


@contextmanager
def upright(painter: QPainter, ratio: float) -> Iterator[Callable[[QRect], QRect]]:
    """Paint in the screen's pixels, for text; yields what finds the place there of a rectangle of the picture.

    Args:
        painter: Turned with the picture; it is again afterwards.
        ratio: Device pixels per logical pixel.
    """
    turned = painter.worldTransform() * QTransform.fromScale(ratio, ratio)
    painter.save()
    painter.resetTransform()
    painter.scale(1 / ratio, 1 / ratio)
    yield lambda rect: turned.mapRect(QRectF(rect)).toRect()
    painter.restore()
