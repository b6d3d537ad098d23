"""The tools, one a file. To add one: a file with a `Tool`, a `ToolKey`, and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scratchgui.canvas.tools.box import BoxTool
from scratchgui.canvas.tools.brush import Brush
from scratchgui.canvas.tools.eraser import Eraser
from scratchgui.canvas.tools.fill import Fill
from scratchgui.canvas.tools.lasso import Lasso
from scratchgui.canvas.tools.pan import Pan
from scratchgui.canvas.tools.pick import Pick
from scratchgui.canvas.tools.scratch_pen import ScratchPen
from scratchgui.canvas.tools.wand import Wand
from scratchgui.model.tool_key import ToolKey

if TYPE_CHECKING:
    from scratchgui.canvas.tools.base import Tool

TOOLS: Final[dict[ToolKey, type[Tool]]] = {
    ToolKey.BRUSH: Brush,
    ToolKey.ERASER: Eraser,
    ToolKey.PAN: Pan,
    ToolKey.SCRATCH_PEN: ScratchPen,
    ToolKey.LASSO: Lasso,
    ToolKey.FILL: Fill,
    ToolKey.WAND: Wand,
    ToolKey.BOX: BoxTool,
    ToolKey.PICK: Pick,
}
