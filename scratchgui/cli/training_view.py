"""A training on the terminal: progress with loss, Dice and time left; plain lines where there is no terminal."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from scratchgui.cli.console import score_text
from scratchgui.cli.progress import progress_bar
from scratchgui.core.protocol import Note, Paused, Progress, Stage, Started, Validated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchgui.core.protocol import Event


class TrainingView:
    """Shows what a training says; a context manager."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._bar = self._stack.enter_context(progress_bar("Starting", time_left=False))
        self._dice: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Started):
            self._bar.line(
                f"{event.train_images} images to learn from, {event.validation_images} to check on, on {event.device}"
            )
            self._bar.begin("Training")
        elif isinstance(event, Progress):
            self._bar.show(event.step, event.steps, self._note(event))
        elif isinstance(event, Validated):
            self._dice = event.dice
            best = ", best so far" if event.best else ""
            self._bar.line(f"epoch {event.epoch}: {_scores_of(event)}{best}")
        elif isinstance(event, Note):
            self._bar.line(event.text)
        elif isinstance(event, Paused):
            self._bar.line("The training waits." if event.paused else "The training goes on.")
        elif isinstance(event, Stage):
            self._bar.line(event.text)
            self._bar.begin(event.text)

    def show_stop(self) -> None:
        """Say that the training was asked to stop."""
        self._bar.line("Stopping; the best model so far is kept. Ctrl+C again ends it at once.")

    def _note(self, event: Progress) -> str:
        left = "" if event.seconds_left is None else f"  {_minutes(event.seconds_left)} left"
        return f"epoch {event.epoch}/{event.epochs}  loss {event.loss:.4f}  Dice {score_text(self._dice)}{left}"


def _scores_of(event: Validated) -> str:
    return f"Dice {score_text(event.dice)}, false alarms {score_text(event.false_alarm_rate)}"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"


def scores_text(scores: Mapping[str, float | None]) -> str:
    """Return scores in a line: "dice 0.8123, iou 0.6950, …"."""
    return ", ".join(f"{name.replace('_', ' ')} {score_text(value)}" for name, value in scores.items())
