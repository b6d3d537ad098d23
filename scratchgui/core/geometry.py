"""Integer pixel boxes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels: columns x … x + width - 1, rows y … y + height - 1 (px)."""

    x: int
    y: int
    width: int
    height: int

    @staticmethod
    def empty() -> Box:
        """Return the box without pixels."""
        return Box(0, 0, 0, 0)

    @property
    def right(self) -> int:
        """First column after the box (px)."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row after the box (px)."""
        return self.y + self.height

    @property
    def area(self) -> int:
        """Number of pixels (px²)."""
        return self.width * self.height

    @property
    def is_empty(self) -> bool:
        """Tell whether the box has no pixels."""
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices to cut the box out of an array (H, W, …)."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def union(self, other: Box) -> Box:
        """Return the smallest box around both; an empty box adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def intersection(self, other: Box) -> Box:
        """Return the pixels in both, or the empty box."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(x, y, right - x, bottom - y) if right > x and bottom > y else Box.empty()

    def expanded(self, margin: int) -> Box:
        """Return the box grown by `margin` px on every side."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def moved(self, dx: int, dy: int) -> Box:
        """Return the box elsewhere (px)."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def relative_to(self, other: Box) -> Box:
        """Return the box as it lies in another one's own columns and rows (px)."""
        return self.moved(-other.x, -other.y)

    def clipped(self, width: int, height: int) -> Box:
        """Return the part inside an image of `width` × `height` px."""
        return self.intersection(Box(0, 0, width, height))
