"""What a click with the fill tool would change, outlined while the mouse moves."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.canvas.tools.area_edit import replaceable
from scratchgui.core.flood import Flood

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.tools.area_edit import Found
    from scratchgui.canvas.tools.base import PointerEvent, ToolHost
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.editor_state import EditorState

_TILES = 12
"""What lies in more tiles (of 256 px) is not outlined: looking at these takes 1.5 ms."""


class FillPreview:
    """Outlines the defect or the enclosed background under the mouse; looks again only where the mouse leaves it."""

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._mask: Mask | None = None
        self._flood: Flood | None = None
        self._found: Found | None = None
        self._outlined = False

    def follow(self, event: PointerEvent) -> None:
        """Outline what a click would change; nothing where that is too large to be found while the mouse moves."""
        mask, x, y = self._host.shown_mask, floor(event.x), floor(event.y)
        if mask is None or not self._host.may_edit or not (0 <= x < mask.shape[1] and 0 <= y < mask.shape[0]):
            self.forget()
            return
        if self._mask is not mask or self._flood is None or not self._flood.holds(x, y):
            self.forget()
            self._found = self._look(mask, x, y)
        wanted = self._found is not None and _would_change(self._host.editor, int(mask[y, x]), erase=event.alt)
        if wanted != self._outlined:
            self._outlined = wanted
            self._host.outline(self._found if wanted else None)

    def forget(self) -> None:
        """Outline nothing; the mask may have changed."""
        self._mask = self._flood = self._found = None
        if self._outlined:
            self._outlined = False
            self._host.outline(None)

    def _look(self, mask: Mask, x: int, y: int) -> Found | None:
        """Return what is connected with a pixel; None where that is too large, or most of the image."""
        background = not mask[y, x]
        self._mask, self._flood = mask, Flood(mask, x, y, corners=not background, most_tiles=_TILES)
        if not self._flood.complete:
            return None
        found = self._flood.box, self._flood.pixels()
        return None if background and is_open(*found, mask) else found


def _would_change(editor: EditorState, label: int, *, erase: bool) -> bool:
    """Tell whether the tool may give pixels of a label another one."""
    wanted, over = 0 if erase else editor.active_class, replaceable(editor)
    spared = label in editor.classes.hidden | editor.classes.locked or (over is not None and label not in over)
    return label != wanted and not spared


def is_open(box: Box, pixels: NDArray[np.bool_], mask: Mask) -> bool:
    """Tell whether background, bool (box height, box width), is not enclosed but most of the image around defects."""
    height, width = mask.shape
    at_border = box.x == 0 or box.y == 0 or box.right == width or box.bottom == height
    return at_border and 2 * int(np.count_nonzero(pixels)) > mask.size
