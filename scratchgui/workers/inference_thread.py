"""The one thread on which models run: takes jobs, answers by calls that its owner passes to the window."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from scratchgui.core.errors import PrecisionError, UserError
from scratchgui.core.images import read_image
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Cancelled, PredictSettings
from scratchgui.inference.steady_predictor import SteadyPredictor, open_predictor
from scratchgui.workers.image_queue import ImageQueue, Job, Kind
from scratchgui.workers.light_result import LightResult, Rules, read_prediction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scratchgui.core.model_card import Bundle
    from scratchgui.core.project import Project
    from scratchgui.inference.predictor import Prediction

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """Which model, and how images go through it."""

    folder: Path
    settings: PredictSettings
    device: str
    precision: str


@dataclass(frozen=True)
class Situation:
    """What an answer is true for; replaced as a whole, never changed.

    Attributes:
        number: Counts projects and models; answers of an earlier number are dropped.
        project: The open project.
        model: The model in use.
        rules: Threshold and recipe.
    """

    number: int
    project: Project
    model: Model
    rules: Rules


class Answers(Protocol):
    """Who is told; every call comes from the inference thread."""

    def on_done(self, situation: Situation, job: Job, result: LightResult | None, full: Prediction | None) -> None:
        """A job ended; no result when there was nothing to judge."""

    def on_failed(self, situation: Situation, job: Job, error: Exception) -> None:
        """An image cannot be worked on."""

    def on_not_kept(self, situation: Situation, error: UserError) -> None:
        """A prediction is there but could not be written."""

    def on_engine(self, situation: Situation, name: str, error: Exception | None) -> None:
        """A model was opened, or cannot be."""

    def on_remark(self, situation: Situation, sentence: str) -> None:
        """A model runs in another way than it was asked to."""

    def on_idle(self) -> None:
        """Nothing waits any more."""


class InferenceThread:
    """Runs jobs until the queue closes. The model is opened when the first image needs it."""

    def __init__(
        self, queue: ImageQueue, answers: Answers, situation: Callable[[], Situation | None], cache: Path | None
    ) -> None:
        self._queue = queue
        self._answers = answers
        self._situation = situation
        self._cache = cache
        self._known: tuple[int, Bundle | None] = (0, None)
        self._opened: tuple[Model, SteadyPredictor | None] | None = None
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)

    def ensure_started(self) -> None:
        """Start the thread unless it was started before."""
        if self._thread.ident is None:
            self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait for the end after the queue was closed; False when the time was not enough."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._queue.take()) is not None:
            situation = self._situation()
            if situation is not None and not self._queue.gives_way(job):
                self._do(job, situation)
            if self._queue.is_idle:
                self._answers.on_idle()

    def _do(self, job: Job, situation: Situation) -> None:
        try:
            self._work(job, situation)
        except Cancelled:
            self._queue.put_back(job)
        except Exception as error:  # a bug or a full memory must not end the thread: the user is told
            self._answers.on_failed(situation, job, error)

    def _work(self, job: Job, situation: Situation) -> None:
        try:
            bundle = self._bundle(situation)
        except UserError as error:
            self._engine_failed(situation, error)
            return
        path = situation.project.image_path(job.rel)
        store = PredictionStore(situation.project.predictions_folder)
        prediction = store.load(job.rel, bundle.card.key, situation.model.settings, path)
        if prediction is None and job.kind is not Kind.REJUDGE:
            shown = job.kind is not Kind.VISIBLE or self._show_former(job, situation, store)
            prediction = self._predict(job, situation, bundle, store, glance=not shown)
        if prediction is None:
            self._answers.on_done(situation, job, None, None)
            return
        wanted = self._queue.claim(job.rel) or job.kind in (Kind.VISIBLE, Kind.NEIGHBOR)
        result = read_prediction(job.rel, prediction, situation.rules)
        self._answers.on_done(situation, job, result, prediction if wanted else None)

    def _show_former(self, job: Job, situation: Situation, store: PredictionStore) -> bool:
        """Show what is known of the image from before the model, the settings or the image changed, if anything is."""
        former = store.former(job.rel, situation.model.settings)
        if former is not None:
            _ = former.score  # counted here, not on the window's thread
            self._answers.on_done(situation, job, None, former)
        return former is not None

    def _predict(
        self, job: Job, situation: Situation, bundle: Bundle, store: PredictionStore, *, glance: bool
    ) -> Prediction | None:
        """Run the network and keep what it says, of a large image with a glance before; None if it cannot be opened."""
        predictor = self._predictor(situation, bundle)
        if predictor is None:
            return None
        path = situation.project.image_path(job.rel)
        image = read_image(path)
        cancelled = partial(self._queue.gives_way, job)
        first = predictor.glance(image, cancelled=cancelled) if glance else None
        if first is not None:
            _ = first.score  # counted here, not on the window's thread
            self._answers.on_done(situation, job, None, first)
        prediction = predictor.predict(image, cancelled=cancelled)
        try:
            store.save(job.rel, prediction, path)
        except UserError as error:
            self._answers.on_not_kept(situation, error)
        return prediction

    def _bundle(self, situation: Situation) -> Bundle:
        """Return the model in use, read once for a situation: it may have been trained anew in the same folder."""
        number, known = self._known
        if known is None or number != situation.number:
            found = load_bundle(situation.model.folder)
            if known is not None and known.folder == found.folder and known.card.key != found.card.key:
                self._opened = None
            self._known = situation.number, found
            return found
        return known

    def _predictor(self, situation: Situation, bundle: Bundle) -> SteadyPredictor | None:
        model = situation.model
        if self._opened is None or self._opened[0] != model:
            self._opened = None  # frees the other model first
            try:
                predictor = self._open(situation, bundle)
            except Exception as error:
                _log.warning("The model cannot be opened", exc_info=True)
                self._engine_failed(situation, error)
                return None
            self._opened = (model, predictor)
            predictor.told = partial(self._remark, situation, predictor)
            self._answers.on_engine(situation, predictor.engine.name, None)
        return self._opened[1]

    def _open(self, situation: Situation, bundle: Bundle) -> SteadyPredictor:
        """Open the model in the wanted precision, or where that is not to be had as it runs everywhere."""
        model = situation.model
        opened = partial(open_predictor, bundle, model.settings, device=model.device, cache=self._cache)
        try:
            return opened(precision=model.precision)
        except PrecisionError as error:
            predictor = opened()
            self._answers.on_remark(situation, f"{error.message}: it runs by {predictor.engine.name}.")
            return predictor

    def _remark(self, situation: Situation, predictor: SteadyPredictor, sentence: str) -> None:
        self._answers.on_remark(situation, sentence)
        self._answers.on_engine(situation, predictor.engine.name, None)

    def _engine_failed(self, situation: Situation, error: Exception) -> None:
        """Say once for a model that it cannot be used."""
        if self._opened is None or self._opened[0] != situation.model:
            self._opened = (situation.model, None)
            self._answers.on_engine(situation, "", error)
