"""A scripted inspector that knows the true masks and works with real mouse and key events, which are counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, hypot
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from skimage import graph, morphology

from scratchgui.core.region_shape import mean_width
from scratchgui.core.regions import find_regions, region_at
from scratchgui.core.scratch_path import Snapping, Tracer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.app.workbench import Workbench
    from scratchgui.core.mask import Mask

Point = tuple[float, float]

_STEP = 8
_SMALLEST = 12
"""Smaller differences (px²) nobody would correct."""
_SHORTEST = 25
"""Shorter defects (px) are no scratches."""
_PASSES = 2
_POINT, _BUTTON, _KEY, _PIECE, _CM = 1.1, 0.1, 0.2, 0.9, 0.16
_PX_A_CM = 96 / 2.54


@dataclass
class Hand:
    """Sends real events to the canvas and counts them."""

    bench: Workbench
    events: int = 0
    seconds: float = 0.0
    _down: bool = field(default=False, init=False)

    def drag(self, points: Sequence[Point], keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Draw along image points with the left button down."""
        self.seconds += _POINT + 2 * _BUTTON
        self._send(QEvent.Type.MouseMove, points[0], keys)
        self._down = True
        self._send(QEvent.Type.MouseButtonPress, points[0], keys)
        self.events += 2
        zoom = self.bench.canvas.viewport.zoom
        for start, end in pairwise(points):
            length = hypot(end[0] - start[0], end[1] - start[1]) * zoom
            parts = max(1, ceil(length / _STEP))
            for part in range(1, parts + 1):
                share = part / parts
                at = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
                self._send(QEvent.Type.MouseMove, at, keys)
            self.events += parts
            self.seconds += _PIECE + _CM * length / _PX_A_CM
        self._down = False
        self._send(QEvent.Type.MouseButtonRelease, points[-1], keys)

    def click(self, at: Point, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Click an image point."""
        self.seconds += _POINT + 2 * _BUTTON
        self.events += 2
        self._send(QEvent.Type.MouseMove, at, keys)
        self._down = True
        self._send(QEvent.Type.MouseButtonPress, at, keys)
        self._down = False
        self._send(QEvent.Type.MouseButtonRelease, at, keys)

    def hover(self, at: Point) -> None:
        """Point at an image point."""
        self.seconds += _POINT
        self._send(QEvent.Type.MouseMove, at, Qt.KeyboardModifier.NoModifier)

    def key(self, key: Qt.Key) -> None:
        """Press a key."""
        self.seconds += _KEY
        self.events += 1
        QTest.keyClick(self.bench.canvas, key)

    def size(self, diameter: int) -> None:
        """Make the brush about so wide, a key a step."""
        editor = self.bench.editor
        while abs(editor.brush_size - diameter) > max(1, 0.1 * diameter):
            self.key(Qt.Key.Key_BracketRight if editor.brush_size < diameter else Qt.Key.Key_BracketLeft)

    def _send(self, kind: QEvent.Type, at: Point, keys: Qt.KeyboardModifier) -> None:
        canvas = self.bench.canvas
        place, ratio = canvas.viewport.placement, canvas.devicePixelRatioF()
        where = QPointF((place.x + at[0] * place.zoom) / ratio, (place.y + at[1] * place.zoom) / ratio)
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.LeftButton if self._down else Qt.MouseButton.NoButton
        QApplication.sendEvent(canvas, QMouseEvent(kind, where, canvas.mapToGlobal(where), button, held, keys))


def tolerant_dice(mask: Mask, truth: Mask) -> float:
    """Return the Dice of two masks in which pixels within 2 px of the other one count as hit."""
    marked, wanted = mask > 0, truth > 0
    total = int(marked.sum() + wanted.sum())
    hit = int((marked & _grown(wanted, 2)).sum() + (wanted & _grown(marked, 2)).sum())
    return hit / total if total else 1.0


def missing(mask: Mask, truth: Mask) -> list[NDArray[np.bool_]]:
    """Return the pieces of true defects that are not marked; thinner rims nobody would paint."""
    return pieces_of((truth > 0) & ~_grown(mask > 0, _rim(truth)))


def false(mask: Mask, truth: Mask) -> list[NDArray[np.bool_]]:
    """Return the pieces that are marked and are no defect; thinner rims nobody would erase."""
    return pieces_of((mask > 0) & ~_grown(truth > 0, _rim(truth) + 1))


def _rim(truth: Mask) -> int:
    """Return a quarter of the mean width of the true defects, at least 2 px."""
    return max(2, round(mean_width(truth > 0) / 4)) if truth.any() else 2


def center_line(piece: NDArray[np.bool_]) -> list[Point]:
    """Return points along the middle of a piece, from end to end (image px)."""
    thin: NDArray[np.bool_] = morphology.skeletonize(piece)  # type: ignore[no-untyped-call]
    costs = np.where(thin, 1.0, np.inf if thin.any() else 1.0)
    start = tuple(np.argwhere(thin if thin.any() else piece)[0].tolist())
    for _ in range(2):
        reached, _ways = graph.MCP_Geometric(costs).find_costs([start])
        start, end = np.unravel_index(np.argmax(np.where(np.isfinite(reached), reached, -1)), piece.shape), start
    way, _cost = graph.route_through_array(costs, start, end)  # type: ignore[no-untyped-call]
    line = np.array([[x, y] for y, x in way], np.int32)
    simple = cv2.approxPolyDP(line[:, None], 1.0, closed=False)[:, 0]
    return [(x + 0.5, y + 0.5) for x, y in simple.tolist()]


def _grown(pixels: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(np.asarray(pixels, np.uint8), kernel) > 0)


def pieces_of(pixels: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Return the connected pieces of pixels, bool (H, W) each, without the smallest."""
    found = []
    for region in find_regions(np.asarray(pixels, np.uint8), min_area=_SMALLEST):
        piece = np.zeros(pixels.shape, np.bool_)
        ys, xs = np.nonzero(pixels[region.box.slices])
        at = region_at(np.asarray(pixels, np.uint8), region.box.x + int(xs[0]), region.box.y + int(ys[0]))
        assert at is not None
        piece[at[0].slices] = at[1]
        found.append(piece)
    return found


def is_scratch(piece: NDArray[np.bool_]) -> bool:
    """Tell whether a defect is long and thin."""
    line = center_line(piece)
    length = _length(line)
    return length >= _SHORTEST and piece.sum() / length <= length / 4


class Inspector:
    """Corrects one image after the other; knows the truth."""

    def __init__(self, bench: Workbench, *, tools: bool) -> None:
        """Work with scratch pen and region picks, or with the brush alone."""
        self.hand = Hand(bench)
        self._bench = bench
        self._tools = tools
        self._tool = Qt.Key.Key_B

    def correct(self, truth: Mask) -> float:
        """Correct the image in view; return its Dice afterwards."""
        for _ in range(_PASSES):
            for piece in false(self._mask(), truth):
                self._remove(piece, truth)
            for piece in missing(self._mask(), truth):
                self._add(piece, truth)
        return tolerant_dice(self._mask(), truth)

    def _mask(self) -> Mask:
        mask = self._bench.canvas.shown_mask
        assert mask is not None
        return mask

    def _take(self, tool: Qt.Key) -> None:
        if tool != self._tool:
            self.hand.key(tool)
            self._tool = tool

    def _remove(self, piece: NDArray[np.bool_], truth: Mask) -> None:
        ys, xs = np.nonzero(piece)
        middle = len(ys) // 2
        x, y = int(xs[middle]), int(ys[middle])
        found = region_at(self._mask(), x, y)
        if found is None:
            return
        alone = not (found[1] & (truth[found[0].slices] > 0)).any()
        if self._tools and alone:
            self._take(Qt.Key.Key_R)
            self.hand.hover((x + 0.5, y + 0.5))
            self.hand.key(Qt.Key.Key_Delete)
            return
        self._take(Qt.Key.Key_B)
        self.hand.size(max(3, round(1.5 * mean_width(piece)) + 2))
        self.hand.drag(center_line(piece), Qt.KeyboardModifier.AltModifier)

    def _add(self, piece: NDArray[np.bool_], truth: Mask) -> None:
        line, width = center_line(piece), max(1, round(_true_width(piece, truth)))
        nodes = self._nodes(line, piece) if self._tools and _length(line) > 3 * width else None
        if nodes is None:
            self._take(Qt.Key.Key_B)
            self.hand.size(width)
            self.hand.drag(line if len(line) > 1 else [line[0], line[0]])
            return
        self._take(Qt.Key.Key_S)
        for node in nodes:
            self.hand.click(node)
        self.hand.key(Qt.Key.Key_Return)

    def _nodes(self, line: list[Point], piece: NDArray[np.bool_]) -> list[Point] | None:
        """Return the fewest nodes between which the pen keeps to a piece; None when it does not."""
        image = self._bench.session.image
        assert image is not None
        tracer, how = Tracer(image.image), Snapping()
        near = _grown(piece, 3)
        for parts in (1, 2, 3, 4):
            nodes = [_along(line, part / parts) for part in range(parts + 1)]
            way = np.concatenate([tracer.between(*ends, how).points for ends in pairwise(nodes)])
            columns, rows = np.clip(way.astype(int), 0, np.array(piece.shape[::-1]) - 1).T
            if near[rows, columns].mean() > 0.95:
                return nodes
        return None


def _true_width(piece: NDArray[np.bool_], truth: Mask) -> float:
    """Return how wide the defect is that a piece is of (px)."""
    ys, xs = np.nonzero(piece)
    found = region_at(truth, int(xs[0]), int(ys[0]))
    return mean_width(found[1] if found is not None else piece)


def _length(line: Sequence[Point]) -> float:
    return sum(hypot(end[0] - start[0], end[1] - start[1]) for start, end in pairwise(line))


def _along(line: Sequence[Point], share: float) -> Point:
    """Return the point at a share of a line's length."""
    points = np.array(line)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = share * way[-1]
    return float(np.interp(at, way, points[:, 0])), float(np.interp(at, way, points[:, 1]))
