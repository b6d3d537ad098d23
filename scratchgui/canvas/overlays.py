"""Decides what lies over the image: the inspector's mask, or else the prediction, and the heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from scratchgui.canvas.candidates import candidates
from scratchgui.canvas.layers import Layer, heat_look, mask_look, prediction_look
from scratchgui.model.editor_state import ToolKey

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.mask_document import MaskDocument

_PICKING = (ToolKey.PICK, ToolKey.BOX)
"""Tools that take from the prediction: what they may still take is outlined."""


class Overlays(QObject):
    """The layers over one image.

    Signals:
        stale(Box | None): These image pixels look different now; None means all.
        building(): Smaller versions of a layer have to be built: call `advance` until it is done.
    """

    stale = Signal(object)
    building = Signal()

    def __init__(self, editor: EditorState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._shape: tuple[int, ...] | None = None
        self._mask: Layer | None = None
        self._prediction: Layer | None = None
        self._heat: Layer | None = None
        self.document: MaskDocument | None = None
        for signal in (
            editor.overlay_opacity_changed,
            editor.overlay_visible_changed,
            editor.outline_changed,
            editor.heat_map_changed,
            editor.raw_held_changed,
            editor.tool_changed,
            editor.classes.changed,
        ):
            signal.connect(self._restyle)

    def reset(self, shape: tuple[int, ...] | None) -> None:
        """Forget all layers; those to come belong to an image of this shape (H, W)."""
        self.set_document(None)
        self._prediction = self._heat = None
        self._shape = shape

    def set_document(self, document: MaskDocument | None) -> None:
        """Show a document's mask once it counts; ValueError when it has another size than the image."""
        if document is not None:
            self._check(document.mask, "mask")
        if self.document is not None:
            self.document.changed.disconnect(self._mask_changed)
            self.document.own_mask_changed.disconnect(self._restyle)
        self.document = document
        self._mask = None
        if document is not None:
            document.changed.connect(self._mask_changed)
            document.own_mask_changed.connect(self._restyle)
            self._mask = Layer(document.mask, mask_look(0, outline=False))
        self._restyle()

    def set_prediction(self, mask: Mask | None) -> None:
        """Show a predicted mask while the document has none of its own; ValueError at another size."""
        self._prediction = self._renewed(self._prediction, mask, "prediction")
        self._restyle()

    def set_probability(self, probability: NDArray[np.uint8] | None) -> None:
        """Set what the heat map shows, uint8 (H, W) or (C, H, W), 255 = 1; ValueError at another size."""
        if probability is not None and probability.ndim == 3:
            probability = probability[0] if probability.shape[0] == 1 else probability.max(axis=0)
        self._heat = self._renewed(self._heat, probability, "probability")
        self._restyle()

    @property
    def layers(self) -> list[Layer]:
        """What is to be drawn, the lowest first."""
        editor = self._editor
        if editor.raw_held or not editor.overlay_visible:
            return []
        heat = [self._heat] if editor.heat_map and self._heat is not None else []
        shown = self._shown
        if editor.tool in _PICKING and shown is self._mask:
            heat += candidates(self._prediction, shown, editor.overlay_opacity, editor.classes.colors)
        return heat if shown is None else [*heat, shown]

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that counts, uint8 (H, W): the document's own, or else the prediction."""
        return None if self._shown is None else self._shown.pyramid.levels[0]

    @property
    def prediction(self) -> Mask | None:
        """The predicted mask, uint8 (H, W), whether it is shown or not."""
        return None if self._prediction is None else self._prediction.pyramid.levels[0]

    @property
    def probability(self) -> NDArray[np.uint8] | None:
        """The highest probability of all classes, uint8 (H, W)."""
        return None if self._heat is None else self._heat.pyramid.levels[0]

    def advance(self, seconds: float) -> bool:
        """Build smaller versions of the layers for about so long; return whether there is nothing left to do."""
        pending = [layer.pyramid for layer in self.layers if not layer.pyramid.complete]
        return all(pyramid.advance(seconds) for pyramid in pending)

    @property
    def _shown(self) -> Layer | None:
        own = self.document is not None and self.document.has_own_mask
        return self._mask if own else self._prediction

    def _check(self, array: NDArray[np.uint8], name: str) -> None:
        if array.shape != self._shape or array.dtype != np.uint8:
            raise ValueError(f"a {name} of {array.dtype} {array.shape} does not fit an image of {self._shape}")

    def _renewed(self, layer: Layer | None, values: NDArray[np.uint8] | None, name: str) -> Layer | None:
        """Return a layer of the values; an old one shows its old levels until the new ones are built."""
        if values is None:
            return None
        self._check(values, name)
        if layer is None:
            return Layer(values, heat_look())
        layer.pyramid.rebase(values)
        return layer

    def _restyle(self) -> None:
        opacity, outline = self._editor.overlay_opacity, self._editor.outline
        colors = self._editor.classes.colors
        heat = self._editor.heat_map and self._heat is not None
        if self._mask is not None:
            self._mask.look = mask_look(opacity, colors, outline=outline or heat)
        if self._prediction is not None:
            self._prediction.look = prediction_look(opacity, colors, outline=outline or heat)
        self.stale.emit(None)
        self.building.emit()

    def _mask_changed(self, box: Box) -> None:
        if self._mask is not None:
            self._mask.pyramid.update(box)
            if not self._mask.pyramid.complete:
                self.building.emit()
            self.stale.emit(box)
