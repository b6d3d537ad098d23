"""What lies over the image: label maps and probabilities in colors from a table of 256."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from scratchgui.canvas.pyramid import MaxPyramid
from scratchgui.canvas.sampling import sample_labels
from scratchgui.canvas.shades import kinds_of, shades, with_shades
from scratchgui.core.classes import class_color
from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scratchgui.canvas.rough import Sheet
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.classes import Pattern


Piece: TypeAlias = "tuple[int, int, NDArray[np.uint32]]"

_HEAT_OPACITY = 0.8
_BETWEEN, _GAPS = 0.4, 0.5
"""What is left of a fill and of an outline between the lines of a pattern; never nothing."""
_BAND = 240
"""Height of the parts that are looked up at once (device px); those without a label cost nearly nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a layer is drawn.

    Attributes:
        fill: Color of each value, premultiplied 0xaarrggbb, uint32 (256,); with patterns, those of the other shades
            follow, uint32 (4 * 256,).
        edge: The same for pixels at the border of their label; None when they look like the rest.
        kinds: The pattern of each value as in `with_shades`, uint8 (256,); None when there are no patterns.
    """

    fill: NDArray[np.uint32]
    edge: NDArray[np.uint32] | None = None
    kinds: NDArray[np.uint8] | None = None


class Layer:
    """One label map, or the probability, over the image.

    Attributes:
        pyramid: The values and their smaller versions.
        look: How it is drawn.
    """

    def __init__(self, values: NDArray[np.uint8], look: Look) -> None:
        """Show values, uint8 (H, W); the array is not copied."""
        self.pyramid = MaxPyramid(values)
        self.look = look

    def pieces(self, sheet: Sheet, box: Box) -> Iterator[Piece]:
        """Yield the parts of a box that are not clear: column and row (px of the sheet), premultiplied colors (h, w).

        Args:
            sheet: What they are painted on.
            box: Pixels of the sheet, within those of the image.
        """
        place, margin = sheet.place, 0 if self.look.edge is None else sheet.edge_width
        for y in range(box.y, box.bottom, _BAND):
            band = self._occupied(place, Box(box.x, y, box.width, min(_BAND, box.bottom - y)), margin)
            if band.is_empty:
                continue
            wide = band.expanded(margin).intersection(sheet.image)
            labels = self.sample(place, wide)
            if cv2.countNonZero(labels):
                yield self._piece(labels, sheet, band, wide)

    def sample(self, place: Placement, box: Box) -> NDArray[np.uint8]:
        """Return the label of each device pixel of a box within the image, uint8 (h, w)."""
        return sample_labels(self.pyramid, place, box)

    def _occupied(self, place: Placement, band: Box, margin: int) -> Box:
        """Return the part of a band between its first and last label, or the empty box."""
        x, y = place.to_image(band.x - margin, band.y - margin)
        right, bottom = place.to_image(band.right + margin, band.bottom + margin)
        left, top = floor(x), floor(y)
        # A pixel of a smaller version shows labels beside it.
        reach = 1 if place.zoom >= 1 else 2 * ceil(1 / place.zoom)
        seen = Box(left, top, ceil(right) - left, ceil(bottom) - top).expanded(reach)
        height, width = self.pyramid.levels[0].shape
        first, end = self.pyramid.occupied(seen.clipped(width, height))
        if first == end:
            return Box.empty()
        start = floor(place.x + (first - reach) * place.zoom) - margin
        stop = ceil(place.x + (end + reach) * place.zoom) + margin
        return Box(start, band.y, stop - start, band.height).intersection(band)

    def _piece(self, labels: NDArray[np.uint8], sheet: Sheet, band: Box, wide: Box) -> Piece:
        part = band.relative_to(wide).slices
        inner = None
        if self.look.edge is not None:
            inner = _eroded(labels, sheet.edge_width, closed=self.look.kinds is not None)[part]
        return band.x, band.y, self._colors(np.ascontiguousarray(labels[part]), inner, sheet, band.x, band.y)

    def _colors(
        self, labels: NDArray[np.uint8], inner: NDArray[np.uint8] | None, sheet: Sheet, x: int, y: int
    ) -> NDArray[np.uint32]:
        kinds, fill, edge_fill = self.look.kinds, self.look.fill, self.look.edge
        if kinds is None:
            values: NDArray[np.uint8] | NDArray[np.uint16] = labels
            colors = _looked_up(labels, fill)
        else:
            values = with_shades(labels, kinds, sheet, x, y)
            colors = fill.take(values)
        if edge_fill is not None and inner is not None:
            edge = np.flatnonzero(labels != inner)
            colors.reshape(-1)[edge] = edge_fill.take(values.reshape(-1).take(edge))
        return colors


def _looked_up(values: NDArray[np.uint8], table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the entry of each byte in a table, uint32 (256,)."""
    # OpenCV takes a third of the time that numpy takes.
    return np.asarray(cv2.LUT(values, table.view(np.int32))).view(np.uint32)


def _eroded(labels: NDArray[np.uint8], margin: int, *, closed: bool) -> NDArray[np.uint8]:
    """Return the lowest label around each pixel; beyond the image there is background where edges are to be closed."""
    around = np.ones((2 * margin + 1,) * 2)
    if closed:
        labels = cv2.copyMakeBorder(labels, *(margin,) * 4, cv2.BORDER_CONSTANT, value=0).astype(np.uint8, copy=False)
        return np.asarray(cv2.erode(labels, around)[margin:-margin, margin:-margin], np.uint8)
    return np.asarray(cv2.erode(labels, around), np.uint8)


def mask_look(
    opacity: float, colors: tuple[str, ...] = (), patterns: tuple[Pattern, ...] = (), *, outline: bool
) -> Look:
    """Return the look of the inspector's mask: filled, or its outline alone."""
    kinds = kinds_of(patterns)
    if outline:
        return _lined(0.0, 1.0, colors, kinds)
    if kinds is None:
        return Look(class_table(opacity, colors))
    # At its edges a pattern takes nothing away: a scratch that lies between two lines stays as visible as without.
    return Look(_shaded(opacity, _BETWEEN, colors), _shaded(opacity, 1.0, colors), kinds)


def prediction_look(
    opacity: float, colors: tuple[str, ...] = (), patterns: tuple[Pattern, ...] = (), *, outline: bool
) -> Look:
    """Return the look of a prediction that nobody has accepted: lightly filled within an outline."""
    return _lined(0.0 if outline else opacity * 0.4, min(1.0, opacity + 0.4), colors, kinds_of(patterns))


def candidate_look(opacity: float, colors: tuple[str, ...] = (), patterns: tuple[Pattern, ...] = ()) -> Look:
    """Return the look of predicted defects that are not in the mask, while they can be picked: a thin outline."""
    return _lined(0.0, min(1.0, opacity + 0.4), colors, kinds_of(patterns))


def _lined(fill: float, line: float, colors: tuple[str, ...], kinds: NDArray[np.uint8] | None) -> Look:
    """Return the look of an outline; with patterns it is dashed. The opacities are those of fill and line."""
    if kinds is None:
        return Look(class_table(fill, colors), class_table(line, colors))
    return Look(_shaded(fill, _BETWEEN, colors), _shaded(line, _GAPS, colors), kinds)


@lru_cache(maxsize=8)
def _shaded(opacity: float, between: float, colors: tuple[str, ...]) -> NDArray[np.uint32]:
    """Return the colors of the classes in each of the `shades`, uint32 (4 * 256,). Do not write into it."""
    return np.concatenate([class_table(shade, colors) for shade in shades(opacity, between)])


@lru_cache(maxsize=32)
def class_table(opacity: float, colors: tuple[str, ...] = ()) -> NDArray[np.uint32]:
    """Return the color of each class with an opacity (0 … 1), uint32 (256,); 0 is clear. Do not write into it.

    Args:
        opacity: How much they cover.
        colors: Color of class 1, 2, … as #rrggbb, or empty for one that is clear; others have colors of their own.
    """
    table = np.zeros(256, np.uint32)
    for label in range(1, 256):
        color = colors[label - 1] if label <= len(colors) else class_color(label)
        if not color:
            continue
        value = int(color[1:], 16)
        table[label] = _premultiplied(value >> 16, value >> 8 & 255, value & 255, opacity)
    return table


@lru_cache(maxsize=1)
def heat_look() -> Look:
    """Return the look of a probability: dark to bright in equal steps to the eye, clear where it is zero."""
    colors = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_INFERNO)[:, 0]
    table = np.zeros(256, np.uint32)
    for value, (blue, green, red) in enumerate(colors.tolist()):
        table[value] = _premultiplied(red, green, blue, _HEAT_OPACITY * min(1.0, value / 128))
    return Look(table)


def _premultiplied(red: int, green: int, blue: int, opacity: float) -> int:
    alpha = round(255 * opacity)
    red, green, blue = (round(part * alpha / 255) for part in (red, green, blue))
    return alpha << 24 | red << 16 | green << 8 | blue
