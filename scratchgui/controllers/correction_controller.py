"""Correcting and approving the current image."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from scratchgui.core.project import ReviewStatus
from scratchgui.core.regions import region_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.controllers.judging import JudgingController
    from scratchgui.core.annotation import AnnotationInfo
    from scratchgui.core.mask import Mask
    from scratchgui.core.regions import Region
    from scratchgui.model.history import Step
    from scratchgui.model.mask_document import MaskDocument
    from scratchgui.model.session import OpenImage
    from scratchgui.workers.save_service import AutoSave

_ACCEPT = "Accept prediction"
_STILL_LOOKING = "The model still looks at this image: what it has seen at first glance is not taken over."
_NOTHING_TO_APPROVE = "There is no prediction to approve yet. Wait for it, paint the defects, or say that it is clean."


def take_back(document: MaskDocument, step: Step | None) -> None:
    """Undo a step, unless more was done since."""
    if document.history.last is step:
        document.undo()


class CorrectionController(QObject):
    """Edits the mask of the current image and says how far the inspector got.

    Signals:
        approved(str): An image was approved; its name.
    """

    approved = Signal(str)

    def __init__(
        self, context: Context, judging: JudgingController, autosave: AutoSave, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._judging = judging
        self._autosave = autosave
        self._followed: MaskDocument | None = None
        autosave.saved.connect(self._on_saved)
        context.session.image_changed.connect(self._follow_document)

    def _follow_document(self) -> None:
        image = self._context.session.image
        if self._followed is not None:
            self._followed.edited.disconnect(self._on_edited)
            self._followed.own_mask_changed.disconnect(self._on_own_mask)
        self._followed = image.document if image else None
        if self._followed is not None:
            self._followed.edited.connect(self._on_edited)
            self._followed.own_mask_changed.connect(self._on_own_mask)

    def accept_prediction(self) -> bool:
        """Take the prediction over as the inspector's mask, as one undo step; return whether it could be done."""
        image = self._editable()
        if image is None or image.prediction is None:
            return False
        if image.prediction.is_glance:
            self._context.notices.info(_STILL_LOOKING)
            return False
        began = self._judging.cut_prediction(image.prediction, taken_over=True)
        image.document.replace(began.mask, _ACCEPT)
        self._autosave.set_beginning(began)
        return True

    def prepare_edit(self) -> None:
        """Before the first edit: what the model found is what is corrected."""
        image = self._context.session.image
        if image is not None and not image.document.has_own_mask:
            self.accept_prediction()

    def prepare_pick(self) -> None:
        """Before the first pick, and where all is clean: the mask begins empty, beside what the model marked."""
        image = self._context.session.image
        prediction = image.prediction if image else None
        if prediction is not None and not prediction.is_glance and not prediction.is_stale:
            self._autosave.set_beginning(self._judging.cut_prediction(prediction, taken_over=False))

    def clear(self) -> None:
        """Remove everything that is marked."""
        image = self._editable()
        if image is not None and image.document.clear():
            undo = partial(take_back, image.document, image.document.history.last)
            self._context.notices.success("All marks are removed.", action_text="Undo", action=undo)

    def delete_regions(self, numbers: Iterable[int]) -> None:
        """Remove defects by their numbers, as one undo step."""
        reading, wanted = self._judging.reading, set(numbers)
        image = self._editable()
        if image is None or reading is None or reading.rel != image.rel:
            return
        regions = [region for region in reading.regions if region.number in wanted]
        if not regions:
            return
        self.prepare_edit()
        document = image.document
        document.begin_stroke(0)
        for region in regions:
            pixels = _pixels_of(document.mask, region)
            if pixels is not None:
                document.paint(region.box, pixels)
        document.end_stroke("Delete defect" if len(regions) == 1 else f"Delete {len(regions)} defects")

    def approve(self) -> bool:
        """Say that the image is right as it is marked; return whether it was approved."""
        image = self._editable()
        if image is None:
            return False
        if not image.document.has_own_mask and not self.accept_prediction():
            if image.prediction is None:
                self._context.notices.info(_NOTHING_TO_APPROVE)
            return False
        self._finish(image)
        return True

    def mark_clean(self) -> bool:
        """Say that the image has no defect; return whether it was approved."""
        image = self._editable()
        if image is None:
            return False
        if not image.document.has_own_mask:
            self.prepare_pick()
        if not image.document.is_empty or not image.document.has_own_mask:
            image.document.clear("Mark as clean")
        self._finish(image)
        return True

    def unreview(self) -> None:
        """Take the approval back; the mask stays."""
        image = self._editable()
        record = self._context.session.record(image.rel) if image else None
        if record is not None and record.status is ReviewStatus.APPROVED:
            record.status = ReviewStatus.CORRECTED
            self._autosave.save(ReviewStatus.CORRECTED)
            self._context.session.images.update(record.rel)
            self._context.session.mask_state_changed.emit()

    def _finish(self, image: OpenImage) -> None:
        self._autosave.save(ReviewStatus.APPROVED)
        record = self._context.session.record(image.rel)
        if record is not None:
            record.status = ReviewStatus.APPROVED
            record.clean = image.document.is_empty
            self._context.session.images.update(image.rel)
        self.approved.emit(image.rel)

    def _editable(self) -> OpenImage | None:
        image = self._context.session.image
        if image is not None and image.read_only:
            self._context.notices.warning(image.read_only)
            return None
        return image

    def _on_edited(self) -> None:
        session = self._context.session
        image = session.image
        record = session.record(image.rel) if image else None
        if image is None or record is None:
            return
        if image.document.has_own_mask and record.status is not ReviewStatus.CORRECTED:
            record.status = ReviewStatus.CORRECTED
            session.images.update(record.rel)
        session.mask_state_changed.emit()

    def _on_own_mask(self, own: bool) -> None:
        session = self._context.session
        record = session.record(session.current)
        if record is not None and not own:
            record.status = ReviewStatus.NEW
            session.images.update(record.rel)
        session.mask_state_changed.emit()

    def _on_saved(self, rel: str, info: AnnotationInfo | None) -> None:
        session = self._context.session
        record = session.record(rel)
        if record is None or session.project is None:
            return
        record.status = ReviewStatus.NEW if info is None else info.status
        record.clean = info is not None and not info.defect
        session.images.update(rel)
        session.images.drop_thumbnail(rel)
        if session.image is not None and session.image.rel == rel:
            session.image.info = info


def _pixels_of(mask: Mask, region: Region) -> NDArray[np.bool_] | None:
    """Return the pixels of one region, bool (box height, box width), without others in its box; None if it is gone."""
    top = mask[region.box.y, region.box.x : region.box.right]
    for column in np.flatnonzero(top == region.label).tolist():
        found = region_at(mask, region.box.x + column, region.box.y)
        if found is not None and found[0] == region.box:
            return found[1]
    return None
