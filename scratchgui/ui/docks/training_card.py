"""The one click that makes the model better, and everything it says meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.docks.budget_choice import BudgetChoice
from scratchgui.ui.docks.score_text import corrections, short_name
from scratchgui.ui.docks.training_result import TrainingResult
from scratchgui.ui.docks.training_running import TrainingRunning
from scratchgui.ui.widgets.basics import label, restyle

if TYPE_CHECKING:
    from scratchgui.core.protocol import Finished, Started


class TrainingCard(QWidget):
    """Before, during and after a training. The last result stays until it is dismissed or a new training starts.

    Signals:
        retrain_requested(): Train on what was reviewed.

    Attributes:
        budget: How long the next training may take.
        running: What is shown while one runs.
        result: What is shown after it.
    """

    retrain_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model_name = ""
        self.result = TrainingResult(self)
        self.running = TrainingRunning(self)
        self._idle = QWidget(self)
        self._new = label("", wrap=True, parent=self._idle)
        self._reason = label("", "muted", wrap=True, parent=self._idle)
        self._badge = label("", "badge", parent=self._idle)
        self.retrain_button = QPushButton("Retrain", self._idle)
        self.budget = BudgetChoice(self._idle)
        self._build()
        self.retrain_button.clicked.connect(self.retrain_requested)
        self.result.hide()
        self.show_idle(0, 0, "")

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP_S)
        line.addWidget(self._badge)
        line.addWidget(self._new, 1)
        idle = QVBoxLayout(self._idle)
        idle.setContentsMargins(0, 0, 0, 0)
        idle.setSpacing(tokens.GAP_S)
        idle.addLayout(line)
        idle.addWidget(self._reason)
        act = QHBoxLayout()
        act.setSpacing(tokens.GAP_S)
        act.addWidget(self.retrain_button, 1)
        act.addWidget(self.budget)
        idle.addLayout(act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, 0, tokens.GAP_M, tokens.GAP_M)
        layout.setSpacing(tokens.GAP_M)
        for widget in (self.result, self._idle, self.running):
            layout.addWidget(widget)

    def set_model_name(self, name: str) -> None:
        """Take the name of the model in use, for "keeping v4"."""
        self._model_name = name

    def set_primary(self, primary: bool) -> None:
        """Make Retrain the one button in the accent color, or a plain one."""
        restyle(self.retrain_button, role="primary" if primary else "")

    def show_idle(self, new: int, total: int, reason: str) -> None:
        """Show that nothing runs.

        Args:
            new: Images corrected or approved since the last training.
            total: Images reviewed in all.
            reason: Why training is not possible now, as a sentence; empty when it is.
        """
        self._switch(running=False)
        self._badge.setText(f"{new:,}")
        self._badge.setVisible(new > 0)
        self._new.setText(corrections(new).partition(" ")[2] if new else "No corrections since the last training")
        self._reason.setText(reason or f"Learns from all {total:,} reviewed images.")
        self.retrain_button.setEnabled(not reason)
        self.retrain_button.setToolTip(reason or "Train a better model on what was reviewed (Ctrl+R)")

    def show_starting(self) -> None:
        """Show that the training process is being started."""
        self.result.hide()
        self._switch(running=True)
        self.running.start()

    def show_started(self, event: Started) -> None:
        """Show on how much the training runs."""
        self._switch(running=True)
        self.running.show_started(event)

    def show_result(self, result: Finished) -> None:
        """Show how the new model compares; the way back if it is in use."""
        self._switch(running=False)
        self.result.show_result(result, short_name(self._model_name))

    def show_failed(self, message: str, details: str = "") -> None:
        """Show that there is no new model, and why."""
        self._switch(running=False)
        self.result.show_failed(message, details)

    def _switch(self, *, running: bool) -> None:
        self.running.setVisible(running)
        self._idle.setVisible(not running)
