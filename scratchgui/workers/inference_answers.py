"""From the inference thread to signals on the window's thread; what comes too late is dropped here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from scratchgui.core.errors import UserError
from scratchgui.inference.steady_predictor import is_out_of_memory
from scratchgui.workers.image_queue import Job, Kind
from scratchgui.workers.mailbox import Mailbox
from scratchgui.workers.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.inference.predictor import Prediction
    from scratchgui.workers.light_result import LightResult
    from scratchgui.workers.situation import Situation

_TELL_MS = 100


class InferenceAnswers(QObject):
    """Receives calls on the inference thread (`on_…`) and emits on its own.

    Light results and progress are told at most every 100 ms, so that rows are updated in groups.

    Signals:
        predicted(str, Prediction), judged(list[LightResult]), failed(str, str), progress(JobProgress), idle(),
        engine_ready(str), engine_failed(str), not_kept(str), engine_remark(str): As in `InferenceService`.
        outdated(str): The row was judged by rules that no longer hold.
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
    outdated = Signal(str)

    def __init__(
        self,
        current: Callable[[], Situation | None],
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox(self)
        self.pace = Pace()
        self._current = current
        self._report = report
        self._rows: list[LightResult] = []
        self._kept_failed = -1
        self._timer = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._timer.timeout.connect(self.tell)

    def on_done(self, situation: Situation, job: Job, result: LightResult | None, full: Prediction | None) -> None:
        """A job ended, or that of the visible image has something to show until it does."""
        self._post(situation, lambda: self._deliver(situation, job, result, full))

    def on_failed(self, situation: Situation, job: Job, error: Exception) -> None:
        """An image cannot be worked on."""
        self._post(situation, lambda: self._deliver_failure(job, error))

    def on_not_kept(self, situation: Situation, error: UserError) -> None:
        """A prediction could not be written; told once for a project and model."""
        if self._kept_failed != situation.number:
            self._kept_failed = situation.number
            self._post(situation, lambda: self.not_kept.emit(str(error)))

    def on_engine(self, situation: Situation, name: str, error: Exception | None) -> None:
        """A model was opened, or cannot be."""
        if error is None:
            self._post(situation, lambda: self.engine_ready.emit(name))
        else:
            self._post(situation, lambda: self._deliver_engine_failure(error))

    def on_remark(self, situation: Situation, sentence: str) -> None:
        """A model runs in another way than it was asked to."""
        self._post(situation, lambda: self.engine_remark.emit(sentence))

    def on_idle(self, fillings: int) -> None:
        """Nothing waits any more of what was enqueued in so many calls."""
        self.mailbox.post(lambda: self._deliver_idle(fillings))

    @Slot()
    def tell(self) -> None:
        """Emit what has gathered."""
        self._timer.stop()
        rows, self._rows = self._rows, []
        if rows:
            self.judged.emit(rows)
        if self.pace.total:
            self.progress.emit(self.pace.progress())

    def forget(self) -> None:
        """Drop what has gathered: it is about another project or model."""
        self._rows.clear()
        self._timer.stop()
        self.pace.reset()

    def _post(self, situation: Situation, call: Callable[[], None]) -> None:
        def deliver() -> None:
            current = self._current()
            if current is not None and current.number == situation.number:
                call()

        self.mailbox.post(deliver)

    def _deliver(self, situation: Situation, job: Job, result: LightResult | None, full: Prediction | None) -> None:
        current = self._current()
        if full is not None:
            self.predicted.emit(job.rel, full)
        if result is not None and current is not None:
            if situation.rules == current.rules:
                self._rows.append(result)
            else:
                self.outdated.emit(job.rel)
        self._count(job)

    def _deliver_failure(self, job: Job, error: Exception) -> None:
        if isinstance(error, UserError):
            sentence = str(error)
        elif is_out_of_memory(error):
            sentence = "There is not enough memory for this image: close other programs."
        else:
            self._report(error)
            sentence = "The image cannot be analyzed because of an error in ScratchGUI; the log tells more."
        self.failed.emit(job.rel, sentence)
        self._count(job)

    def _deliver_engine_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.engine_failed.emit(str(error))
        else:
            self._report(error)
            self.engine_failed.emit("The model cannot be started on this computer; the log tells more.")

    def _deliver_idle(self, fillings: int) -> None:
        if self.pace.total and fillings != self.pace.fillings:
            return  # more was enqueued while this was on its way: its end will be told
        self.tell()
        self.pace.reset()
        self.idle.emit()

    def _count(self, job: Job) -> None:
        if job.kind is Kind.BULK:
            self.pace.count()
        if not self._timer.isActive():
            self._timer.start()
