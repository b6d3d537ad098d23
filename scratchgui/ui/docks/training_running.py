"""A training at work: curve, progress in numbers, time left, and the way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.docks.learning_curve import LearningCurve
from scratchgui.ui.docks.score_text import time_left
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from scratchgui.core.protocol import Progress, Started, Validated

_PER_MILLE: Final = 1000
_STROKE: Final = 14


class TrainingRunning(QWidget):
    """Shows what the training process says.

    Signals:
        stop_requested(): Stop now and keep the best model so far.
    """

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = LearningCurve(self)
        self._stage = label("", parent=self)
        self._left = label("", "muted", parent=self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._percent = label("", parent=self)
        self._dice = label("", parent=self)
        self._loss = label("", "muted", parent=self)
        self._detail = label("", "caption", parent=self)
        self.stop_button = QPushButton("Stop, keep best", self)
        self.stop_button.setToolTip("End the training now and use the best model it has found, if it is better")
        self.stop_button.clicked.connect(self._stop)
        self._build()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(_line(self._stage, self._left))
        layout.addWidget(self.curve)
        layout.addLayout(self._legend())
        bar = QHBoxLayout()
        bar.setSpacing(tokens.GAP_S)
        bar.addWidget(self._bar, 1)
        bar.addWidget(self._percent)
        layout.addLayout(bar)
        layout.addLayout(_line(self._detail, self.stop_button))

    def _legend(self) -> QHBoxLayout:
        legend = QHBoxLayout()
        legend.setSpacing(tokens.GAP_XS)
        for shown, token in ((self._dice, "accent"), (self._loss, "muted")):
            stroke = IconLabel(_STROKE, self)
            stroke.set_icon("minus", token)
            legend.addWidget(stroke)
            legend.addWidget(shown)
            legend.addStretch()
        legend.takeAt(legend.count() - 1)
        return legend

    def start(self) -> None:
        """Show that the training process is being started."""
        self.curve.clear()
        self._dice.setText("Validation Dice –")
        self._loss.setText("Loss –")
        self._left.setText("")
        self._detail.setText("")
        self.show_stage("Starting the training…")
        self._bar.setRange(0, _PER_MILLE)
        self._show_done(0)
        self.stop_button.setEnabled(True)
        self.stop_button.setText("Stop, keep best")

    def show_started(self, event: Started) -> None:
        """Show on how much the training runs."""
        self.show_stage("Training")
        self._detail.setText(f"{event.train_images} images, {event.validation_images} for validation")
        self._detail.setToolTip(f"{event.steps:,} steps, {event.epochs:,} epochs at most, on {event.device}")

    def show_progress(self, event: Progress) -> None:
        """Show one step."""
        done = min(1.0, event.step / max(1, event.steps))
        self.curve.add_loss(done, event.loss)
        self._loss.setText(f"Loss {event.loss:.3f}")
        self._left.setText(time_left(event.seconds_left))
        self._show_done(done)

    def show_validation(self, event: Validated) -> None:
        """Show the validation's scores."""
        if event.dice is not None:
            self.curve.add_dice(event.dice)
            self._dice.setText(f"Validation Dice {event.dice:.2f}")

    def show_stage(self, text: str) -> None:
        """Say what is being done."""
        self._stage.setText(text)

    def _show_done(self, done: float) -> None:
        self._bar.setValue(round(done * _PER_MILLE))
        self._percent.setText(f"{done:.0%}")

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.stop_button.setText("Stopping…")
        self.stop_requested.emit()


def _line(left: QWidget, right: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(left)
    line.addStretch()
    line.addWidget(right)
    return line
