"""The one thread on which models run: takes jobs, answers by calls that its owner passes to the window."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Cancelled
from scratchgui.workers.image_queue import ImageQueue, Job, Kind
from scratchgui.workers.light_result import read_prediction
from scratchgui.workers.model_in_use import ModelInUse
from scratchgui.workers.overlap import Afterwards, ReadAhead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scratchgui.core.model_card import Bundle
    from scratchgui.inference.predictor import Prediction
    from scratchgui.workers.situation import Answers, Situation


class InferenceThread:
    """Runs jobs until the queue closes. The model is opened when the first image needs it."""

    def __init__(
        self, queue: ImageQueue, answers: Answers, situation: Callable[[], Situation | None], cache: Path | None
    ) -> None:
        self._queue = queue
        self._answers = answers
        self._situation = situation
        self._model = ModelInUse(answers, cache)
        self._ahead = ReadAhead()
        self._afterwards = Afterwards()
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
            if self._queue.gives_way(job):  # another image came to be looked at since it was taken
                self._queue.put_back(job)
            elif situation is not None:
                self._do(job, situation)
            fillings = self._queue.fillings  # before the question: what is added after it is done after it too
            if self._queue.is_idle:
                self._ahead.forget()
                self._afterwards.wait()
                self._answers.on_idle(fillings)
        self._ahead.close()
        self._afterwards.close()

    def _do(self, job: Job, situation: Situation) -> None:
        try:
            self._work(job, situation)
        except Cancelled:
            self._queue.put_back(job)
        except Exception as error:  # a bug or a full memory must not end the thread: the user is told
            self._answers.on_failed(situation, job, error)

    def _work(self, job: Job, situation: Situation) -> None:
        try:
            bundle = self._model.bundle(situation)
        except UserError as error:
            self._model.say_failed(situation, error)
            return
        path = situation.project.image_path(job.rel)
        store = PredictionStore(situation.project.predictions_folder)
        if job.kind is not Kind.BULK:
            self._afterwards.wait()  # it may be what is asked for
        prediction = store.load(job.rel, bundle.card.key, situation.model.settings, path)
        if prediction is None and job.kind is not Kind.REJUDGE:
            shown = job.kind is not Kind.VISIBLE or self._show_former(job, situation, store)
            prediction = self._predict(job, situation, bundle, glance=not shown)
            if prediction is not None:
                self._tell_and_keep(job, situation, store, prediction)
                return
        if prediction is None:
            self._answers.on_done(situation, job, None, None)
            return
        self._tell(job, situation, prediction)

    def _tell(self, job: Job, situation: Situation, prediction: Prediction, *, shown: bool = False) -> None:
        # Who asks for it after it was shown is answered by a job of its own.
        wanted = not shown and (self._queue.claim(job.rel) or job.kind in (Kind.VISIBLE, Kind.NEIGHBOR))
        result = read_prediction(job.rel, prediction, situation.rules)
        self._answers.on_done(situation, job, result, prediction if wanted else None)

    def _tell_and_keep(self, job: Job, situation: Situation, store: PredictionStore, prediction: Prediction) -> None:
        """Judge and keep a new prediction; that of an image which nobody looks at while the next one is in work."""

        def finish() -> None:
            try:
                self._keep(job, situation, store, prediction)
                self._tell(job, situation, prediction)
            except Exception as error:  # as in `_do`
                self._answers.on_failed(situation, job, error)

        if job.kind is Kind.BULK:
            self._afterwards.run(finish)
            return
        # The row comes last: its thumbnail is made from what is kept.
        self._answers.on_done(situation, job, None, prediction)
        self._keep(job, situation, store, prediction)
        self._tell(job, situation, prediction, shown=True)

    def _keep(self, job: Job, situation: Situation, store: PredictionStore, prediction: Prediction) -> None:
        try:
            store.save(job.rel, prediction, situation.project.image_path(job.rel))
        except UserError as error:
            self._answers.on_not_kept(situation, error)

    def _show_former(self, job: Job, situation: Situation, store: PredictionStore) -> bool:
        """Show what is known of the image from before the model, the settings or the image changed, if anything is."""
        former = store.former(job.rel, situation.model.settings)
        if former is not None:
            _ = former.score  # counted here, not on the window's thread
            self._answers.on_done(situation, job, None, former)
        return former is not None

    def _predict(self, job: Job, situation: Situation, bundle: Bundle, *, glance: bool) -> Prediction | None:
        """Run the network and keep what it says, of a large image with a glance before; None if it cannot be opened."""
        predictor = self._model.predictor(situation, bundle)
        if predictor is None:
            return None
        image = self._ahead.take(situation.project.image_path(job.rel))
        following = self._queue.next_bulk()
        if following is not None:
            self._ahead.begin(situation.project.image_path(following))
        cancelled = partial(self._queue.gives_way, job)
        first = predictor.glance(image, cancelled=cancelled) if glance else None
        if first is not None:
            _ = first.score  # counted here, not on the window's thread
            self._answers.on_done(situation, job, None, first)
        return predictor.predict(image, cancelled=cancelled)
