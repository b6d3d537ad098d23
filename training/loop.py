"""The course of a training: steps, examinations, the best one kept, and the state on disk to go on from."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import Note, Paused, Progress, Validated
from training.batches import Batches
from training.best import Best
from training.evaluate import TorchPredict, examine
from training.examples import Examples
from training.learner import Learner
from training.memory import used_mb
from training.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from torch import nn

    from scratchgui.core.protocol import Event
    from training.checkpoint import CheckpointFolder
    from training.config import TrainConfig
    from training.data import Images
    from training.evaluate import Examination
    from training.network import Start
    from training.processes import Processes

# With few images a pass would be a step or two; an epoch has at least this many.
_SHORTEST_EPOCH = 16
_TELL_SECONDS = 0.25
_PAUSE_POLL_SECONDS = 0.1
# Examinations may take this share of the time.
_EXAMINATION_SHARE = 0.15


class Controls(Protocol):
    """Asked before each step what the user wants."""

    def stop(self) -> bool:
        """Return True to end, with the best so far."""
        ...

    def paused(self) -> bool:
        """Return True as long as the training is to wait."""
        ...


@dataclass(frozen=True)
class Result:
    """The network with its best weights.

    Attributes:
        model: The network, in evaluation mode.
        examination: Its scores on the validation images.
        history: One entry an examination, for the model's card.
        epochs: Epochs begun.
        steps: Steps done.
        seconds: Time of the optimization (s).
        stopped: Whether the user ended it.
    """

    model: nn.Module
    examination: Examination
    history: list[dict[str, float | None]]
    epochs: int
    steps: int
    seconds: float
    stopped: bool


class Trainer:
    """One training.

    Attributes:
        images_per_epoch: Crops in an epoch.
        steps_per_epoch: Steps in an epoch.
    """

    def __init__(
        self,
        start: Start,
        config: TrainConfig,
        train: Images,
        validation: Images,
        *,
        processes: Processes,
        checkpoint: CheckpointFolder,
        tell: Callable[[Event], None],
        examples: Path | None = None,
    ) -> None:
        """Prepare; pictures of what the network marks go into the folder `examples`, if one is given."""
        self._config = config
        self._processes = processes
        self._checkpoint = checkpoint
        self._tell = tell
        self._validation = validation
        self._learner = Learner(start.model, config, processes, tell)
        self._predict = TorchPredict(self._learner.averaged.model, start, start.classes, processes.device)
        self.images_per_epoch = max(len(train), _SHORTEST_EPOCH * config.batch_size)
        self._batches = Batches.of(start, config, train, self.images_per_epoch, processes)
        self.steps_per_epoch = self._batches.per_epoch
        self._examples = None if examples is None else Examples(examples, validation)
        self._best = Best()
        self._losses: list[torch.Tensor] = []
        self._examined_for = 0.0
        self._examined_at = -1
        self._told = 0.0
        self._cannot_save = False
        seconds = config.minutes * 60 if config.minutes else None
        self._schedule = Schedule(config.epochs * self.steps_per_epoch, seconds)

    def resume(self) -> int:
        """Go on from the state on disk; return its step, 0 where there is none to go on from."""
        try:
            found = self._checkpoint.load()
            if found is None:
                return 0
            self._learner.restore(found.tensors, found.state["learner"])
        except TrainingError as error:
            self._tell(Note(f"{error} The training begins anew."))
            return 0
        self._best.restore(found.tensors, found.state["best"])
        self._examined_for, self._examined_at = found.state["examined_for"], found.state["examined_at"]
        self._schedule.go_on(found.state["schedule"])
        return self._schedule.step

    def fit(self, controls: Controls) -> Result | None:
        """Train until the end of the schedule, or until the user ends it.

        Returns:
            The result; None in all processes but the first.
        """
        schedule, is_first = self._schedule, self._processes.is_first
        with self._batches.following(schedule.step) as batches:
            while (rate := self._agreed_rate(controls)) is not None:
                images, target = next(batches)
                loss = self._learner.learn(images, target, rate=rate, step=schedule.step)
                schedule.advance()
                if is_first:
                    self._after_step(loss)
        return self._result(stopped=not schedule.is_over) if is_first else None

    def _agreed_rate(self, controls: Controls) -> float | None:
        """Return the factor of the learning rate for the next step, None at the end: the first process decides."""
        schedule, goes_on = self._schedule, False
        if self._processes.is_first:
            self._wait_while_paused(controls)
            goes_on = not schedule.is_over and not controls.stop()
        is_frozen = schedule.share < self._config.freeze_encoder
        agreed, rate, frozen = self._processes.agree(goes_on, schedule.rate, is_frozen)
        self._learner.freeze_encoder(bool(frozen))
        return rate if agreed else None

    def _wait_while_paused(self, controls: Controls) -> None:
        if not controls.paused():
            return
        began = time.monotonic()
        self._save()
        self._tell(Paused(True))
        while controls.paused() and not controls.stop():
            time.sleep(_PAUSE_POLL_SECONDS)
        self._schedule.leave_out(time.monotonic() - began)
        self._tell(Paused(False))

    def _after_step(self, loss: torch.Tensor) -> None:
        schedule = self._schedule
        self._losses.append(loss)
        self._progress(loss)
        if schedule.step % self.steps_per_epoch == 0 and not schedule.is_over and self._has_time_to_examine():
            self._examine()
        if self._checkpoint.is_due:
            self._save()

    @property
    def _epoch(self) -> int:
        """Number of the epoch of the last step, from 1."""
        return max(1, -(-self._schedule.step // self.steps_per_epoch))

    def _progress(self, loss: torch.Tensor) -> None:
        now, schedule = time.monotonic(), self._schedule
        if now - self._told < _TELL_SECONDS and not schedule.is_over:
            return
        self._told = now
        each, steps = schedule.seconds_per_step, schedule.steps
        self._tell(
            Progress(
                step=schedule.step,
                steps=steps,
                epoch=self._epoch,
                epochs=max(self._epoch, -(-steps // self.steps_per_epoch)),
                loss=float(loss),
                learning_rate=self._learner.learning_rate,
                images_per_second=self._config.batch_size / each if each else 0.0,
                seconds_left=schedule.seconds_left,
                memory_mb=used_mb(self._processes.device),
            )
        )

    def _has_time_to_examine(self) -> bool:
        """Tell whether to examine between two epochs; never by the clock where two runs must be equal."""
        return self._config.deterministic or self._examined_for <= _EXAMINATION_SHARE * self._schedule.elapsed

    def _examine(self) -> None:
        began = time.monotonic()
        examination = examine(self._predict, self._validation)
        examples = self._examples.draw(self._predict, self._epoch) if self._examples else []
        self._examined_for += time.monotonic() - began
        self._examined_at = self._schedule.step
        loss = float(torch.stack(self._losses).mean()) if self._losses else None
        self._losses.clear()
        best = self._best.offer(self._learner.averaged.model, examination, epoch=self._epoch, loss=loss)
        summary = examination.summary
        scores = (summary.dice, summary.false_alarm_rate, best, summary.region_recall)
        self._tell(Validated(self._epoch, *scores, examples))
        patience, schedule = self._config.patience, self._schedule
        if patience and self._best.since >= patience and not schedule.is_winding_down:
            self._tell(Note("Nothing improves any more: the training comes to its end."))
            schedule.wind_down()

    def _result(self, *, stopped: bool) -> Result:
        schedule, model = self._schedule, self._learner.averaged.model
        if self._examined_at != schedule.step:
            self._examine()
        self._save()  # what follows may be cut off too
        self._best.put_into(model)
        examination = self._best.examination or examine(self._predict, self._validation)
        model = model.float().cpu().eval()
        return Result(model, examination, self._best.history, self._epoch, schedule.step, schedule.elapsed, stopped)

    def _save(self) -> None:
        """Write the state; a training does not end because that fails, but the user is told, once."""
        state: dict[str, Any] = {
            "learner": self._learner.state(),
            "best": self._best.state(),
            "schedule": self._schedule.state(),
            "examined_for": self._examined_for,
            "examined_at": self._examined_at,
        }
        try:
            self._checkpoint.save({**self._learner.tensors(), **self._best.tensors()}, state)
        except OSError as error:
            if not self._cannot_save:
                text = f"The training's state cannot be saved ({error.strerror or error}): after a crash it is lost."
                self._tell(Note(text))
            self._cannot_save = True
