"""Which of an image's layers are drawn, as the editor's state says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.canvas.candidates import candidates
from scratchgui.model.tool_key import ToolKey
from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    from scratchgui.canvas.layer_set import LayerSet
    from scratchgui.canvas.layers import Layer
    from scratchgui.model.editor_state import EditorState

PICKING = (ToolKey.PICK, ToolKey.BOX)
"""Tools that take from the prediction: what they may still take is outlined."""


def chosen_layers(editor: EditorState, known: LayerSet, *, own_mask: bool) -> list[Layer]:
    """Return what is to be drawn, the lowest first; while two sides are compared, at the left one.

    Args:
        editor: What is wanted.
        known: What there is.
        own_mask: Whether the document's mask counts, and not the prediction.
    """
    view = editor.view
    if editor.raw_held:
        return []
    if view.held is not None or view.swipe:
        return _alone(view.held or view.left, editor, known, own_mask=own_mask)
    if not editor.overlay_visible:
        return []
    drawn = _heat(editor, known)
    if editor.tool in PICKING and own_mask:
        drawn += candidates(
            known.get(Side.PREDICTION),
            known.get(Side.MASK),
            editor.overlay_opacity,
            editor.classes.colors,
            editor.classes.patterns,
        )
    counting = known.shown(Side.MASK if own_mask else Side.PREDICTION)
    return drawn if counting is None else [*drawn, counting]


def layers_at_right(editor: EditorState, known: LayerSet, *, own_mask: bool) -> list[Layer] | None:
    """Return what is to be drawn at the right side, as `chosen_layers` does; None while no sides are compared."""
    view = editor.view
    if not view.swipe or editor.raw_held or view.held is not None:
        return None
    return _alone(view.right, editor, known, own_mask=own_mask)


def _alone(side: Side, editor: EditorState, known: LayerSet, *, own_mask: bool) -> list[Layer]:
    """Return what a side shows by itself; nothing where there is none."""
    layer = known.shown(side) if side is not Side.MASK or own_mask else None
    heat = _heat(editor, known) if side is Side.PREDICTION else []
    return heat if layer is None else [*heat, layer]


def _heat(editor: EditorState, known: LayerSet) -> list[Layer]:
    heat = known.get(None)
    return [heat] if editor.heat_map and heat is not None else []
