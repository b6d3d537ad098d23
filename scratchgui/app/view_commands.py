"""What the actions do that choose tools and change what is seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scratchgui.app import wiring_view
from scratchgui.app.settings_applier import apply_changes
from scratchgui.model.tool_key import ToolKey
from scratchgui.model.view_state import Side
from scratchgui.ui import theme
from scratchgui.ui.action_keys import TOOL_ACTIONS
from scratchgui.ui.action_keys import ActionKey as K

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.app.workbench import Workbench
    from scratchgui.model.editor_state import EditorState

_ZOOM_STEP = 1.25


def table(bench: Workbench) -> dict[str, Callable[[bool], object]]:
    """Return what each of these actions does."""
    editor, canvas = bench.editor, bench.canvas
    return {
        **{key: partial(_use_tool, bench, tool) for tool, key in TOOL_ACTIONS.items()},
        K.BRUSH_SMALLER: lambda _: _step_width(editor, -1),
        K.BRUSH_LARGER: lambda _: _step_width(editor, 1),
        K.FIT: lambda _: canvas.fit(),
        K.ZOOM_100: lambda _: canvas.set_zoom(1.0),
        K.ZOOM_IN: lambda _: canvas.set_zoom(canvas.zoom * _ZOOM_STEP),
        K.ZOOM_OUT: lambda _: canvas.set_zoom(canvas.zoom / _ZOOM_STEP),
        **wiring_view.commands(bench),
        K.HOLD_RAW: partial(setattr, editor, "raw_held"),
        K.HOLD_MASK: partial(_hold, bench, Side.MASK),
        K.HOLD_PREDICTION: partial(_hold, bench, Side.PREDICTION),
        K.ROTATE: lambda _: setattr(editor.view, "turn", editor.view.turn + 1),
        K.DISPLAY: bench.view_bar.show_display,
        K.THEME_TOGGLE: lambda _: _toggle_theme(bench),
    }


def _use_tool(bench: Workbench, tool: ToolKey, _: bool) -> None:
    bench.editor.tool = tool


def _hold(bench: Workbench, side: Side, down: bool) -> None:
    view = bench.editor.view
    if down:
        view.held = side
    elif view.held is side:
        view.held = None


def _step_width(editor: EditorState, steps: int) -> None:
    """Make what the tool in use draws wider or narrower."""
    if editor.tool is ToolKey.SCRATCH_PEN:
        editor.options.step_path_width(steps)
    else:
        editor.step_brush_size(steps)


def _toggle_theme(bench: Workbench) -> None:
    apply_changes(bench, {"theme": "light" if theme.current().dark else "dark"})
