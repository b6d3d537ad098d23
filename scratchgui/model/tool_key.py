"""The names of the tools."""

from __future__ import annotations

from enum import StrEnum


class ToolKey(StrEnum):
    """The tools, in the order in which they are offered."""

    BRUSH = "brush"
    ERASER = "eraser"
    SCRATCH_PEN = "scratch_pen"
    LASSO = "lasso"
    FILL = "fill"
    WAND = "wand"
    BOX = "box"
    PICK = "pick"
    PAN = "pan"
