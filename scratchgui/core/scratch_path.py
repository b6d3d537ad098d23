"""A scratch drawn from node to node, each part along the ridge between its ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scratchgui.core.line_fit import fitted
from scratchgui.core.line_map import LineMap
from scratchgui.core.line_profile import measured
from scratchgui.core.ridge import Ridge, nearest_ridge
from scratchgui.core.strip import length_of, smoothed, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.line_map import Points

Node = tuple[float, float]
"""Column and row in image coordinates (px)."""

WIDEST: Final = 48
"""Largest width that is measured (px)."""

_SMOOTHING: Final = 2.0
_MAPS: Final = 4
_SECTIONS: Final = 3
"""Fewer sections that look like a scratch tell no width."""


@dataclass(frozen=True, slots=True)
class Snapping:
    """How parts of the line find their way.

    Attributes:
        ridge: Along which lines of the image; None for straight parts.
        width: How wide the scratch is (px); None for any width.
        reach: How far beside the mouse a line is caught (px).
    """

    ridge: Ridge | None = Ridge.EITHER
    width: float | None = None
    reach: float = 6.0


@dataclass(frozen=True, slots=True)
class Part:
    """The way from one node to the next.

    Attributes:
        points: The line, both nodes included.
        widths: Widths that were measured along it (px); may be none.
    """

    points: Points
    widths: NDArray[np.float64]


class Tracer:
    """Finds ways through one image; what it has seen around a node is kept while the mouse moves."""

    def __init__(self, image: NDArray[np.uint8]) -> None:
        """Begin; the image, uint8 (H, W) gray or (H, W, 3) RGB, is not copied."""
        self._image = image
        self._maps: dict[tuple[Node, Ridge, float | None], LineMap] = {}

    def caught(self, x: float, y: float, how: Snapping) -> Node:
        """Return the point of a line near the mouse, or where the mouse is; never outside of the image."""
        height, width = self._image.shape[:2]
        inside = min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))
        if how.ridge is None:
            return inside
        return nearest_ridge(self._image, *inside, how.reach, how.ridge, how.width)

    def between(self, start: Node, end: Node, how: Snapping) -> Part:
        """Return the way from one node to another."""
        straight = np.array([start, end], np.float64)
        if how.ridge is None or length_of(straight) < 2:
            return self._measured(straight, how)
        line_map = self._map(start, how.ridge, how.width)
        line = line_map.path_to(*end)
        if len(line) == 2:
            return self._measured(line, how)
        line = smoothed(spaced(line, line_map.cell, 4000), _SMOOTHING)
        if line_map.cell > 1:
            line = fitted(self._image, line, 2.0 * line_map.cell, how.ridge, how.width)
        return self._measured(line, how)

    def along(self, trail: Sequence[Node], how: Snapping) -> Part:
        """Return the way that a drag took, moved onto the line beside it."""
        line = np.array(trail, np.float64)
        if how.ridge is None or length_of(line) < 2:
            return self._measured(line, how)
        return self._measured(fitted(self._image, line, 2 * how.reach, how.ridge, how.width), how)

    def _map(self, start: Node, ridge: Ridge, width: float | None) -> LineMap:
        found = self._maps.get((start, ridge, width))
        if found is None:
            while len(self._maps) >= _MAPS:
                del self._maps[next(iter(self._maps))]
            found = self._maps[start, ridge, width] = LineMap(self._image, start, ridge, width)
        return found

    def _measured(self, line: Points, how: Snapping) -> Part:
        if length_of(line) < 1:
            return Part(line, np.empty(0))
        profile = measured(self._image, line, how.ridge or Ridge.EITHER, WIDEST / 2)
        return Part(line if how.ridge is None else profile.centered(line), profile.widths)


def width_of(parts: Sequence[Part]) -> float | None:
    """Return the width that was measured along parts of a line (px), their median; None where there is no scratch."""
    widths = np.concatenate([np.empty(0), *(part.widths for part in parts)])
    return float(np.median(widths)) if len(widths) >= _SECTIONS else None
