"""Finds the scratch pen's way as its options and the keys that are held want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.core.ridge import Ridge
from scratchgui.core.scratch_path import Snapping, Tracer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.canvas.tools.base import PointerEvent, ToolHost
    from scratchgui.core.scratch_path import Node, Part

_CATCH = 8.0
"""So far beside the mouse a scratch is caught (logical px) …"""
_NEAREST, _FARTHEST = 2.0, 24.0
"""… within these limits in the image (px)."""


class PenTracer:
    """What was seen of the image is kept until `forget`.

    Attributes:
        ratio: Device pixels per logical pixel, as of the last repaint.
    """

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._tracer: Tracer | None = None
        self.ratio = 1.0

    def caught(self, event: PointerEvent) -> Node:
        """Return the point of a scratch near the mouse, or else where the mouse is, inside of the image."""
        return self._trace().caught(event.x, event.y, self._snapping(event))

    def between(self, start: Node, end: Node, event: PointerEvent) -> Part:
        """Return the way from one node to another."""
        return self._trace().between(start, end, self._snapping(event))

    def along(self, trail: Sequence[Node], event: PointerEvent) -> Part:
        """Return the way of a drag, moved onto the scratch beside it."""
        how = self._snapping(event)
        unsnapped = Snapping(None)
        inside = [self._trace().caught(x, y, unsnapped) for x, y in trail]
        return self._trace().along(inside, how)

    def forget(self) -> None:
        """Forget what was seen of the image."""
        self._tracer = None

    def _trace(self) -> Tracer:
        picture = self._host.picture
        assert picture is not None
        if self._tracer is None:
            self._tracer = Tracer(picture)
        return self._tracer

    def _snapping(self, event: PointerEvent) -> Snapping:
        """With Shift held it is the other way round."""
        options = self._host.editor.options
        reach = min(max(_CATCH * self.ratio / self._host.placement.zoom, _NEAREST), _FARTHEST)
        ridge = Ridge(options.path_ridge) if options.path_snap != event.shift else None
        return Snapping(ridge, None if options.path_auto_width else float(options.path_width), reach)
