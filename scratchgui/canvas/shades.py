"""Patterns of classes: places where a label covers the image more, and others where it covers it less."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from scratchgui.core.classes import Pattern
from scratchgui.core.patterns import pattern_tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.canvas.rough import Sheet

PERIOD: Final = 8
"""After so many logical pixels a pattern repeats; even, so that it fits a picture of half the size."""

_MORE = 1.6
"""How much more than without a pattern a label covers on its lines."""
_KINDS: Final = tuple(Pattern)


def shades(opacity: float, between: float) -> tuple[float, ...]:
    """Return how much a label covers (0 … 1) without a pattern, and between, at the edge of and on its lines.

    Args:
        opacity: How much it covers without a pattern.
        between: What is left of that between the lines (0 … 1).
    """
    less, more = opacity * between, min(1.0, opacity * _MORE)
    return opacity, less, (less + more) / 2, more


def kinds_of(patterns: Sequence[Pattern]) -> NDArray[np.uint8] | None:
    """Return a number for the pattern of each label, uint8 (256,), for `with_shades`; None when all are plain.

    Args:
        patterns: Of class 1, 2, …; further ones are plain.
    """
    if all(pattern is Pattern.PLAIN for pattern in patterns):
        return None
    kinds = np.zeros(256, np.uint8)
    kinds[1 : len(patterns) + 1] = [_KINDS.index(pattern) for pattern in patterns]
    return kinds


def with_shades(
    labels: NDArray[np.uint8], kinds: NDArray[np.uint8], sheet: Sheet, x: int, y: int
) -> NDArray[np.uint16]:
    """Return labels, each plus 256 times the number of its shade in `shades`, uint16 (h, w).

    Args:
        labels: Of pixels of the sheet, uint8 (h, w).
        kinds: The pattern of each label, from `kinds_of`.
        sheet: What is painted on; a pattern begins where the image does, so that it moves with it.
        x: Column of the first of them on it.
        y: Row of the first of them.
    """
    rows = _places(y, labels.shape[0], sheet.place.y, sheet)
    columns = _places(x, labels.shape[1], sheet.place.x, sheet)
    there, values = kinds.take(labels), labels.astype(np.uint16)
    for kind in set(kinds.tolist()) - {0}:
        tile = _numbers(_KINDS[kind], sheet.period, sheet.step)[rows][:, columns]
        np.add(values, tile, out=values, where=there == kind)
    return values


def _places(start: int, count: int, origin: float, sheet: Sheet) -> NDArray[np.intp]:
    """Return the row (or column) of the tile for each pixel of a sheet from `start` on."""
    return np.asarray((np.arange(start, start + count) * sheet.step - round(origin * sheet.step)) % sheet.period)


@lru_cache(maxsize=16)
def _numbers(pattern: Pattern, period: int, step: int) -> NDArray[np.uint16]:
    """Return 256 times the number of the shade of `step` by `step` pixels from each of a tile on, uint16 (period,) * 2.

    Do not write into it.
    """
    tile, there = pattern_tile(pattern, period), range(step)
    covered = sum(np.roll(tile, (-y, -x), (0, 1)) for y in there for x in there) / np.float32(step * step)
    return (1 + np.round(2 * covered)).astype(np.uint16) * np.uint16(256)
