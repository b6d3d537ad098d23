"""What helps to look at an image, over a canvas: comparing, and finding one's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.canvas.badge import HeldBadge
from scratchgui.canvas.swipe import Swipe

if TYPE_CHECKING:
    from scratchgui.canvas.decorated_view import DecoratedView
    from scratchgui.canvas.overlays import Overlays
    from scratchgui.model.editor_state import EditorState


class ViewAids(QObject):
    """Puts the aids over a canvas and lets them follow the view's state.

    Attributes:
        swipe: The divider between two sides.
        badge: The word at the corner.
    """

    def __init__(self, view: DecoratedView, overlays: Overlays, editor: EditorState) -> None:
        super().__init__(view)
        self._view = view
        self._overlays = overlays
        self._editor = editor
        self.swipe = Swipe(view, editor.view)
        self.badge = HeldBadge(editor, overlays)
        view.on_screen += [self.swipe, self.badge]
        for signal in (editor.raw_held_changed, editor.view.held_changed, editor.view.swipe_changed):
            signal.connect(self._compare)

    def follow_layers(self) -> None:
        """Show the layers of now at both sides."""
        self._view.compositor.layers = self._overlays.layers
        self.swipe.show_layers(self._overlays.second)

    def _compare(self, *_: object) -> None:
        """Hide boxes while something is looked at alone, or compared."""
        state = self._editor.view
        self._view.set_raw(self._editor.raw_held or state.held is not None or state.swipe)
