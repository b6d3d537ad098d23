"""Small pictures for the queue, with the mask burnt in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from scratchgui.core.annotation import load_annotation
from scratchgui.core.errors import AnnotationError
from scratchgui.core.images import read_thumbnail
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.model_card import ModelKey
    from scratchgui.core.project import Project
    from scratchgui.inference.predictor import PredictSettings
    from scratchgui.workers.task import Task, TaskRunner

SIZE = 112
"""Longer side (px): rows show 56 px, at up to 200%."""
CARD_SIZE = 480
"""Longer side of the picture of a recent project (px)."""
_WAITING = 256
_AT_ONCE = 2
_DELAY_MS = 20
"""Rows ask while they are painted: a thread that wakes up then takes up to 5 ms from the window's."""


class Thumbnailer(QObject):
    """Makes thumbnails in the background, the one asked for last first.

    More than 256 that wait are forgotten, the oldest first: they have been scrolled past.

    Signals:
        ready(str, QImage): A thumbnail is there.
    """

    ready = Signal(str, QImage)

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._project: Project | None = None
        self._model: tuple[ModelKey, PredictSettings] | None = None
        self._waiting: dict[str, None] = {}
        self._tasks: dict[str, Task] = {}
        self._soon = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._soon.timeout.connect(self._next)

    def set_project(self, project: Project | None) -> None:
        """Show another project, or none; what was asked for is forgotten."""
        self._project = project
        self._waiting.clear()
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    def set_model(self, model: ModelKey | None, settings: PredictSettings | None = None) -> None:
        """Burn in the kept predictions of this model where there is no mask of the inspector's."""
        self._model = (model, settings) if model is not None and settings is not None else None

    def request(self, rel: str) -> None:
        """Ask for a thumbnail; asking again puts it first."""
        self._waiting.pop(rel, None)
        self._waiting[rel] = None
        if len(self._waiting) > _WAITING:
            del self._waiting[next(iter(self._waiting))]
        if not self._soon.isActive():
            self._soon.start()

    def _next(self) -> None:
        while self._project is not None and self._waiting and len(self._tasks) < _AT_ONCE:
            rel, _ = self._waiting.popitem()
            if rel in self._tasks:  # asked for again while it was made: what is being made may be outdated
                self._tasks.pop(rel).cancel()
            self._tasks[rel] = self._runner.run(
                render_thumbnail,
                self._project,
                rel,
                self._model,
                on_result=partial(self._on_ready, rel),
                on_error=partial(self._on_error, rel),
                pool="thumbnail",
                owner=self,
            )

    def _on_ready(self, rel: str, image: QImage) -> None:
        self._tasks.pop(rel, None)
        self.ready.emit(rel, image)
        self._next()

    def _on_error(self, rel: str, error: BaseException) -> None:
        """Leave the row without a picture: that the image cannot be read is told where it is opened."""
        self._tasks.pop(rel, None)
        self._next()


def render_thumbnail(project: Project, rel: str, model: tuple[ModelKey, PredictSettings] | None) -> QImage:
    """Return a thumbnail, 112 px on its longer side, with the inspector's mask or the kept prediction burnt in.

    Raises:
        ImageReadError: The image cannot be read.
    """
    picture = np.ascontiguousarray(read_thumbnail(project.image_path(rel), SIZE))
    mask = _mask(project, rel, model)
    if mask is not None:
        burn_in(picture, mask, [item.color for item in project.file.classes])
    return _to_qimage(picture)


def read_picture(path: Path, size: int = CARD_SIZE) -> QImage:
    """Return an image file as a small picture, `size` px on its longer side.

    Raises:
        ImageReadError: It cannot be read.
    """
    return _to_qimage(np.ascontiguousarray(read_thumbnail(path, size)))


def _to_qimage(picture: NDArray[np.uint8]) -> QImage:
    height, width = picture.shape[:2]
    # A QImage over an array does not own the memory.
    return QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_RGB888).copy()


def burn_in(picture: NDArray[np.uint8], mask: Mask, colors: list[str]) -> None:
    """Paint each marked pixel of a mask, uint8 (H, W), into a small RGB picture, uint8 (h, w, 3), in place.

    No mean over the mask: a scratch one pixel wide must stay visible.

    Args:
        picture: What is painted into.
        mask: Label map of the same image at any size.
        colors: Color of each class as "#rrggbb".
    """
    points = cv2.findNonZero(mask)
    if points is None:
        return
    xs, ys = points.reshape(-1, 2).T  # (N, 1, 2) in OpenCV 4, (N, 2) in OpenCV 5
    height, width = picture.shape[:2]
    labels = np.minimum(mask[ys, xs], len(colors)) - 1
    palette = np.array([tuple(bytes.fromhex(color[1:])) for color in colors], np.uint8)
    picture[ys * height // mask.shape[0], xs * width // mask.shape[1]] = palette[labels]


def _mask(project: Project, rel: str, model: tuple[ModelKey, PredictSettings] | None) -> Mask | None:
    try:
        annotation = load_annotation(project, rel)
    except (AnnotationError, OSError):
        return None
    if annotation is not None:
        return annotation.mask
    if model is None:
        return None
    store = PredictionStore(project.predictions_folder)
    prediction = store.load(rel, *model, project.image_path(rel))
    if prediction is None:
        return None
    return cut(prediction.probability, project.file.cutting)
