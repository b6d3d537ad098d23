"""What the inference thread works for, and who is told what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.errors import UserError
    from scratchgui.core.project import Project
    from scratchgui.inference.predictor import Prediction, PredictSettings
    from scratchgui.workers.image_queue import Job
    from scratchgui.workers.light_result import LightResult, Rules


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

    def on_idle(self, fillings: int) -> None:
        """Nothing waits any more of what was enqueued in so many calls."""
