"""What the previous model said about the current image, to be compared with the present one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import load_card
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.postprocess import cut
from scratchgui.inference.predictor import PredictSettings

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.core.cutting import Cutting
    from scratchgui.core.mask import Mask
    from scratchgui.core.project import Project
    from scratchgui.workers.task import Task


class PreviousModel(QObject):
    """Reads its kept prediction once for an image, while two sides are compared, and cuts it at each threshold.

    Signals:
        marked(NDArray | None): What it marks in the current image, uint8 (H, W); None while that is not known, or when
            no prediction of it is kept.
    """

    marked = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._state = context.editor.view
        self._probability: NDArray[np.uint8] | None = None
        self._reading: Task | None = None
        self._cutting: Task | None = None
        context.session.current_changed.connect(self._begin_anew)
        context.session.image_changed.connect(self._begin_anew)
        context.session.project_changed.connect(self._begin_anew)
        context.registry.active_changed.connect(self._begin_anew)
        self._state.swipe_changed.connect(self._begin_anew)
        context.editor.cutting_changed.connect(self._cut)

    def _begin_anew(self, *_: object) -> None:
        """Read the prediction of the current image; not while nobody compares."""
        for task in (self._reading, self._cutting):
            if task is not None:
                task.cancel()
        self._reading = self._cutting = self._probability = None
        context, image, project = self._context, self._context.session.image, self._context.session.project
        if image is None or project is None or project.file.previous_model is None or not self._state.swipe:
            self._tell(None)
            return
        settings, folder = PredictSettings.of(context.settings.value), context.registry.previous_folder
        self._reading = context.runner.run(
            _read,
            project,
            image.rel,
            folder,
            settings,
            on_result=partial(self._on_read, image.image.shape[:2]),
            owner=self,
        )

    def _on_read(self, shape: tuple[int, int], probability: NDArray[np.uint8] | None) -> None:
        if probability is None or probability.shape[1:] != shape:
            self._tell(None)
            return
        self._probability = probability
        self._cut()

    def _cut(self, *_: object) -> None:
        """Tell what it marks at the present threshold; at most one computation runs."""
        cutting = self._context.editor.cutting
        if self._probability is not None and self._cutting is None:
            self._cutting = self._context.runner.run(
                cut,
                self._probability,
                cutting,
                on_result=partial(self._on_cut, cutting),
                on_error=self._end,
                owner=self,
            )

    def _on_cut(self, cutting: Cutting, mask: Mask) -> None:
        self._end()
        self._tell(mask)
        if cutting != self._context.editor.cutting:
            self._cut()

    def _end(self, _: BaseException | None = None) -> None:
        self._cutting = None

    def _tell(self, mask: Mask | None) -> None:
        self._state.previous_known = mask is not None
        self.marked.emit(mask)


def _read(project: Project, rel: str, model: Path, settings: PredictSettings) -> NDArray[np.uint8] | None:
    """Return the probability (C, H, W) that a model gave an image, as it is kept; None where none is."""
    try:
        key = load_card(model).key
    except BundleError:  # it is gone, or damaged: who goes back to it is told
        return None
    kept = PredictionStore(project.predictions_folder).load(rel, key, settings, project.image_path(rel))
    return None if kept is None else kept.probability
