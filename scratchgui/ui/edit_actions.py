"""Tools, and what changes the mask."""

from __future__ import annotations

from typing import Final

from scratchgui.ui.action_keys import CLASS_ACTIONS, ActionKey, Facts
from scratchgui.ui.action_spec import ActionSpec, Scope, editable, in_window, on_canvas, project

K = ActionKey


def _marked(facts: Facts) -> bool:
    """Tell whether there are defects that may be changed."""
    return editable(facts) and facts.has_regions


ROWS: Final[tuple[ActionSpec, ...]] = (
    in_window(K.UNDO, "Undo", "undo", "Ctrl+Z", "", lambda facts: facts.can_undo),
    in_window(K.REDO, "Redo", "redo", "Ctrl+Shift+Z; Ctrl+Y", "", lambda facts: facts.can_redo),
    on_canvas(
        K.DELETE_REGION,
        "Delete defect",
        "delete-region",
        "Del",
        "Delete the selected defect",
        _marked,
    ),
    on_canvas(
        K.CLEAR_MASK,
        "Clear all defects",
        "clear",
        "Ctrl+Del",
        "Delete every defect of this image",
        lambda facts: editable(facts) and (facts.has_mask or facts.has_regions),
    ),
    on_canvas(
        K.ACCEPT_PREDICTION,
        "Take over the prediction",
        "accept",
        "P",
        "Use the model's defects as this image's mask",
        lambda facts: editable(facts) and facts.has_prediction,
    ),
    on_canvas(
        K.FILL_HOLES,
        "Fill holes",
        "fill-holes",
        "",
        "Fill what the selected defects enclose; without a selection, all",
        _marked,
    ),
    on_canvas(K.GROW, "Grow by 1 px", "grow", "", "Grow the selected defects, or all, by one pixel", _marked),
    on_canvas(K.SHRINK, "Shrink by 1 px", "shrink", "", "Shrink the selected defects, or all, by one pixel", _marked),
    on_canvas(
        K.REMOVE_SPECKS,
        "Remove specks",
        "remove-specks",
        "",
        "Remove small defects; from which size on is set in the bar of the tool for picking",
        _marked,
    ),
    on_canvas(
        K.CLOSE_GAPS,
        "Close gaps",
        "close-gaps",
        "",
        "Join the pieces of a scratch; how long a gap may be is set in the bar of the tool for picking",
        _marked,
    ),
    in_window(K.CLASSES, "Classes…", "classes", "", "Name, color, hide and lock kinds of defects, or add one", project),
    *(
        ActionSpec(key, f"Class of key {digit}", "classes", str(digit), "", Scope.CANVAS, named_later=True)
        for digit, key in CLASS_ACTIONS.items()
    ),
    on_canvas(K.TOOL_BRUSH, "Brush", "brush", "B", "Paint defects", checkable=True),
    on_canvas(K.TOOL_ERASER, "Eraser", "eraser", "E", "Erase defects", checkable=True),
    on_canvas(
        K.TOOL_SCRATCH_PEN, "Scratch pen", "scratch-pen", "S", "Mark a scratch from a few points on it", checkable=True
    ),
    on_canvas(K.TOOL_LASSO, "Lasso", "lasso", "L", "Draw around an area to mark or erase it", checkable=True),
    on_canvas(K.TOOL_FILL, "Fill", "fill", "G", "Fill what an outline encloses, or erase a defect", checkable=True),
    on_canvas(K.TOOL_WAND, "Magic wand", "wand", "W", "Mark what is as bright as the place you press", checkable=True),
    on_canvas(K.TOOL_BOX, "Box", "box", "D", "Keep the prediction in a box, or delete what is inside", checkable=True),
    on_canvas(K.TOOL_PICK, "Pick defects", "pick", "R", "Keep, delete, join or cut whole defects", checkable=True),
    on_canvas(K.TOOL_PAN, "Move the view", "hand", "M", "Drag the image (any tool: hold Space)", checkable=True),
    on_canvas(K.BRUSH_SMALLER, "Smaller brush", "brush-smaller", "["),
    on_canvas(K.BRUSH_LARGER, "Larger brush", "brush-larger", "]"),
)

MENU: Final[tuple[ActionKey | None, ...]] = (
    *(K.UNDO, K.REDO, None, K.ACCEPT_PREDICTION, K.DELETE_REGION, K.CLEAR_MASK, None),
    *(K.FILL_HOLES, K.GROW, K.SHRINK, K.REMOVE_SPECKS, K.CLOSE_GAPS, None),
    *(K.CLASSES, *CLASS_ACTIONS.values(), None),
    *(
        K.TOOL_BRUSH,
        K.TOOL_ERASER,
        K.TOOL_SCRATCH_PEN,
        K.TOOL_LASSO,
        K.TOOL_FILL,
        K.TOOL_WAND,
        K.TOOL_BOX,
        K.TOOL_PICK,
        K.TOOL_PAN,
        None,
        K.BRUSH_SMALLER,
        K.BRUSH_LARGER,
    ),
)
