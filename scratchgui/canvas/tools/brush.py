"""The brush."""

from __future__ import annotations

from scratchgui.canvas.tools.stroke import StrokeTool


class Brush(StrokeTool):
    """Paints the active class."""

    hint = "Drag to paint · Shift straight line · Alt erase · [ ], Ctrl+wheel or Ctrl+Alt+drag size · Esc cancel"
