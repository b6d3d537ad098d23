"""Which picture of an image is shown, and with which gray levels; the image itself never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from scratchgui.canvas.pyramid import MeanPyramid
from scratchgui.core.gray_levels import window_of
from scratchgui.core.tone import shown_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.canvas.image_view import ImageView
    from scratchgui.model.view_state import ViewState


class ShownPicture(QObject):
    """Shows an image, or a picture of it, in the tone of the view's state.

    Attributes:
        original: The image as the model gets it, uint8 (H, W) or RGB (H, W, 3); None without one.
    """

    def __init__(self, view: ImageView, state: ViewState) -> None:
        super().__init__(view)
        self._view = view
        self._state = state
        self._window: tuple[float, float] = (0, 0)
        self.original: NDArray[np.uint8] | None = None
        state.tone_changed.connect(self._apply)
        state.window_changed.connect(self._apply)

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Take the image that the view shows now."""
        self.original = image
        self._apply()

    def show_as(self, picture: NDArray[Any] | None) -> None:
        """Show another picture in the image's place; zoom, position and layers stay.

        Args:
            picture: uint8 or uint16, (H, W) or RGB (H, W, 3); None for the image itself.

        Raises:
            ValueError: It has another size than the image.
        """
        if self.original is None:
            return
        base = self.original if picture is None else picture
        if base.shape[:2] != self.original.shape[:2]:
            raise ValueError(f"a picture of {base.shape} does not show an image of {self.original.shape}")
        pyramid = self._view.compositor.pyramid
        if pyramid is not None and pyramid.levels[0] is base:
            return
        if base.dtype == np.uint16:
            self._window = self._state.automatic or window_of(base)
        self._view.compositor.pyramid = MeanPyramid(base)
        self._apply()
        self._view.refine_later()
        self._view.update_image(None)

    def _apply(self, *_: object) -> None:
        """Let the present tone act, live: the levels are looked up for the pixels of the screen alone."""
        pyramid = self._view.compositor.pyramid
        if pyramid is None:
            return
        deep = pyramid.levels[0].dtype == np.uint16
        window = self._state.window or self._window
        table = shown_levels(self._state.tone, window if deep else None)
        if table is None and pyramid.table is None:
            return
        pyramid.table = table
        self._view.update_image(None)
