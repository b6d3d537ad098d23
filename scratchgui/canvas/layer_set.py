"""The layers that there are of one image: its mask, the predictions, the probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from scratchgui.canvas.layers import Layer, heat_look, mask_look, prediction_look
from scratchgui.canvas.live_cut import LiveCut
from scratchgui.canvas.pyramid import MaxPyramid
from scratchgui.core.cutting import quantized_threshold
from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.model.editor_state import EditorState

_WORDS = {Side.MASK: "mask", Side.PREDICTION: "prediction", Side.PREVIOUS: "prediction", None: "probability"}


class LayerSet:
    """One layer for each side that can be shown, and the probability under the key None; all of one size.

    Attributes:
        shape: Size of the image (H, W); None without one.
        ranked: Probability and class together, as `core.cutting.ranked` gives them; None where that is not known.
        live: The prediction at a threshold that the whole image was not cut at yet; None where it was.
    """

    def __init__(self) -> None:
        self.shape: tuple[int, ...] | None = None
        self.ranked: MaxPyramid | None = None
        self.live: LiveCut | None = None
        self._layers: dict[Side | None, Layer] = {}

    def reset(self, shape: tuple[int, ...] | None) -> None:
        """Forget all; those to come belong to an image of this shape (H, W)."""
        self._layers.clear()
        self.shape, self.live, self.ranked = shape, None, None

    def get(self, key: Side | None) -> Layer | None:
        """Return a layer, if there is one."""
        return self._layers.get(key)

    def shown(self, side: Side) -> Layer | None:
        """Return what shows a side: the prediction by what it is cut to live, while it is."""
        live = side is Side.PREDICTION and self.live is not None
        return self.live if live else self.get(side)

    def cut_live(self, threshold: float) -> bool:
        """Show the prediction at another threshold (0 … 1) from now on; return whether that is possible."""
        heat = self._layers.get(None)
        if heat is None or Side.PREDICTION not in self._layers:
            return False
        look = self._layers[Side.PREDICTION].look
        self.live = LiveCut(self.ranked or heat.pyramid, look, quantized_threshold(threshold))
        return True

    def rank(self, values: NDArray[np.uint16]) -> None:
        """Cut live from `core.cutting.ranked` numbers from now on, uint16 (H, W); those of another size are no use."""
        if values.shape == self.shape:
            self.ranked = MaxPyramid(cast("NDArray[np.uint8]", values))

    def settle(self) -> bool:
        """End a live cut that is over, if the whole cut can be shown at any zoom; return whether one ended."""
        prediction = self._layers.get(Side.PREDICTION)
        if self.live is None or not self.live.over or (prediction is not None and not prediction.pyramid.complete):
            return False
        self.live = None
        return True

    def values(self, key: Side | None) -> NDArray[np.uint8] | None:
        """Return what a layer shows, uint8 (H, W), if there is one."""
        layer = self._layers.get(key)
        return None if layer is None else layer.pyramid.levels[0]

    def replace(self, key: Side | None, values: NDArray[np.uint8] | None) -> None:
        """Set a layer of other values, or none; an old one shows its old levels until the new ones are built.

        Raises:
            ValueError: They are not uint8 of the image's size.
        """
        if values is None:
            self._layers.pop(key, None)
            return
        if values.shape != self.shape or values.dtype != np.uint8:
            raise ValueError(f"a {_WORDS[key]} of {values.dtype} {values.shape} does not fit an image of {self.shape}")
        if key in self._layers and key is not Side.MASK:
            self._layers[key].pyramid.rebase(values)
        else:
            self._layers[key] = Layer(values, heat_look())

    def restyle(self, editor: EditorState) -> None:
        """Draw all as the editor's state says."""
        outline = editor.outline or (editor.heat_map and None in self._layers)
        opacity, colors, patterns = editor.overlay_opacity, editor.classes.colors, editor.classes.patterns
        for key, layer in self._layers.items():
            if key is Side.MASK:
                layer.look = mask_look(opacity, colors, patterns, outline=outline)
            elif key is not None:
                layer.look = prediction_look(opacity, colors, patterns, outline=outline)
        if self.live is not None:
            self.live.look = prediction_look(opacity, colors, patterns, outline=outline)
