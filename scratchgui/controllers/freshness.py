"""Which predictions are those of the model in use; others stay in sight, marked as stale, until they are renewed."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.inference.cache import PredictionStore

if TYPE_CHECKING:
    from scratchgui.controllers.context import Context
    from scratchgui.core.model_card import ModelCard, ModelKey
    from scratchgui.core.project import ImageRecord
    from scratchgui.inference.predictor import Prediction, PredictSettings
    from scratchgui.workers.light_result import LightResult

_log = logging.getLogger(__name__)


class Freshness:
    """Writes into the records of the queue whose prediction they show, and whether it is still the one to show."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._card: ModelCard | None = None
        self._used: tuple[ModelKey, PredictSettings] | None = None
        self._misfits: set[str] = set()

    def use(self, card: ModelCard, settings: PredictSettings) -> None:
        """Take what is shown for stale if another model made it, or the same one with other settings."""
        before, self._used, self._card = self._used, (card.key, settings), card
        if before == self._used:  # on another device, or in another project, which shows nothing yet
            return
        session = self._context.session
        suffix = " with other settings" if before is not None and before[0] == card.key else ""
        for record in session.images.records:
            if record.predicted:
                record.predicted = False
                record.made_by += suffix
        session.images.repaint_all()
        image = session.image
        if image is not None and image.prediction is not None:
            session.set_prediction(image.rel, replace(image.prediction, is_stale=True))

    def take(self, record: ImageRecord, result: LightResult) -> None:
        """Note in a record what the model in use found."""
        record.predicted, record.score, record.doubt = True, result.score, result.doubt
        record.made_by = self._card.name if self._card else ""
        # Where the inspector has spoken, the model's verdict does not count.
        if record.status.value == "new":
            record.verdict, record.defects = result.judgement.verdict, result.judgement.defects

    def is_awaited(self, rel: str, prediction: Prediction) -> bool:
        """Tell whether a prediction that is to be seen for a while fits the current image, which has none yet."""
        image = self._context.session.image
        if image is None or image.rel != rel or image.prediction is not None:
            return False
        return prediction.probability.shape[1:] == image.image.shape[:2]

    def take_stale(self, rel: str, prediction: Prediction) -> bool:
        """Note whose stale prediction an image is to show; tell whether it is to be shown at all."""
        session = self._context.session
        record = session.record(rel)
        if record is None or self._card is None or not self.is_awaited(rel, prediction):
            return False
        if len(prediction.probability) > len(self._card.classes):  # it would mark what is no class here
            return False
        record.predicted, record.made_by = False, self.maker(prediction)
        record.score, record.doubt = prediction.score, prediction.doubt
        session.images.update(rel)
        return True

    def maker(self, prediction: Prediction) -> str:
        """Return who made a stale prediction, for the user."""
        name = self._context.registry.name_of(prediction.model_id)
        same = self._card is not None and prediction.model_id == self._card.id
        return f"{name} before a change" if same else name

    def misfits(self, rel: str, prediction: Prediction) -> bool:
        """Tell whether a prediction has another size than its open image; what is kept of it is forgotten then.

        Only a file that was exchanged can be so: for its size and time it looks like the one that was predicted.
        """
        session = self._context.session
        image, project = session.image, session.project
        if image is None or image.rel != rel or project is None:
            return False
        if prediction.probability.shape[1:] == image.image.shape[:2]:
            self._misfits.discard(rel)
            return False
        _log.warning("The prediction of %s is of another size: %s", rel, prediction.probability.shape)
        try:
            PredictionStore(project.predictions_folder).remove(rel, prediction.model_id)
        except UserError as error:
            _log.warning("%s", error)
        return True

    def may_try_again(self, rel: str) -> bool:
        """Tell, once for an image, that a prediction that did not fit is worth to be made anew."""
        first = rel not in self._misfits
        self._misfits.add(rel)
        return first
