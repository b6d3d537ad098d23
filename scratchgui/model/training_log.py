"""What a training has said so far, for whoever looks at it later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from scratchgui.core.protocol import Note, Progress, Stage, Started, Validated

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.protocol import Event

_POINTS: Final = 500
EXAMPLES_FOLDER: Final = "examples"


@dataclass
class Curve:
    """Values over steps; thinned out when there are many."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, step: int, value: float | None) -> None:
        """Add a value at a step; nothing where it is undefined."""
        if value is None:
            return
        self.steps.append(step)
        self.values.append(value)
        if len(self.steps) > 2 * _POINTS:
            self.steps, self.values = self.steps[::2], self.values[::2]


class TrainingLog(QObject):
    """One training, from its beginning to its end.

    Signals:
        changed(): Something was said.

    Attributes:
        stage: What is being done, or how it ended, in a sentence.
        is_running: Whether it goes on.
        is_learning: Whether steps are done, or it waits between two; not while it is prepared, saved or compared.
        is_paused: Whether it waits.
        started: On how much it runs; None before that is known.
        progress: The last step; None before the first.
        loss: Loss of the steps.
        dice: Validation Dice.
        recall: Share of the true defects found in the validation images.
        notes: What the user was told, the latest last.
        examples: Pictures of what the model marks now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.started: Started | None = None
        self.progress: Progress | None = None
        self._forget()

    def begin(self) -> None:
        """Forget the training before, and wait for another."""
        self._forget()
        self.stage, self.is_running = "Starting the training…", True
        self.changed.emit()

    def take(self, event: Event, run: Path) -> None:
        """Keep what the training in a folder said."""
        if isinstance(event, Started):
            self.started, self.stage, self.is_learning = event, "Training", True
        elif isinstance(event, Progress):
            self.progress = event
            self.loss.add(event.step, event.loss)
        elif isinstance(event, Validated):
            self._take_scores(event, run)
        elif isinstance(event, Stage):
            self.stage, self.is_learning = event.text, False
        elif isinstance(event, Note):
            self.notes.append(event.text)
        self.changed.emit()

    def set_paused(self, paused: bool) -> None:
        """Keep whether it waits."""
        self.is_paused = paused
        self.changed.emit()

    def end(self, sentence: str) -> None:
        """Keep how it ended."""
        self.stage = sentence
        self.is_running = self.is_learning = self.is_paused = False
        self.changed.emit()

    def _forget(self) -> None:
        self.stage = ""
        self.is_running = self.is_learning = self.is_paused = False
        self.started = self.progress = None
        self.loss, self.dice, self.recall = Curve(), Curve(), Curve()
        self.notes: list[str] = []
        self.examples: list[Path] = []

    def _take_scores(self, event: Validated, run: Path) -> None:
        step = self.progress.step if self.progress else 0
        self.dice.add(step, event.dice)
        self.recall.add(step, event.region_recall)
        if event.examples:
            self.examples = [run / EXAMPLES_FOLDER / name for name in event.examples]
