"""The best of what was examined in a training, and for how long nothing was better.

A training's rate sinks and its weights are averaged: what comes later is better, but for overfitting. A handful of
validation images cannot tell more than that, and the highest of many noisy marks is mostly luck. So the later weights
are kept unless their marks are worse by more than a standard error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scratchgui.core.chance import is_clearly_worse
from training.checkpoint import named, part_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from training.evaluate import Examination

# A mark (0 … 1) that is better by less is no progress.
_PROGRESS = 0.002


class Best:
    """Keeps the latest weights whose marks are not clearly worse than those before.

    Attributes:
        examination: That of these weights; None before the first one, and after `restore`.
        since: Examinations since the last progress.
        history: One entry an examination, for the model's card.
    """

    def __init__(self) -> None:
        self.examination: Examination | None = None
        self.since = 0
        self.history: list[dict[str, float | None]] = []
        self._reached = -1.0
        self._marks: list[float] = []
        self._weights: dict[str, Tensor] = {}

    def offer(self, model: nn.Module, examination: Examination, *, epoch: int, loss: float | None) -> bool:
        """Keep a network's weights unless those before are clearly better; return whether they are kept."""
        summary = examination.summary
        scores = {"dice": summary.dice, "false_alarm_rate": summary.false_alarm_rate}
        self.history.append({"epoch": epoch, "loss": loss, **scores})
        self.since += 1
        if examination.mark > self._reached + _PROGRESS:
            self._reached, self.since = examination.mark, 0
        if self._marks and is_clearly_worse(examination.marks, self._marks):
            return False
        self._marks, self.examination = examination.marks, examination
        self._weights = {name: value.detach().clone() for name, value in model.state_dict().items()}
        return True

    def put_into(self, model: nn.Module) -> None:
        """Give a network the best weights."""
        model.load_state_dict(self._weights)

    def tensors(self) -> dict[str, Tensor]:
        """Return all tensors that `restore` needs, by name."""
        return named(self._weights, "best")

    def state(self) -> dict[str, Any]:
        """Return all else that it needs."""
        return {"marks": self._marks, "reached": self._reached, "since": self.since, "history": self.history}

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Go on from where another one was; the examination of its weights is to be made anew."""
        self._weights = part_of(tensors, "best")
        self._marks = [float(mark) for mark in state["marks"]]
        self._reached, self.since = float(state["reached"]), int(state["since"])
        self.history = list(state["history"])
