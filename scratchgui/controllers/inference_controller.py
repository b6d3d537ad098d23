"""Predictions: the model in use on the image in view, then on all others; one threshold for them all."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scratchgui.controllers.freshness import Freshness
from scratchgui.core.errors import BundleError, ProjectError, UserError
from scratchgui.core.model_use import ids_in_use
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.pruning import remove_unused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project
    from scratchgui.inference.predictor import Prediction
    from scratchgui.workers.inference_service import InferenceService
    from scratchgui.workers.light_result import LightResult


_log = logging.getLogger(__name__)
# The image is painted first, on a processor that the network does not hold; and whoever holds the arrow key down does
# not start the network for each image on the way.
_REQUEST_DELAY_MS = 30
# A project is on the screen, thumbnails and all, before the work on its many images begins.
_BULK_DELAY_MS = 250


class InferenceController(QObject):
    """Keeps the service supplied and its answers in the session.

    Attributes:
        card: The model in use; None when it cannot be opened.
        freshness: Whose predictions are shown.

    Signals:
        model_changed(ModelCard | None, ModelCard | None): The model in use and the previous one.
        exchanged(str): The file of an image is another one than that which was opened.
    """

    model_changed = Signal(object, object)
    exchanged = Signal(str)

    def __init__(self, context: Context, service: InferenceService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._service = service
        self.card: ModelCard | None = None
        self.freshness = Freshness(context)
        service.predicted.connect(self._on_predicted)
        service.judged.connect(self._on_judged)
        service.failed.connect(self._on_failed)
        service.engine_failed.connect(self._on_engine_failed)
        service.not_kept.connect(lambda sentence: context.notices.warning(sentence))
        service.engine_remark.connect(lambda sentence: context.notices.warning(sentence))
        context.session.project_changed.connect(self._on_project)
        self._soon = QTimer(self, singleShot=True, interval=_REQUEST_DELAY_MS)
        self._soon.timeout.connect(lambda: self.request(context.session.current))
        context.session.image_changed.connect(self._soon.start)
        self._later = QTimer(self, singleShot=True, interval=_BULK_DELAY_MS)
        self._later.timeout.connect(self.predict_all)
        self._later.timeout.connect(self._make_room)
        context.registry.active_changed.connect(self.use_active_model)

    @property
    def settings(self) -> PredictSettings:
        """How images go through the network."""
        return PredictSettings.of(self._context.settings.value)

    def _on_project(self) -> None:
        self._service.set_project(self._context.session.project)

    def use_active_model(self) -> None:
        """Load the card of the model in use and predict everything with it; fall back to the starter model."""
        registry, session = self._context.registry, self._context.session
        try:
            self.card = registry.active_card()
        except BundleError as error:
            self._context.notices.report(error)
            self.card = None
            if self._fall_back():
                return
        self.model_changed.emit(self.card, registry.previous_card())
        if session.project is None or self.card is None:
            return
        options = self._context.settings.value
        self._service.set_model(
            registry.active_folder, self.settings, device=options.device, precision=options.precision
        )
        self.freshness.use(self.card, self.settings)
        if session.current:
            self._soon.start()
        self._later.start()

    def _fall_back(self) -> bool:
        """Use the starter model if another one is in use; return whether that was so."""
        project = self._context.session.project
        if project is None or project.file.active_model is None:
            return False
        self._context.notices.info("The starter model is used instead.")
        self._context.registry.fall_back()
        return True

    def predict_all(self) -> None:
        """Predict every image of the project, in the order of the queue."""
        order, project = self._context.session.images.order, self._context.session.project
        # 100,000 names are put in order on another thread: the window has better things to do.
        self._context.runner.run(
            _in_order, order.columns.names, order.rows, on_result=partial(self._on_ordered, project), owner=self
        )

    def _make_room(self) -> None:
        """Remove predictions that nobody will look at any more."""
        project = self._context.session.project
        if project is not None:
            self._context.runner.run(_remove_unused, project, self._context.registry.folder_of(None))

    def _on_ordered(self, project: Project | None, names: dict[str, None]) -> None:
        if project is self._context.session.project:
            self._service.enqueue_all(names)

    def request(self, rel: str) -> None:
        """Predict an image before all others, and those that may be looked at next."""
        if not rel:
            return
        images = self._context.session.images
        near = [images.next_to_review(rel), images.neighbor(rel, 1), images.neighbor(rel, -1)]
        self._service.request(rel, [name for name in near if name and name != rel])

    def apply_cutting_to_all(self) -> None:
        """Cut and judge all images as the one in view, and keep that in the project."""
        project = self._context.session.project
        if project is None:
            return
        project.file.cut_as(self._context.editor.cutting)
        try:
            project.save()
        except ProjectError as error:
            self._context.notices.report(error)
        names = [record.rel for record in self._context.session.images.records]
        self._service.rejudge(project.file.cutting, project.file.recipe, names)

    def _on_predicted(self, rel: str, prediction: Prediction) -> None:
        if prediction.is_glance:
            if self.freshness.is_awaited(rel, prediction):
                self._context.session.set_prediction(rel, prediction)
        elif prediction.is_stale:
            if self.freshness.take_stale(rel, prediction):
                self._context.session.set_prediction(rel, prediction)
        elif not self.freshness.misfits(rel, prediction):
            self._context.session.set_prediction(rel, prediction)
        elif self.freshness.may_try_again(rel):
            self._service.request(rel, anew=True)
        else:
            self.exchanged.emit(rel)
            self._context.notices.warning(f"{rel} has changed on disk since it was opened: open it again.")

    def _on_judged(self, results: Sequence[LightResult]) -> None:
        session = self._context.session
        changed = []
        for result in results:
            record = session.record(result.rel)
            if record is None:
                continue
            self.freshness.take(record, result)
            session.images.drop_thumbnail(result.rel)
            changed.append(result.rel)
        session.images.update(changed)

    def _on_failed(self, rel: str, sentence: str) -> None:
        record = self._context.session.record(rel)
        if record is not None:
            record.failure = sentence
            self._context.session.images.update(rel)

    def _on_engine_failed(self, sentence: str) -> None:
        self._context.notices.error(sentence)
        self._fall_back()


def _remove_unused(project: Project, starter: Path) -> None:
    try:
        keep = ids_in_use(project, starter)
    except UserError as error:
        _log.warning("Predictions of models that are used no longer stay: %s", error)
    else:
        remove_unused(project.predictions_folder, keep)


def _in_order(names: list[str], rows: NDArray[np.intp]) -> dict[str, None]:
    return {names[row]: None for row in rows.tolist()}  # a comprehension lets other threads run in between
