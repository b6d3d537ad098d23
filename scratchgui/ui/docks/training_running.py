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
_TRAINING: Final = "Training"
_STOP: Final = "Stop, keep best"
_PAUSE: Final = "Pause"
_RESUME: Final = "Resume"


class TrainingRunning(QWidget):
    """Shows what the training process says.

    Signals:
        stop_requested(): Stop now and keep the best model so far.
        pause_requested(bool): Wait, or go on.
        details_requested(): All about the training is to be seen.
    """

    stop_requested = Signal()
    pause_requested = Signal(bool)
    details_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = LearningCurve(self)
        self._stopping = False
        self._stage = label("", parent=self)
        self._left = label("", "muted", parent=self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._percent = label("", parent=self)
        self._dice = label("", parent=self)
        self._loss = label("", "muted", parent=self)
        self._detail = label("", "caption", parent=self)
        self._note = label("", "caption", wrap=True, parent=self)
        self.stop_button = QPushButton(_STOP, self)
        self.stop_button.setToolTip("End the training now and use the best model it has found, if it is better")
        self.pause_button = QPushButton(_PAUSE, self)
        self.pause_button.setCheckable(True)
        self.details_button = QPushButton("Details", self)
        self.details_button.setProperty("role", "link")
        self.details_button.setToolTip("See curves, speed and examples while it trains")
        self._build()
        self._connect()

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
        layout.addLayout(_line(self._detail, self.details_button))
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        buttons.addWidget(self.pause_button, 1)
        buttons.addWidget(self.stop_button, 2)
        layout.addLayout(buttons)
        layout.addWidget(self._note)

    def _connect(self) -> None:
        self.stop_button.clicked.connect(self._stop)
        self.pause_button.clicked.connect(self._pause)
        self.details_button.clicked.connect(self.details_requested)

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
        self._bar.setRange(0, _PER_MILLE)
        self._show_done(0)
        self.stop_button.setEnabled(True)
        self.stop_button.setText(_STOP)
        self._note.hide()
        self._stopping = False
        self.show_paused(False)
        self.show_stage("Starting the training…")

    def show_started(self, event: Started) -> None:
        """Show on how much the training runs."""
        self.show_stage(_TRAINING)
        self.pause_button.setEnabled(not self._stopping)
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
        if text != _TRAINING:
            self.pause_button.setEnabled(False)
            self._left.setText("")

    def show_note(self, text: str) -> None:
        """Tell something that is no error; the last one stays."""
        self._note.setText(text)
        self._note.show()

    def show_paused(self, paused: bool) -> None:
        """Show whether it waits."""
        self.pause_button.setChecked(paused)
        self.pause_button.setEnabled(not self._stopping)
        self.pause_button.setText(_RESUME if paused else _PAUSE)
        self.pause_button.setToolTip(
            "Go on with the training" if paused else "Let the training wait; its time stands still"
        )
        self._stage.setText("Paused" if paused else _TRAINING)

    def _show_done(self, done: float) -> None:
        self._bar.setValue(round(done * _PER_MILLE))
        self._percent.setText(f"{done:.0%}")

    def _stop(self) -> None:
        self._stopping = True
        self.stop_button.setEnabled(False)
        self.pause_button.setEnabled(False)
        self.stop_button.setText("Stopping…")
        self.stop_requested.emit()

    def _pause(self, paused: bool) -> None:
        """Ask; what the training says shows whether it does."""
        self.pause_button.setEnabled(False)
        self.pause_button.setText("Pausing…" if paused else "Going on…")
        self.pause_requested.emit(paused)


def _line(left: QWidget, right: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(left)
    line.addStretch()
    line.addWidget(right)
    return line
