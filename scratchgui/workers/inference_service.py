"""Predictions as the window sees them: ask, and be told by signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.inference.predictor import PredictSettings
from scratchgui.workers.image_queue import ImageQueue, Kind
from scratchgui.workers.inference_answers import InferenceAnswers
from scratchgui.workers.inference_thread import InferenceThread
from scratchgui.workers.light_result import Rules
from scratchgui.workers.lru import BoundedCache
from scratchgui.workers.situation import Model, Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scratchgui.core.cutting import Cutting
    from scratchgui.core.project import Project
    from scratchgui.core.recipe import Recipe
    from scratchgui.inference.predictor import Prediction

_KEPT_ITEMS = 8
_KEPT_BYTES = 256 * 1024 * 1024
_CLOSE_SECONDS = 10.0


class InferenceService(QObject):
    """Runs the model in use on one background thread: the visible image first, then its neighbors, then the rest.

    Predictions come from the project's store where they are fresh; others are computed and stored. Late answers of
    another project or model are dropped.

    Signals:
        predicted(str, Prediction): The full prediction of an image that was requested, or of its neighbor. Before it,
            there may be a stale one of the image that was requested.
        judged(list[LightResult]): Rows for the queue, every 100 ms at most.
        failed(str, str): An image cannot be predicted; a sentence.
        progress(JobProgress): How far `enqueue_all` got, every 100 ms at most.
        idle(): Nothing is left to do.
        engine_ready(str): The model was opened; what runs it where.
        engine_failed(str): The model cannot be used; a sentence, once for a model. What was enqueued is dropped.
        not_kept(str): A prediction is there but cannot be written to disk; once for a project and model.
        engine_remark(str): The model runs in another way than it was asked to; a sentence.
    """

    predicted = Signal(str, object)
    judged = Signal(object)
    failed = Signal(str, str)
    progress = Signal(object)
    idle = Signal()
    engine_ready = Signal(str)
    engine_failed = Signal(str)
    not_kept = Signal(str)
    engine_remark = Signal(str)

    def __init__(
        self, report: Callable[[BaseException], None], *, cache: Path | None = None, parent: QObject | None = None
    ) -> None:
        """Prepare the service; the thread starts with the first request.

        Args:
            report: Gets exceptions that are bugs.
            cache: Folder where compiled models may be kept.
            parent: The owner.
        """
        super().__init__(parent)
        self._project: Project | None = None
        self._model: Model | None = None
        self._rules: Rules | None = None
        self._number = 0
        self._situation: Situation | None = None
        self._recent: BoundedCache[Prediction] = BoundedCache(
            items=_KEPT_ITEMS, size=_KEPT_BYTES, size_of=lambda prediction: prediction.probability.nbytes
        )
        self._queue = ImageQueue()
        self._answers = InferenceAnswers(lambda: self._situation, report, self)
        self._thread = InferenceThread(self._queue, self._answers, lambda: self._situation, cache)
        self._connect()

    def _connect(self) -> None:
        answers, queue = self._answers, self._queue
        answers.predicted.connect(self._on_predicted)
        answers.judged.connect(self.judged)
        answers.failed.connect(self.failed)
        answers.progress.connect(self.progress)
        answers.idle.connect(self.idle)
        answers.engine_ready.connect(self.engine_ready)
        answers.engine_failed.connect(self._on_engine_failed)
        answers.not_kept.connect(self.not_kept)
        answers.engine_remark.connect(self.engine_remark)
        answers.outdated.connect(lambda rel: queue.add(Kind.REJUDGE, [rel]))

    def set_project(self, project: Project | None) -> None:
        """Work for another project, at its threshold and recipe, or for none; everything that waited is dropped."""
        self._project = project
        if project is not None:
            self._rules = Rules(project.file.cutting, project.file.recipe.model_copy())
        self._renew()

    def set_model(
        self, folder: Path, settings: PredictSettings | None = None, *, device: str = "auto", precision: str = "auto"
    ) -> None:
        """Use another model; everything that waited is dropped, so ask again for what is visible.

        Args:
            folder: Its bundle.
            settings: How images go through it.
            device: Where it runs, as in `open_engine`.
            precision: What it computes in, as there.
        """
        self._model = Model(folder, settings or PredictSettings(), device, precision)
        self._renew()

    def request(self, rel: str, neighbors: Iterable[str] = (), *, anew: bool = False) -> None:
        """Predict the image that is looked at now, before everything else; then those the user may go to next.

        Args:
            rel: The image.
            neighbors: Those the user may go to next.
            anew: The prediction that was in memory is not to be used again.
        """
        situation = self._situation
        if situation is None:
            return
        if anew:
            self._recent.drop(rel)
        kept = self._recent.get(rel)
        neighbors = [name for name in neighbors if name not in self._recent]
        if kept is None:
            self._queue.show(rel, neighbors)
        else:
            self._answers.mailbox.post(lambda: self._hand_out(situation.number, rel, kept))
            self._queue.drop(Kind.VISIBLE)
            self._queue.add(Kind.NEIGHBOR, neighbors)
        self._thread.ensure_started()

    def enqueue_all(self, rels: Iterable[str]) -> None:
        """Predict these images when nothing else is to be done; images already waiting are not added again."""
        if self._situation is None:
            return
        added = self._queue.add(Kind.BULK, rels)
        if added:
            self._answers.pace.add(added)
            self._answers.tell()
            self._thread.ensure_started()

    def rejudge(self, cutting: Cutting, recipe: Recipe, rels: Iterable[str]) -> None:
        """Judge kept predictions of these images by another cut and recipe; images without are skipped.

        What is predicted from now on is judged by them too. An earlier call that has not ended is replaced.
        """
        self._rules = Rules(cutting, recipe.model_copy())
        if self._situation is None:
            return
        self._situation = Situation(self._number, self._situation.project, self._situation.model, self._rules)
        self._queue.drop(Kind.REJUDGE)
        self._queue.add(Kind.REJUDGE, rels)
        self._thread.ensure_started()

    def pause(self, paused: bool) -> None:
        """Hold back what was enqueued, or go on; the visible image is predicted all the same."""
        self._queue.pause(paused)
        self._answers.pace.set_paused(paused)
        if self.is_running:
            self._answers.tell()

    def cancel(self) -> None:
        """Drop what was enqueued; the image in work is given up at its next tile."""
        self._queue.drop(Kind.BULK)
        self._answers.tell()
        self._answers.pace.reset()
        self.pause(False)
        self.idle.emit()

    @property
    def is_running(self) -> bool:
        """Tell whether enqueued images are not done yet."""
        return self._answers.pace.done < self._answers.pace.total

    def close(self, seconds: float = _CLOSE_SECONDS) -> bool:
        """End the thread at the next tile and stay silent; False when it did not end in time."""
        self._queue.drop()
        self._queue.close()
        self._situation = None
        self._answers.forget()
        self._answers.mailbox.close()
        return self._thread.join(seconds)

    def _renew(self) -> None:
        """Let only answers to the project and model of now through."""
        self._queue.drop()  # before the situation changes: no old job may meet the new one
        self._number += 1
        self._situation = None
        if self._project is not None and self._model is not None and self._rules is not None:
            self._situation = Situation(self._number, self._project, self._model, self._rules)
        self._recent.clear()
        self._answers.forget()
        self.pause(False)

    def _hand_out(self, number: int, rel: str, prediction: Prediction) -> None:
        if number == self._number:
            self.predicted.emit(rel, prediction)

    def _on_predicted(self, rel: str, prediction: Prediction) -> None:
        if not (prediction.is_stale or prediction.is_glance):
            self._recent.put(rel, prediction)
        self.predicted.emit(rel, prediction)

    def _on_engine_failed(self, sentence: str) -> None:
        self._queue.drop(Kind.BULK, Kind.NEIGHBOR)
        self._answers.pace.reset()
        self.engine_failed.emit(sentence)
