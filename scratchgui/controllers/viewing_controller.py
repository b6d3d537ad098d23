"""Looking: which image is current, its pixels, its mask, and the pictures of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.controllers.page_notice import PageNotice
from scratchgui.core.annotation import Annotation, check_fits
from scratchgui.core.errors import AnnotationError
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.session import OpenImage
from scratchgui.workers.annotation_loader import AnnotationLoader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.workers.image_loader import ImageLoader
    from scratchgui.workers.save_service import AutoSave
    from scratchgui.workers.thumbnails import Thumbnailer


class ViewingController(QObject):
    """Moves between images and opens each with its mask.

    Signals:
        unreadable(str): The current image cannot be shown; a sentence.
    """

    unreadable = Signal(str)

    def __init__(
        self,
        context: Context,
        loader: ImageLoader,
        thumbnails: Thumbnailer,
        autosave: AutoSave,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._loader = loader
        self._thumbnails = thumbnails
        self._autosave = autosave
        PageNotice(context, self)
        self._annotations = AnnotationLoader(context.runner, self)
        self._annotations.arrived.connect(self._on_annotation)
        autosave.written.connect(lambda project, rel, _: self._annotations.drop(project, rel))
        self._near: list[str] = []
        self._pixels: NDArray[np.uint8] | None = None
        self._annotation: list[Annotation | AnnotationError | None] = []
        self._annotation_asked = False
        session = context.session
        session.project_changed.connect(self._on_project)
        session.images.thumbnail_wanted.connect(thumbnails.request)
        thumbnails.ready.connect(session.images.set_thumbnail)
        loader.preview.connect(session.show_preview)
        loader.loaded.connect(self._on_loaded)
        loader.failed.connect(self._on_failed)

    def choose(self, rel: str) -> None:
        """Look at an image."""
        session = self._context.session
        record = session.record(rel)
        if record is None or rel == session.current:
            return
        record.seen = True
        session.images.update(rel)
        self._autosave.watch(None)
        session.choose(rel)
        self._pixels, self._annotation, self._annotation_asked = None, [], False
        near = (session.images.next_to_review(rel), session.images.neighbor(rel, 1), session.images.neighbor(rel, -1))
        self._near = [name for name in dict.fromkeys(near) if name and name != rel]
        if self._kept_document(rel) is None:
            self._ask_for_annotation(rel)  # beside the pixels: neither waits for the other
        self._loader.load(rel, self._near)

    def choose_first(self) -> None:
        """Look at the first image of the queue."""
        images = self._context.session.images
        if images.rowCount():
            self.choose(images.record(0).rel)

    def step(self, step: int) -> None:
        """Go forward (positive) or back in the queue; at its ends stay where you are."""
        session = self._context.session
        target = session.images.neighbor(session.current, step)
        if target is not None:
            self.choose(target)

    def next_to_review(self) -> bool:
        """Go to the next image that is not approved; return whether there is one."""
        session = self._context.session
        target = session.images.next_to_review(session.current)
        if target is not None:
            self.choose(target)
        return target is not None

    def _on_project(self) -> None:
        project = self._context.session.project
        self._autosave.watch(None)
        self._annotations.forget()
        self._loader.set_project(project)
        self._thumbnails.set_project(project)

    def _kept_document(self, rel: str) -> MaskDocument | None:
        """Return the mask of an image as it is in memory: with its history, or not on disk yet."""
        session = self._context.session
        assert session.project is not None
        kept = session.document_of(rel) or self._autosave.unsaved(session.project, rel)
        return kept if isinstance(kept, MaskDocument) else None

    def _ask_for_annotation(self, rel: str) -> None:
        project = self._context.session.project
        assert project is not None
        self._annotation_asked = True
        self._annotations.load(project, rel)

    def _on_loaded(self, rel: str, image: NDArray[np.uint8]) -> None:
        session = self._context.session
        if session.project is None or rel != session.current:
            return
        self._pixels = image
        kept = self._kept_document(rel)
        if kept is not None and kept.mask.shape == image.shape[:2]:
            self._show(OpenImage(rel, image, kept))
        elif not self._annotation_asked:
            self._ask_for_annotation(rel)
        else:
            self._show_if_complete(rel)

    def _on_annotation(self, rel: str, annotation: Annotation | AnnotationError | None) -> None:
        session = self._context.session
        if rel != session.current:
            return
        shown = session.image
        if shown is not None and shown.document.revision:
            return  # it was changed on disk since it was read ahead, but the inspector changed it too
        if shown is not None:
            self._pixels = shown.image
        self._annotation = [annotation]
        self._show_if_complete(rel)

    def _show_if_complete(self, rel: str) -> None:
        """Show the image when both its pixels and its mask have come."""
        project = self._context.session.project
        if self._pixels is None or not self._annotation or project is None:
            return
        image, found = self._pixels, self._annotation[0]
        if found is None:
            self._show(_unannotated(rel, image))
            return
        try:
            if isinstance(found, AnnotationError):
                raise found
            check_fits(project, rel, found.mask, image.shape[1], image.shape[0])
        except AnnotationError as error:
            self._show(_unannotated(rel, image, read_only=str(error)))
        else:
            self._show(OpenImage(rel, image, MaskDocument(rel, found.mask), found.info))

    def _show(self, image: OpenImage) -> None:
        session = self._context.session
        if image.rel != session.current or session.project is None:
            return
        if image.read_only:
            self._context.notices.warning(image.read_only)
        else:
            self._autosave.watch(image.document, session.project)
        self._pixels, self._annotation = None, []
        session.show_image(image)
        self._annotations.read_ahead(session.project, self._near)

    def _on_failed(self, rel: str, sentence: str) -> None:
        session = self._context.session
        record = session.record(rel)
        if record is not None:
            record.failure = sentence
            session.images.update(rel)
        if rel == session.current:
            session.show_image(None)
            self.unreadable.emit(sentence)


def _unannotated(rel: str, image: NDArray[np.uint8], *, read_only: str = "") -> OpenImage:
    height, width = image.shape[:2]
    return OpenImage(rel, image, MaskDocument.blank(rel, width, height), read_only=read_only)
