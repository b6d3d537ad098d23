"""The canvas of the window: shows the current image and lets the tools correct its mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from scratchgui.canvas.decorated_view import DecoratedView
from scratchgui.canvas.host import CanvasHost
from scratchgui.canvas.input_router import InputRouter
from scratchgui.canvas.overlays import Overlays
from scratchgui.canvas.pointer_feedback import PointerFeedback
from scratchgui.canvas.shown_picture import ShownPicture
from scratchgui.canvas.tool_drawing import ToolDrawing
from scratchgui.canvas.view_aids import ViewAids

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from scratchgui.core.mask import Mask
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.mask_document import MaskDocument


class CanvasWidget(DecoratedView):
    """Shows one image with its mask or prediction, and edits the mask of its document.

    Everything about an image is set after it: `set_image` forgets document, prediction, probability and boxes.

    Signals:
        zoom_changed(float): Device pixels per image pixel; 1.0 is 100%.
        cursor_moved(int, int): The mouse is over this column and row of the image (px), or what is shown there may have
            changed under it.
        cursor_left(): The mouse is not over the image any more.
        about_to_edit(): An edit begins while the document's mask does not count yet: who listens may put the
            prediction into the document now, as an undo step of its own.
        about_to_pick(): The same, but the mask begins with nothing of the prediction but what is picked.
        stroke_finished(): A tool has completed an edit.
        region_clicked(int, int): A pixel (px) was clicked to select what is there; outside the image for nothing.
        hint_changed(str): One sentence on how the tool, another one perhaps, is used, or on what it waits for.
        told(str): Why a gesture did nothing, or less than it might have, in a sentence.

    Attributes:
        editor: Tool, brush, and how overlays are shown.
        editable: Whether the tools may change the mask.
        shown: Which picture of the image is shown, and in which tone.
        aids: What helps to look at the image.
    """

    cursor_moved = Signal(int, int)
    cursor_left = Signal()
    about_to_edit = Signal()
    about_to_pick = Signal()
    stroke_finished = Signal()
    region_clicked = Signal(int, int)
    hint_changed = Signal(str)
    told = Signal(str)

    def __init__(self, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.editable = True
        self.shown = ShownPicture(self, editor.view)
        self._overlays = Overlays(editor, self)
        self._overlays.stale.connect(self.update_image)
        self._overlays.building.connect(self.refine_later)
        self._router = InputRouter(self, CanvasHost(self, self._overlays))
        self.show_tool_with(ToolDrawing(self._router))
        self.aids = ViewAids(self, self._overlays, editor, self._router)
        self._feedback = PointerFeedback(self, self._overlays, self._router, editor)
        self._feedback.moved.connect(self.cursor_moved)
        self._feedback.left.connect(self.cursor_left)
        self._feedback.hint_changed.connect(self.hint_changed)
        self.use_classes(editor.classes)
        editor.boxes_visible_changed.connect(self.set_boxes_visible)
        editor.view.turn_changed.connect(self.set_turn)
        self.set_boxes_visible(editor.boxes_visible)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._router.show_cursor()

    @property
    def hint(self) -> str:
        """One sentence on how the tool in use is used."""
        return self._router.tool.hint

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that counts, uint8 (H, W): the document's own, or else the prediction."""
        return self._overlays.shown_mask

    def set_image(self, image: NDArray[np.uint8] | None, keep_view: bool = False) -> None:
        """Show an image, or none; document, prediction, probability and boxes of the one before are forgotten.

        Args:
            image: uint8 (H, W) gray or (H, W, 3) RGB; not copied.
            keep_view: Stay at zoom and position if the image has the same size as the one before.

        Raises:
            ValueError: The array is no such image, or has no pixels.
        """
        if image is not None and not _is_image(image):
            raise ValueError(f"an image is uint8 (H, W) or (H, W, 3), not {image.dtype} {image.shape}")
        self._router.cancel()
        # The picture first: what the layers' change builds at once is then of the new one.
        self.compositor.set_image(image)
        self._overlays.reset(None if image is None else image.shape[:2])
        self.set_boxes(None)
        size = (0, 0) if image is None else (image.shape[1], image.shape[0])
        same = size == self.viewport.image
        self.viewport.set_image_size(*size)
        self.shown.set_image(image)
        self.refine_later()
        if keep_view and same:
            self.view_moved()
        else:
            self.fit()

    def set_preview(self, picture: NDArray[np.uint8], width: int, height: int) -> None:
        """Show a small picture in the place of an image that is still being decoded; there is nothing to edit.

        Args:
            picture: RGB uint8 (h, w, 3).
            width: Width of the image itself (px); its pixels follow with `set_image(image, keep_view=True)`.
            height: Its height (px).
        """
        self.set_image(None)
        self.viewport.set_image_size(width, height)
        self.compositor.set_preview(picture)
        self.fit()

    def freeze(self) -> None:
        """Take the running gesture back and let nothing be edited, until `editable` is set again."""
        self._router.cancel()
        self.editable = False

    def set_document(self, document: MaskDocument | None) -> None:
        """Show and edit a document's mask, or none; ValueError when its size is not the image's."""
        self._router.cancel()
        before = self._overlays.document
        self._overlays.set_document(document)
        if before is not None:
            before.edited.disconnect(self._mask_edited)
        if document is not None:
            document.edited.connect(self._mask_edited)

    def set_prediction_mask(self, mask: Mask | None, *, outdated: bool = False) -> None:
        """Show a prediction, uint8 (H, W), while the document's mask does not count; ValueError at another size.

        Nothing is painted anew for one that is shown already: do not write into it. One that is outdated, because the
        editor's state says to cut in another way now, does not replace what is cut live in that way.
        """
        if self._overlays.set_prediction(mask, outdated=outdated):
            self._router.tool.mask_changed()

    def set_previous_mask(self, mask: Mask | None) -> None:
        """Set what the previous model marks, uint8 (H, W), to be compared; ValueError at another size."""
        self._overlays.set_previous(mask)

    def set_probability(self, probability: NDArray[np.uint8] | None) -> None:
        """Set what the heat map shows, uint8 (C, H, W) or (H, W), 255 = 1; ValueError at another size."""
        self._overlays.set_probability(probability)

    def set_ranked(self, values: NDArray[np.uint16]) -> None:
        """Set what a prediction of several classes is cut from live: `core.cutting.ranked` of it, uint16 (H, W)."""
        self._overlays.known.rank(values)
        self.refine_later()

    def build_slice(self, seconds: float) -> bool:
        """Build smaller versions of image and layers for about so long; return whether nothing is left to do."""
        return super().build_slice(seconds) and self._overlays.advance(seconds)

    def _mask_edited(self) -> None:
        self._router.tool.mask_changed()


def _is_image(image: NDArray[np.uint8]) -> bool:
    colors_fit = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    return str(image.dtype) == "uint8" and colors_fit and image.size > 0
