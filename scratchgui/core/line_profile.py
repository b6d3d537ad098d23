"""How wide a scratch is, and where its middle is, from the gray levels across it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scratchgui.core.ridge import Ridge
from scratchgui.core.strip import blurred, normals, spaced, straightened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.line_map import Points

_SECTIONS: Final = 24
_COLUMNS: Final = 192
_STEP: Final = 0.5
"""Distance of the samples across (px)."""
_NEAR: Final = 4
"""So many samples from the line the scratch is deepest at most."""
_SURFACE: Final = 30
"""Percentile of the levels across that is taken for the surface beside the scratch."""
_FOOT: Final = 1 / 3
"""Depth at which the width is taken. At half of it, scratches measured 0.7 of what inspectors had marked."""
_SHALLOW: Final = 2.0
"""Less deep (gray levels) it is no scratch."""
_CENTERED: Final = 8.0
"""Scratches that are wider (px) are centered: their strongest ridge may be one of their edges."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What was measured along a line.

    Attributes:
        widths: Width of each section (px) that is a scratch.
        at: Where these sections are, 0 … 1 of the line's length.
        offsets: How far to the left of the line their middles are (px).
    """

    widths: NDArray[np.float64]
    at: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def centered(self, line: Points) -> Points:
        """Return the line moved into the middle of a wide scratch; its ends move too."""
        if len(self.at) < 3 or (width := float(np.median(self.widths))) < _CENTERED:
            return line
        shifts = np.clip(cv2.medianBlur(self.offsets.astype(np.float32), 5).ravel(), -width / 2, width / 2)
        wanted = np.interp(np.linspace(0, 1, len(line)), self.at, shifts)
        smooth = blurred(wanted[:, None], max(1.0, len(line) / _SECTIONS))
        return np.asarray(line + normals(line) * smooth, np.float64)


def measured(image: NDArray[np.uint8], line: Points, ridge: Ridge, reach: float) -> Profile:
    """Measure a scratch across.

    Args:
        image: uint8 (H, W) gray or (H, W, 3) RGB.
        line: Along its middle, at least two points.
        ridge: Of which kind it is.
        reach: How far to each side to look (px): half of the largest width.
    """
    points = spaced(line, 1.0, _COLUMNS)
    offsets = np.arange(-reach, reach + _STEP / 2, _STEP)
    count = max(1, min(_SECTIONS, len(points) // 4))
    starts = np.linspace(0, len(points), count + 1).astype(np.intp)
    sums = np.add.reduceat(straightened(image, points, offsets), starts[:-1], axis=1)
    sections = blurred(sums / np.diff(starts), 1.0)
    profiles, surface = _as_bright(sections, ridge)
    found = [(index, *edges) for index in range(count) if (edges := _edges(profiles[:, index], surface[index]))]
    at, left, right = np.array(found, np.float64).reshape(-1, 3).T
    middle = len(offsets) // 2
    return Profile((right - left) * _STEP, (at + 0.5) / count, ((left + right) / 2 - middle) * _STEP)


def _as_bright(sections: NDArray[np.float64], ridge: Ridge) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sections with the scratch brighter than the surface, and the level of the surface."""
    dark, bright = np.percentile(sections, [_SURFACE, 100 - _SURFACE], axis=0)
    core = _core(sections)
    higher, lower = np.median(core.max(axis=0) - dark), np.median(bright - core.min(axis=0))
    if ridge is Ridge.BRIGHT or (ridge is Ridge.EITHER and higher >= lower):
        return sections, dark
    return -sections, -bright


def _core(sections: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = len(sections) // 2
    return sections[max(0, middle - _NEAR) : middle + _NEAR + 1]


def _edges(profile: NDArray[np.float64], surface: float) -> tuple[float, float] | None:
    """Return where a profile rises above the foot and falls below it again (samples); None where it is too shallow."""
    top = max(0, len(profile) // 2 - _NEAR) + int(_core(profile).argmax())
    depth = profile[top] - surface
    if depth < _SHALLOW:
        return None
    foot = surface + _FOOT * depth
    below = np.flatnonzero(profile <= foot)
    place = int(np.searchsorted(below, top))
    left, right = 0.0, float(len(profile) - 1)
    if place > 0:
        low = below[place - 1]
        left = low + (foot - profile[low]) / (profile[low + 1] - profile[low])
    if place < len(below):
        low = below[place]
        right = low - (foot - profile[low]) / (profile[low - 1] - profile[low])
    return float(left), float(right)
