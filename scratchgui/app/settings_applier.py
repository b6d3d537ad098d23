"""Lets changed options take effect, and keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from scratchgui.core.errors import UserError
from scratchgui.ui import motion, theme

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench

_OF_MODELS = {"device", "precision", "tile", "resize", "flips"}


def apply_changes(bench: Workbench, changes: dict[str, Any]) -> None:
    """Keep changed options and let them take effect everywhere, live.

    Args:
        bench: What they take effect on.
        changes: Values by the names of `scratchgui.settings.Settings`.
    """
    _keep(bench, changes)
    value = bench.store.value
    app = QApplication.instance()
    if "theme" in changes and isinstance(app, QApplication):
        theme.apply_theme(app, value.theme)
    if "shortcuts" in changes:
        bench.actions.rebind(value.shortcuts)
    motion.set_reduced(value.reduce_motion)
    bench.apply_settings()
    if changes.keys() & _OF_MODELS:
        bench.inference.use_active_model()


def _keep(bench: Workbench, changes: dict[str, Any]) -> None:
    """Write the options, with what the view bar and the brush have now: they are kept when the window closes only."""
    try:
        bench.store.update(**{**kept_options(bench), **changes})
    except UserError as error:
        bench.notices.report(error)


def kept_options(bench: Workbench) -> dict[str, Any]:
    """Return the options that are changed where they act, as they are now."""
    editor = bench.editor
    view = editor.view
    return {
        "brush_size": editor.brush_size,
        "speck_area": editor.options.speck_area,
        "gap_length": editor.options.gap_length,
        "overlay_opacity": editor.overlay_opacity,
        "overlay_visible": editor.overlay_visible,
        "show_boxes": editor.boxes_visible,
        "show_mini_map": view.mini_map,
        "show_scale_bar": view.scale_bar,
        "show_rulers": view.rulers,
    }
