"""Looking: which image is current, its pixels, its mask, and the pictures of the queue."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.annotation import load_annotation
from scratchgui.core.errors import AnnotationError
from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.session import OpenImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.core.annotation import Annotation
    from scratchgui.workers.image_loader import ImageLoader
    from scratchgui.workers.save_service import AutoSave
    from scratchgui.workers.thumbnails import Thumbnailer

_OTHER_SIZE = "The mask is not as large as its image, so it is shown without being changed."


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
        session = context.session
        session.project_changed.connect(self._on_project)
        session.images.thumbnail_wanted.connect(thumbnails.request)
        thumbnails.ready.connect(session.images.set_thumbnail)
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
        near = (session.images.next_to_review(rel), session.images.neighbor(rel, 1), session.images.neighbor(rel, -1))
        self._loader.load(rel, dict.fromkeys(name for name in near if name))

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
        self._loader.set_project(project)
        self._thumbnails.set_project(project)

    def _on_loaded(self, rel: str, image: NDArray[np.uint8]) -> None:
        session = self._context.session
        project = session.project
        if project is None or rel != session.current:
            return
        kept = session.document_of(rel) or self._autosave.unsaved(project, rel)
        if isinstance(kept, MaskDocument) and kept.mask.shape == image.shape[:2]:
            self._show(OpenImage(rel, image, kept))
        elif any(path.exists() for path in project.annotation_paths(rel)):
            # In line with the saves: a mask that is being written is read when it is complete.
            self._context.runner.run(
                load_annotation,
                project,
                rel,
                on_result=partial(self._on_annotation, rel, image),
                on_error=partial(self._on_damaged, rel, image),
                pool="save",
                owner=self,
            )
        else:
            self._show(_unannotated(rel, image))

    def _on_annotation(self, rel: str, image: NDArray[np.uint8], annotation: Annotation | None) -> None:
        if annotation is None:
            self._show(_unannotated(rel, image))
        elif annotation.mask.shape != image.shape[:2]:
            self._show(_unannotated(rel, image, read_only=_OTHER_SIZE))
        else:
            self._show(OpenImage(rel, image, MaskDocument(rel, annotation.mask), annotation.info))

    def _on_damaged(self, rel: str, image: NDArray[np.uint8], error: BaseException) -> None:
        if isinstance(error, AnnotationError):
            self._show(_unannotated(rel, image, read_only=str(error)))

    def _show(self, image: OpenImage) -> None:
        session = self._context.session
        if image.rel != session.current or session.project is None:
            return
        if image.read_only:
            self._context.notices.warning(image.read_only)
        else:
            self._autosave.watch(image.document, session.project)
        session.show_image(image)

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
