"""What the tools may see and do of the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.canvas.candidates import candidates
from scratchgui.model.view_state import Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.canvas.area_drawing import Sampler
    from scratchgui.canvas.canvas_widget import CanvasWidget
    from scratchgui.canvas.overlays import Overlays
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.mask_document import MaskDocument


class CanvasScene:
    """What is to be seen on a canvas: see `Scene`."""

    def __init__(self, canvas: CanvasWidget, overlays: Overlays) -> None:
        self._canvas = canvas
        self._overlays = overlays

    @property
    def editor(self) -> EditorState:
        """Brush size, class and so on."""
        return self._canvas.editor

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The image, uint8 (H, W) gray or (H, W, 3) RGB; None without one."""
        return self._canvas.shown.original

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that is shown: the document's, or else the prediction."""
        return self._overlays.shown_mask

    @property
    def own_mask(self) -> Mask | None:
        """The inspector's mask, uint8 (H, W); None while it does not count and the prediction does."""
        document = self._overlays.document
        return None if document is None or not document.has_own_mask else document.mask

    @property
    def prediction(self) -> Mask | None:
        """What the model marks at the present threshold, uint8 (H, W); None when it is not known."""
        return self._overlays.known.values(Side.PREDICTION)

    @property
    def probability(self) -> NDArray[np.uint8] | None:
        """The highest probability of all classes, uint8 (H, W), 255 = 1; None when it is not known."""
        return self._overlays.known.values(None)

    @property
    def placement(self) -> Placement:
        """Where the image lies in the view."""
        return self._canvas.viewport.placement

    def marks(self, *, new: bool) -> Sampler | None:
        """Return what tells which label is drawn at device pixels; see `Scene.marks`."""
        mask, predicted = self._overlays.known.get(Side.MASK), self._overlays.known.get(Side.PREDICTION)
        if self.own_mask is None or mask is None:
            return None if predicted is None else predicted.sample
        if not new:
            return mask.sample
        return next((layer.sample for layer in candidates(predicted, mask, 1.0, ())), None)


class CanvasHost(CanvasScene):
    """A canvas as its tools see it: see `ToolHost`."""

    _advice = ""

    @property
    def may_edit(self) -> bool:
        """Whether the mask may be changed."""
        return self._editable_document is not None

    @property
    def _editable_document(self) -> MaskDocument | None:
        return self._overlays.document if self._canvas.editable else None

    def document_to_edit(self) -> MaskDocument | None:
        """Return the document after the canvas has told that an edit begins; None when nothing may be edited."""
        document = self._editable_document
        if document is not None and not document.has_own_mask:
            self._canvas.about_to_edit.emit()
        return document

    def document_to_pick(self) -> MaskDocument | None:
        """Return the document like `document_to_edit`, but one that does not count yet begins empty."""
        document = self._editable_document
        if document is not None and not document.has_own_mask:
            self._canvas.about_to_pick.emit()
        return document

    def repaint(self, box: Box) -> None:
        """Paint the tool's own drawing again within a box of device pixels."""
        self._canvas.update_device(box)

    def outline(self, found: tuple[Box, NDArray[np.bool_]] | None) -> None:
        """Outline a region, or nothing."""
        self._canvas.outline(found)

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""
        self._canvas.pan(dx, dy)

    def click_region(self, x: int, y: int) -> None:
        """Tell that a pixel, in the image or outside of it, was clicked without editing it."""
        self._canvas.region_clicked.emit(x, y)

    def finish_stroke(self) -> None:
        """Tell that an edit is complete."""
        self._canvas.stroke_finished.emit()

    def tell(self, sentence: str) -> None:
        """Tell the user why a gesture did nothing, or less than it might have."""
        self._canvas.told.emit(sentence)

    def advise(self, sentence: str) -> None:
        """Say what the tool waits for, in the place of its hint; with an empty sentence the hint is there again."""
        if sentence != self._advice:
            self._advice = sentence
            self._canvas.hint_changed.emit(sentence or self._canvas.hint)
