"""What lies over the image: the inspector's mask, or else the prediction, and the heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.canvas.candidates import marked_boxes
from scratchgui.canvas.chosen_layers import PICKING, chosen_layers, layers_at_right
from scratchgui.canvas.layer_set import LayerSet
from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.canvas.layers import Layer
    from scratchgui.core.cutting import Cutting
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.mask_document import MaskDocument
    from scratchgui.model.tool_key import ToolKey


class Overlays(QObject):
    """The layers over one image.

    Signals:
        chosen(): Other layers are to be drawn, or in another way: ask for `layers` and `second` again.
        stale(Box | None): These image pixels look different now; None means all.
        building(): Smaller versions of a layer have to be built: call `advance` until it is done.

    Attributes:
        known: All layers, whether they are shown or not.
        document: What is edited; None without an image.
    """

    chosen = Signal()
    stale = Signal(object)
    building = Signal()

    def __init__(self, editor: EditorState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.known = LayerSet()
        self.document: MaskDocument | None = None
        self._picking = editor.tool in PICKING
        self._threshold = editor.threshold
        self._one_class = True
        editor.cutting_changed.connect(self._cut_live)
        editor.tool_changed.connect(self._follow_tool)
        for signal in (
            editor.overlay_opacity_changed,
            editor.overlay_visible_changed,
            editor.outline_changed,
            editor.heat_map_changed,
            editor.raw_held_changed,
            editor.classes.changed,
            editor.view.held_changed,
            editor.view.swipe_changed,
            editor.view.left_changed,
            editor.view.right_changed,
        ):
            signal.connect(self._restyle)

    def reset(self, shape: tuple[int, ...] | None) -> None:
        """Forget all layers; those to come belong to an image of this shape (H, W)."""
        self.known.reset(shape)
        self.set_document(None)

    def set_document(self, document: MaskDocument | None) -> None:
        """Show a document's mask once it counts; ValueError when it has another size than the image."""
        self.known.replace(Side.MASK, None if document is None else document.mask)
        if self.document is not None:
            self.document.changed.disconnect(self._mask_changed)
            self.document.own_mask_changed.disconnect(self._restyle)
        self.document = document
        if document is not None:
            document.changed.connect(self._mask_changed)
            document.own_mask_changed.connect(self._restyle)
        self._restyle()

    def set_prediction(self, mask: Mask | None, *, outdated: bool = False) -> bool:
        """Show a predicted mask while the document has none of its own; return whether it is another one.

        Args:
            mask: uint8 (H, W); do not write into it.
            outdated: It was cut in another way than the editor's state says now: what is cut live is shown instead.

        Raises:
            ValueError: It has another size than the image.
        """
        live = self.known.live
        if live is not None:
            if outdated:
                return False
            live.over = True
        if mask is not None and mask is self.known.values(Side.PREDICTION):
            if self.known.settle():
                self._restyle()
            return False
        self.known.replace(Side.PREDICTION, mask)
        self.known.settle()
        self._restyle()
        return True

    def set_previous(self, mask: Mask | None) -> None:
        """Set what the previous model marks, to be compared; ValueError at another size."""
        if mask is None and self.known.get(Side.PREVIOUS) is None:
            return
        self.known.replace(Side.PREVIOUS, mask)
        self._restyle()

    def set_probability(self, probability: NDArray[np.uint8] | None) -> None:
        """Set what the heat map shows, uint8 (H, W) or (C, H, W), 255 = 1; ValueError at another size."""
        self._one_class = probability is None or probability.ndim == 2 or len(probability) == 1
        if probability is not None and probability.ndim == 3:
            probability = probability[0] if probability.shape[0] == 1 else probability.max(axis=0)
        self.known.ranked = None
        self.known.replace(None, probability)
        self._restyle()

    @property
    def layers(self) -> list[Layer]:
        """What is to be drawn, the lowest first; while two sides are compared, at the left one."""
        return chosen_layers(self._editor, self.known, own_mask=self._has_own_mask)

    @property
    def second(self) -> list[Layer] | None:
        """What is to be drawn at the right side; None while no sides are compared."""
        return layers_at_right(self._editor, self.known, own_mask=self._has_own_mask)

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that counts, uint8 (H, W): the document's own, or else the prediction."""
        return self.known.values(Side.MASK if self._has_own_mask else Side.PREDICTION)

    def advance(self, seconds: float) -> bool:
        """Build smaller versions of the layers for about so long; return whether there is nothing left to do."""
        pending = [layer.pyramid for layer in [*self.layers, *(self.second or ())] if not layer.pyramid.complete]
        # What the next move of a slider needs comes last.
        hidden = [layer.pyramid for key in (Side.PREDICTION, None) if (layer := self.known.get(key)) is not None]
        hidden += [self.known.ranked] if self.known.ranked is not None else []
        later = [pyramid for pyramid in hidden if not pyramid.complete and pyramid not in pending]
        if not all(pyramid.advance(seconds) for pyramid in pending):
            return False
        if pending and later:
            self.stale.emit(None)
        done = all(pyramid.advance(seconds) for pyramid in later)
        if self.known.settle():
            self._restyle()
        return done

    @property
    def _has_own_mask(self) -> bool:
        return self.document is not None and self.document.has_own_mask

    def _follow_tool(self, tool: ToolKey) -> None:
        """Outline what can be picked, or do so no more; nothing else looks different with another tool."""
        picked, self._picking = self._picking, tool in PICKING
        if picked != self._picking and self._has_own_mask:
            self.chosen.emit()
            self.building.emit()
            for box in marked_boxes(self.known.get(Side.PREDICTION)):
                self.stale.emit(box)

    def _cut_live(self, cutting: Cutting) -> None:
        """Show another threshold at once; what else is cut in another way follows when the whole image was cut."""
        before, self._threshold = self._threshold, cutting.threshold
        possible = self._one_class or self.known.ranked is not None
        if before == cutting.threshold or not possible or not self.known.cut_live(cutting.threshold):
            return
        if self.known.live in (*self.layers, *(self.second or ())):
            self._restyle()

    def _restyle(self) -> None:
        self.known.restyle(self._editor)
        self.chosen.emit()
        self.stale.emit(None)
        self.building.emit()

    def _mask_changed(self, box: Box) -> None:
        mask = self.known.get(Side.MASK)
        if mask is not None:
            mask.pyramid.update(box)
            if not mask.pyramid.complete:
                self.building.emit()
            self.stale.emit(box)
