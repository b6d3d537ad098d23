"""What is open: a project, its images, and the one image that is looked at."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.model.image_list_model import ImageListModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.annotation import AnnotationInfo
    from scratchgui.core.images import Preview
    from scratchgui.core.project import ImageRecord, Project
    from scratchgui.inference.predictor import Prediction
    from scratchgui.model.mask_document import MaskDocument
    from scratchgui.model.queue_order import QueueColumns

_DOCUMENTS_KEPT = 12


@dataclass(slots=True)
class OpenImage:
    """The image that is looked at.

    Attributes:
        rel: Its name in the project.
        image: Pixels, uint8 (H, W) gray or (H, W, 3) RGB.
        document: Its mask with undo.
        info: Its status on disk; None when it was never annotated.
        prediction: What the model in use says; None until it is there.
        read_only: Why the mask must not be changed, as a sentence; empty when it may.
    """

    rel: str
    image: NDArray[np.uint8]
    document: MaskDocument
    info: AnnotationInfo | None = None
    prediction: Prediction | None = None
    read_only: str = ""


class Session(QObject):
    """The open project and the current image; changes are told by signals.

    Signals:
        project_changed(): Another project is open, or none.
        current_changed(str): Another image is chosen; its pixels are not there yet. Empty when none is.
        preview_changed(): A coarse picture of the current image is there, before its pixels are.
        image_changed(): The current image's pixels are there (`image`), or failed (`image` is None).
        prediction_changed(): The current image has another prediction, or none.
        mask_state_changed(): The current image's own mask began or stopped to count, or its status changed.
    """

    project_changed = Signal()
    current_changed = Signal(str)
    preview_changed = Signal()
    image_changed = Signal()
    prediction_changed = Signal()
    mask_state_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.images = ImageListModel(self)
        self.project: Project | None = None
        self.current = ""
        self.preview: Preview | None = None
        self.image: OpenImage | None = None
        self._documents: OrderedDict[str, MaskDocument] = OrderedDict()

    def set_project(self, project: Project | None) -> None:
        """Open another project, or none; the images are listed later with `set_records`."""
        self.project = project
        self.current = ""
        self.image = self.preview = None
        self._documents.clear()
        self.images.set_records([])
        self.project_changed.emit()

    def set_records(self, records: list[ImageRecord], columns: QueueColumns | None = None) -> None:
        """List the project's images; `columns` as in `ImageListModel.set_records`."""
        self.images.set_records(records, columns)

    def record(self, rel: str) -> ImageRecord | None:
        """Return what the queue knows about an image; None when it is not in the project."""
        return self.images.record_of(rel)

    def choose(self, rel: str) -> None:
        """Make an image the current one; its pixels follow with `show_image`."""
        if rel == self.current:
            return
        self.current = rel
        self.image = self.preview = None
        self.current_changed.emit(rel)

    def show_preview(self, rel: str, preview: Preview) -> None:
        """Set a coarse picture of the current image; one for another image, or after the pixels, comes too late."""
        if rel == self.current and self.image is None:
            self.preview = preview
            self.preview_changed.emit()

    def show_image(self, image: OpenImage | None) -> None:
        """Set the current image's pixels; None when they cannot be read."""
        self.image = image
        if image is not None:
            self._remember(image.rel, image.document)
        self.image_changed.emit()
        self.preview = None

    def document_of(self, rel: str) -> MaskDocument | None:
        """Return the mask of a recently opened image with its undo history, if it is still kept."""
        return self._documents.get(rel)

    def set_prediction(self, rel: str, prediction: Prediction | None) -> None:
        """Give the current image a prediction; one for another image comes too late and is dropped."""
        if self.image is not None and self.image.rel == rel:
            self.image.prediction = prediction
            self.prediction_changed.emit()

    def _remember(self, rel: str, document: MaskDocument) -> None:
        self._documents[rel] = document
        self._documents.move_to_end(rel)
        for name in list(self._documents)[:-_DOCUMENTS_KEPT]:
            # A mask that is not on disk yet stays, however long ago it was looked at.
            if not self._documents[name].dirty:
                del self._documents[name]
