"""Actions that are on or off, and what they switch: whoever changes it, menu and buttons show it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from scratchgui.canvas.room import RULER
from scratchgui.ui.action_keys import ActionKey as K

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from scratchgui.app.workbench import Workbench


def switches(bench: Workbench) -> dict[K, tuple[QObject, str]]:
    """Return what each action switches: an object and the name of its attribute."""
    editor = bench.editor
    view = editor.view
    return {
        K.TOGGLE_OVERLAY: (editor, "overlay_visible"),
        K.TOGGLE_BOXES: (editor, "boxes_visible"),
        K.OUTLINE: (editor, "outline"),
        K.HEAT_MAP: (editor, "heat_map"),
        K.SWIPE: (view, "swipe"),
        K.LOUPE: (view, "loupe"),
        K.MINI_MAP: (view, "mini_map"),
        K.SCALE_BAR: (view, "scale_bar"),
        K.RULERS: (view, "rulers"),
    }


def connect(bench: Workbench) -> None:
    """Let the actions show what is the case."""
    for key, (state, name) in switches(bench).items():
        show = partial(bench.actions.set_checked, key)
        show(getattr(state, name))
        getattr(state, f"{name}_changed").connect(show)
    bench.canvas_area.bars_moved.connect(bench.canvas.aids.set_bars)
    bench.canvas_area.bars_moved.connect(lambda bars, _: _clear_bars(bench, bars))
    bench.editor.view.rulers_changed.connect(lambda on: bench.canvas_area.set_top(RULER if on else 0))


def _clear_bars(bench: Workbench, bars: QRect) -> None:
    """Let no notice lie on the buttons over the canvas, wherever the canvas is in the window."""
    toasts = bench.window.toasts
    around = toasts.parentWidget()
    if around is not None:
        toasts.keep_clear_of(QRect(bench.canvas.mapTo(around, bars.topLeft()), bars.size()))


def commands(bench: Workbench) -> dict[str, Callable[[bool], object]]:
    """Return what the actions do."""
    return {key: partial(setattr, state, name) for key, (state, name) in switches(bench).items()}
