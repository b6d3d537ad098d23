"""The eraser."""

from __future__ import annotations

from scratchgui.canvas.tools.stroke import StrokeTool


class Eraser(StrokeTool):
    """Paints background."""

    hint = "Drag to erase · Shift straight line · Alt paint · [ ], Ctrl+wheel or Ctrl+Alt+drag size · Esc cancel"
    erases = True
