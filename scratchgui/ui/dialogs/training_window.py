"""All about the training that runs: curves, speed, and what the new model finds so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.dialogs.training_parts import ExampleStrip, Facts, PlotCard
from scratchgui.ui.docks.score_text import time_left
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.plot import Plot

if TYPE_CHECKING:
    from scratchgui.core.protocol import Progress, Started
    from scratchgui.model.training_log import TrainingLog

_SIZE: Final = QSize(940, 680)
_SMALLEST: Final = QSize(640, 480)
_REFRESH_MS: Final = 200
_PER_MILLE: Final = 1000
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_DEVICES: Final = {"cpu": "Processor (CPU)", "cuda": "NVIDIA graphics", "mps": "Apple graphics"}
_FACTS: Final = ("Device", "Images", "Speed", "Memory", "Learning rate", "Step", "Pass over the images")


class TrainingWindow(QDialog):
    """Not modal: reviewing goes on beside it.

    Signals:
        stop_requested(): Stop now and keep the best model so far.
        pause_requested(bool): Wait, or go on.
    """

    stop_requested = Signal()
    pause_requested = Signal(bool)

    def __init__(self, log: TrainingLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Training")
        self.resize(_SIZE)
        self.setMinimumSize(_SMALLEST)
        self._log = log
        self.stage = label("", "title", wrap=True, parent=self)
        self.left = label("", "muted", parent=self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PER_MILLE)
        self._bar.setAccessibleName("How much of the training is done")
        self.loss = Plot("Loss over the steps of the training", x="Step", whole_x=True, parent=self)
        self.loss.add_series("loss", "muted", width=1.5)
        self.scores = Plot(
            "Validation scores over the steps of the training", x="Step", whole_x=True, y_range=(0, 1), parent=self
        )
        self.scores.add_series("recall", "ok", dots=True, width=1.5, dashed=True)
        self.scores.add_series("dice", "accent", dots=True)
        self._loss_card = PlotCard("Learning", self.loss, {"loss": "Loss"}, self)
        legend = {"dice": "Dice", "recall": "defects found"}
        self._score_card = PlotCard("Validation", self.scores, legend, self)
        self.facts = Facts(_FACTS, self)
        self.examples = ExampleStrip(self)
        self.notes = label("", "muted", wrap=True, parent=self)
        self.pause_button = QPushButton("Pause", self)
        self.stop_button = QPushButton("Stop, keep best", self)
        self.close_button = QPushButton("Close", self)
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._connect()
        self.refresh()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.stage, 1)
        head.addWidget(self.left)
        plots = QHBoxLayout()
        plots.setSpacing(tokens.GAP_M)
        plots.addWidget(self._loss_card, 1)
        plots.addWidget(self._score_card, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        buttons.addWidget(self.notes, 1)
        for button in (self.pause_button, self.stop_button, self.close_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, tokens.GAP_L, 20, tokens.GAP_L)
        layout.setSpacing(tokens.GAP_M)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addLayout(plots, 3)
        layout.addWidget(self.facts)
        layout.addWidget(self.examples, 3)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._soon.timeout.connect(self.refresh)
        self._log.changed.connect(self._later)
        self.pause_button.clicked.connect(lambda: self.pause_requested.emit(not self._log.is_paused))
        self.stop_button.clicked.connect(self.stop_requested)
        self.close_button.clicked.connect(self.close)

    def open_window(self) -> None:
        """Show the window with what is known now."""
        self.refresh()
        self.show()
        self.raise_()
        self.activateWindow()

    def _later(self) -> None:
        """Look again soon: a training speaks more often than an eye reads."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def refresh(self) -> None:
        """Show what the training has said so far."""
        log = self._log
        progress = log.progress
        self.stage.setText("Paused" if log.is_paused else log.stage or "No training was started yet.")
        self.left.setText(time_left(progress.seconds_left) if progress and log.is_learning else "")
        done = min(1.0, progress.step / max(1, progress.steps)) if progress else 0.0
        self._bar.setValue(round(done * _PER_MILLE))
        self.loss.set_values("loss", log.loss.steps, log.loss.values)
        self.scores.set_values("dice", log.dice.steps, log.dice.values)
        self.scores.set_values("recall", log.recall.steps, log.recall.values)
        _show_last(self._loss_card, "loss", "Loss", log.loss.values, ".3f")
        _show_last(self._score_card, "dice", "Dice", log.dice.values, ".2f")
        _show_last(self._score_card, "recall", "defects found", log.recall.values, ".0%")
        self.facts.show_facts(_facts(log.started, progress))
        self.examples.show_examples(log.examples)
        self.notes.setText("\n".join(log.notes[-3:]))
        self.pause_button.setText("Resume" if log.is_paused else "Pause")
        for button in (self.pause_button, self.stop_button):
            button.setVisible(log.is_learning)


def _show_last(card: PlotCard, key: str, name: str, values: list[float], form: str) -> None:
    card.values[key].setText(f"{name} {values[-1]:{form}}" if values else name)


def _facts(started: Started | None, progress: Progress | None) -> dict[str, str]:
    facts = {}
    if started is not None:
        facts["Device"] = _DEVICES.get(started.device, started.device)
        facts["Images"] = f"{started.train_images:,} + {started.validation_images:,} to check"
    if progress is not None:
        facts["Speed"] = f"{progress.images_per_second:.1f} images/s"
        facts["Learning rate"] = _power(progress.learning_rate)
        facts["Step"] = f"{progress.step:,} of {progress.steps:,}"
        facts["Pass over the images"] = f"{progress.epoch:,} of {progress.epochs:,}"
        if progress.memory_mb is not None:
            facts["Memory"] = f"{progress.memory_mb / 1000:.1f} GB"
    return facts


def _power(value: float) -> str:
    """Return "2.0 × 10⁻⁴"."""
    digits, _, exponent = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"
