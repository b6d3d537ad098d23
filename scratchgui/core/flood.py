"""The connected pixels of one label around a place, found tile by tile, so that the rest of the image costs nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask

TILE = 256
"""Side of the tiles (px)."""
_FLAGS = (1 << 8) | cv2.FLOODFILL_MASK_ONLY
_RUN = re.compile(b"\0\1")


class _Tile:
    """A tile with one pixel of its neighbors all around: what is reached there is where they go on.

    Attributes:
        inner: The tile (px).
        window: It and the pixels around it.
        reached: 1 where the region is, uint8 (window height, window width).
    """

    def __init__(self, mask: Mask, label: int, row: int, column: int, neighbors: int) -> None:
        self._flags = _FLAGS | neighbors
        height, width = mask.shape
        self.inner = Box(column * TILE, row * TILE, TILE, TILE).clipped(width, height)
        self.window = self.inner.expanded(1).clipped(width, height)
        self._same = np.asarray(mask[self.window.slices] == label, np.uint8)
        self._bordered = np.zeros((self.window.height + 2, self.window.width + 2), np.uint8)  # as OpenCV wants it
        self.reached: NDArray[np.uint8] = self._bordered[1:-1, 1:-1]

    def flood(self, x: int, y: int) -> Box | None:
        """Go on from a pixel of the image; return the box that was reached anew, in image px, None for nothing."""
        column, row = x - self.window.x, y - self.window.y
        if self.reached[row, column]:
            return None
        *_, rect = cv2.floodFill(self._same, self._bordered, (column, row), 1, flags=self._flags)
        left, top, width, height = (int(value) for value in rect)
        return Box(left + self.window.x, top + self.window.y, width, height)

    def ways_out(self) -> Iterator[tuple[int, int]]:
        """Yield one pixel, column and row, of each run of reached pixels that belong to a neighbor."""
        window, inner = self.window, self.inner
        above, below = range(window.y, inner.y), range(inner.bottom, window.bottom)
        left, right = range(window.x, inner.x), range(inner.right, window.right)
        inside = range(inner.x, inner.right)
        for y in (*above, *below):
            for columns in (left, inside, right):
                for x in self._runs(columns, range(y, y + 1)):
                    yield columns.start + x, y
        for x in (*left, *right):
            for y in self._runs(range(x, x + 1), range(inner.y, inner.bottom)):
                yield x, inner.y + y

    def _runs(self, columns: range, rows: range) -> list[int]:
        """Return where runs of reached pixels begin in a row or column of the image."""
        x, y = self.window.x, self.window.y
        line = self.reached[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x].tobytes()
        # On so few pixels this is five times as quick as NumPy.
        return [run.start() for run in _RUN.finditer(b"\0" + line)]


class Flood:
    """The pixels of one label that are connected with a pixel.

    Attributes:
        box: Their bounding box (px).
        complete: Whether these are all; otherwise they go on in more tiles than were to be looked at.
    """

    def __init__(self, mask: Mask, x: int, y: int, *, corners: bool = True, most_tiles: int | None = None) -> None:
        """Find them.

        Args:
            mask: uint8 (H, W).
            x: Column (px), inside.
            y: Row (px), inside.
            corners: Whether pixels that touch at corners alone are connected.
            most_tiles: Give up where they lie in more tiles than this.
        """
        label, neighbors = int(mask[y, x]), 8 if corners else 4
        self._tiles: dict[tuple[int, int], _Tile] = {}
        self.box, waiting = Box.empty(), [(x, y)]
        self.complete = True
        while waiting:
            column, row = waiting.pop()
            place = row // TILE, column // TILE
            if place not in self._tiles:
                if len(self._tiles) == most_tiles:
                    self.complete = False
                    return
                self._tiles[place] = _Tile(mask, label, *place, neighbors)
            anew = self._tiles[place].flood(column, row)
            if anew is not None:
                self.box = self.box.union(anew)
                waiting += self._tiles[place].ways_out()

    def holds(self, x: int, y: int) -> bool:
        """Tell whether a pixel, inside or outside of the image, was found to be one of them."""
        tile = self._tiles.get((y // TILE, x // TILE))
        if tile is None:
            return False
        column, row = x - tile.window.x, y - tile.window.y
        height, width = tile.reached.shape
        return column < width and row < height and bool(tile.reached[row, column])

    def pixels(self) -> NDArray[np.bool_]:
        """Return which pixels of the box are found, bool (box height, box width)."""
        box = self.box
        pixels = np.zeros((box.height, box.width), bool)
        for tile in self._tiles.values():
            part = tile.inner.intersection(box)
            pixels[part.relative_to(box).slices] = tile.reached[part.relative_to(tile.window).slices]
        return pixels


def connected(mask: Mask, x: int, y: int) -> tuple[Box, NDArray[np.bool_]]:
    """Return the pixels of one label that are connected with a pixel (8-neighborhood).

    Args:
        mask: uint8 (H, W).
        x: Column (px), inside.
        y: Row (px), inside.

    Returns:
        The region's box and its pixels, bool (box height, box width).
    """
    flood = Flood(mask, x, y)
    return flood.box, flood.pixels()
