"""The training card, and what follows a training."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scratchgui.app.settings_applier import apply_changes
from scratchgui.ui.docks.score_text import headline

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench
    from scratchgui.controllers.training_controller import ReviewedCount
    from scratchgui.core.protocol import Finished

FEWEST_REVIEWED = 2
_TOO_FEW = "Approve at least two images with defects first: one to learn from, one to check."


def connect(bench: Workbench) -> None:
    """Connect the training with its card."""
    card, training, service = bench.inspector.training, bench.training, bench.training_service
    card.retrain_requested.connect(training.retrain)
    card.budget.changed.connect(partial(apply_changes, bench))
    card.result.go_back_requested.connect(bench.models.go_back)
    bench.autosave.saved.connect(lambda *_: training.recount())
    training.counted.connect(partial(_show_count, bench))
    training.preparing.connect(card.show_starting)
    training.refused.connect(partial(_show_failed, bench))
    training.swapped.connect(partial(_show_result, bench))
    service.started.connect(card.show_started)
    service.started.connect(lambda _: bench.inspector.ensureWidgetVisible(card.running.stop_button))
    service.failed.connect(partial(_show_failed, bench))
    _connect_running(bench)
    card.show_idle(0, 0, _TOO_FEW)


def _connect_running(bench: Workbench) -> None:
    running, training, service = bench.inspector.training.running, bench.training, bench.training_service
    running.stop_requested.connect(training.stop)
    running.pause_requested.connect(training.pause)
    service.progress.connect(running.show_progress)
    service.validated.connect(running.show_validation)
    service.stage.connect(lambda stage: running.show_stage(stage.text))
    service.noted.connect(lambda note: running.show_note(note.text))
    service.paused.connect(running.show_paused)


def _show_count(bench: Workbench, count: ReviewedCount) -> None:
    if not bench.training.is_running:
        reason = _TOO_FEW if count.total < FEWEST_REVIEWED else ""
        bench.inspector.training.show_idle(count.new, count.total, reason)


def _show_failed(bench: Workbench, message: str, details: str = "") -> None:
    bench.inspector.training.show_failed(message, details)
    _show_count(bench, bench.training.count)
    if details:
        bench.notices.error(message, details)


def _show_result(bench: Workbench, result: Finished) -> None:
    """Show the result in the card; a notice only where the card cannot be seen."""
    card = bench.inspector.training
    card.show_result(result)
    _show_count(bench, bench.training.count)
    if not card.result.visibleRegion().isEmpty():
        return
    if result.better:
        text = f"The new model is in use. {headline(result, '')}"
        bench.notices.success(text, action_text="Go back", action=bench.models.go_back)
    else:
        bench.notices.info(result.reason)
