"""The training loop: AdamW on cosine annealing, averaged weights, the best examination kept."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch
from torch import nn
from torch.utils.data import DataLoader

from scratchgui.core.protocol import Progress, Validated
from training.data import Crops
from training.evaluate import Examination, TorchPredict, examine
from training.loss import BceDice
from training.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.core.protocol import Event
    from training.config import TrainConfig
    from training.data import Images
    from training.network import Start

_WEIGHT_DECAY = 1e-2
_LARGEST_GRADIENT = 1.0
_AVERAGED_STEPS = 40
# With few images a pass would be a step or two; an epoch has at least this many.
_SHORTEST_EPOCH = 16
_TELL_SECONDS = 0.25
# Examinations may take this share of the time.
_EXAMINATION_SHARE = 0.15


class Stop(Protocol):
    """Asked before each step whether the user wants the training to end."""

    def __call__(self) -> bool:
        """Return True to end."""
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


def _has_bfloat16(device: torch.device) -> bool:
    """Tell whether the device computes in bfloat16 faster than in float32 (twice as fast on processors that can)."""
    if device.type == "cpu":
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return device.type == "cuda" and torch.cuda.is_bf16_supported()


class Averaged:
    """Running average of weights and statistics: what is examined and kept.

    The window grows with the steps, so that a short training is not held at where it began.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = copy.deepcopy(model).eval()
        self._steps = 0

    def update(self, model: nn.Module) -> None:
        """Take in the network's present weights."""
        self._steps += 1
        keep = 1 - 1 / min(_AVERAGED_STEPS, 1 + self._steps / 4)
        with torch.no_grad():
            for mine, other in zip(self.model.state_dict().values(), model.state_dict().values(), strict=True):
                if mine.is_floating_point():
                    mine.lerp_(other, 1 - keep)
                else:
                    mine.copy_(other)


class Trainer:
    """One training."""

    def __init__(
        self,
        start: Start,
        config: TrainConfig,
        train: Images,
        validation: Images,
        *,
        classes: int,
        device: torch.device,
        tell: Callable[[Event], None],
    ) -> None:
        self._config = config
        self._device = device
        self._tell = tell
        self._validation = validation
        self._model = start.model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._mixed = _has_bfloat16(device) and not config.deterministic
        self._averaged = Averaged(self._model)
        self._predict = TorchPredict(self._averaged.model, start, classes, device)
        self._loss = BceDice()
        self._optimizer = torch.optim.AdamW(self._model.parameters(), lr=config.lr, weight_decay=_WEIGHT_DECAY)
        count = max(len(train), _SHORTEST_EPOCH * config.batch_size)
        self._crops = Crops(
            train, size=config.crop, count=count, classes=classes, mean=start.mean, std=start.std, seed=config.seed
        )
        self.images_per_epoch = count
        self.steps_per_epoch = max(1, count // config.batch_size)
        self._history: list[dict[str, float | None]] = []
        self._best: tuple[float, dict[str, torch.Tensor], Examination] | None = None
        self._examined_for = 0.0
        self._told = 0.0

    def fit(self, stop: Stop) -> Result:
        """Train until the end of the schedule, or until `stop` says so."""
        minutes = self._config.minutes
        schedule = Schedule(self._config.epochs * self.steps_per_epoch, minutes * 60 if minutes else None)
        epoch, stopped = 0, False
        while not schedule.is_over and not stopped:
            epoch += 1
            stopped = self._epoch(epoch, schedule, stop)
            if schedule.is_over or stopped or self._has_time_to_examine(schedule):
                self._examine(epoch)
        assert self._best is not None
        _, weights, examination = self._best
        self._averaged.model.load_state_dict(weights)
        return Result(
            self._averaged.model.float().cpu().eval(),
            examination,
            self._history,
            epoch,
            schedule.step,
            schedule.elapsed,
            stopped,
        )

    def _epoch(self, epoch: int, schedule: Schedule, stop: Stop) -> bool:
        """Run one epoch; return whether the user ended it."""
        self._crops.set_epoch(epoch)
        self._model.train()
        loader = DataLoader(
            self._crops, batch_size=self._config.batch_size, num_workers=self._config.workers, drop_last=True
        )
        for images, target in loader:
            if schedule.is_over:
                return False
            if stop():
                return True
            loss = self._step(images, target, schedule.rate)
            schedule.advance()
            self._progress(epoch, loss, schedule)
        return False

    def _step(self, images: torch.Tensor, target: torch.Tensor, rate: float) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.lr * rate
        images = images.to(self._device, memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._mixed):
            logits = self._model(images)
        loss = self._loss(logits, target.to(self._device))
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._model.parameters(), _LARGEST_GRADIENT)
        self._optimizer.step()
        self._averaged.update(self._model)
        return float(loss.detach())

    def _progress(self, epoch: int, loss: float, schedule: Schedule) -> None:
        now = time.monotonic()
        if now - self._told < _TELL_SECONDS and not schedule.is_over:
            return
        self._told = now
        each = schedule.seconds_per_step
        steps = schedule.steps
        self._tell(
            Progress(
                step=schedule.step,
                steps=steps,
                epoch=epoch,
                epochs=max(epoch, -(-steps // self.steps_per_epoch)),
                loss=loss,
                learning_rate=self._optimizer.param_groups[0]["lr"],
                images_per_second=self._config.batch_size / each if each else 0.0,
                seconds_left=schedule.seconds_left,
            )
        )

    def _has_time_to_examine(self, schedule: Schedule) -> bool:
        """Tell whether to examine between two epochs; never by the clock where two runs must be equal."""
        return self._config.deterministic or self._examined_for <= _EXAMINATION_SHARE * schedule.elapsed

    def _examine(self, epoch: int) -> None:
        began = time.monotonic()
        examination = examine(self._predict, self._validation)
        self._examined_for += time.monotonic() - began
        best = self._best is None or examination.mark >= self._best[0]
        if best:
            weights = {name: value.detach().clone() for name, value in self._averaged.model.state_dict().items()}
            self._best = (examination.mark, weights, examination)
        summary = examination.summary
        self._history.append({"epoch": epoch, "dice": summary.dice, "false_alarm_rate": summary.false_alarm_rate})
        self._tell(Validated(epoch, None, summary.dice, summary.false_alarm_rate, best))
