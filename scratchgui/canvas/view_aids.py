"""What helps to look at an image, over a canvas: comparing, and finding one's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect

from scratchgui.canvas.badge import HeldBadge
from scratchgui.canvas.loupe import Loupe
from scratchgui.canvas.mini_map import MiniMap
from scratchgui.canvas.rulers import Rulers
from scratchgui.canvas.scale_bar import ScaleBar
from scratchgui.canvas.swipe import Swipe

if TYPE_CHECKING:
    from scratchgui.canvas.decorated_view import DecoratedView
    from scratchgui.canvas.input_router import InputRouter
    from scratchgui.canvas.overlays import Overlays
    from scratchgui.canvas.tools.base import PointerEvent
    from scratchgui.model.editor_state import EditorState


class ViewAids(QObject):
    """Puts the aids over a canvas and lets them follow mouse, layers and the view's state.

    Attributes:
        swipe: The divider between two sides.
        badge: The word at the corner.
        mini_map: The whole image at the corner.
        scale_bar: The bar of a round length.
        loupe: The magnifying glass.
    """

    def __init__(self, view: DecoratedView, overlays: Overlays, editor: EditorState, router: InputRouter) -> None:
        super().__init__(view)
        self._view = view
        self._overlays = overlays
        self._editor = editor
        self._room = view.room
        state = editor.view
        self.swipe = Swipe(view, state, self._room)
        self.badge = HeldBadge(editor, overlays, self._room)
        self.mini_map = MiniMap(view, state, self._room)
        self.scale_bar = ScaleBar(view, state, self._room)
        self.loupe = Loupe(view, state)
        self._rulers = Rulers(view, self._room)
        view.on_screen += [self.scale_bar, self.swipe, self._rulers, self.badge, self.loupe]
        for signal in (editor.raw_held_changed, state.held_changed, state.swipe_changed):
            signal.connect(self._compare)
        for signal in (state.loupe_changed, state.scale_bar_changed, state.mm_per_px_changed):
            signal.connect(self._repaint)
        state.tone_changed.connect(self.mini_map.refresh_later)
        state.rulers_changed.connect(self._show_rulers)
        state.turn_changed.connect(self._lose_mouse)
        overlays.chosen.connect(self._follow_layers)
        overlays.stale.connect(self.mini_map.refresh_later)
        router.hovered.connect(self._follow_mouse)
        router.left.connect(self._lose_mouse)
        self._show_rulers(state.rulers)

    def set_bars(self, bars: QRect, top: int = 0) -> None:
        """Keep aids and a fitted image away from what floats over the canvas.

        Args:
            bars: What floats over the bottom edge (logical px); empty for nothing.
            top: How many rows at the top may be covered (logical px).
        """
        if (self._room.bars, self._room.top) == (bars, top):
            return
        self._room.bars, self._room.top = bars, top
        self._view.set_margins(*self._room.margins(self._view.height()))
        self.mini_map.follow()
        self._view.update()

    def _follow_layers(self) -> None:
        """Show the layers of now at both sides."""
        self._view.compositor.layers = self._overlays.layers
        self.swipe.show_layers(self._overlays.second)

    def _compare(self, *_: object) -> None:
        """Hide boxes while something is looked at alone, or compared."""
        state = self._editor.view
        self._view.set_raw(self._editor.raw_held or state.held is not None or state.swipe)

    def _show_rulers(self, shown: bool) -> None:
        """Give rulers their room: neither a fitted image nor a label is under them."""
        self._room.rulers = shown
        self._view.update()
        self._view.set_margins(*self._room.margins(self._view.height()))

    def _follow_mouse(self, event: PointerEvent) -> None:
        at = event.device_x, event.device_y
        if self._editor.view.loupe:
            self.loupe.follow(at)
        self._rulers.follow(self._view.turn.to_screen(*at))

    def _lose_mouse(self, *_: object) -> None:
        self.loupe.follow(None)
        self._rulers.follow(None)

    def _repaint(self, *_: object) -> None:
        self._view.update()
