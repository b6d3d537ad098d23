"""The training card, and what follows a training."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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
    card.stop_requested.connect(training.stop)
    card.go_back_requested.connect(training.go_back)
    bench.autosave.saved.connect(lambda *_: training.recount())
    training.counted.connect(partial(_show_count, bench))
    training.preparing.connect(card.show_starting)
    training.refused.connect(partial(_show_failed, bench))
    training.swapped.connect(partial(_show_result, bench))
    service.started.connect(card.show_started)
    service.progress.connect(card.show_progress)
    service.validated.connect(card.show_validation)
    service.stage.connect(lambda stage: card.show_stage(stage.text))
    service.failed.connect(partial(_show_failed, bench))
    card.show_idle(0, 0, _TOO_FEW)


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
    bench.inspector.training.show_result(result)
    _show_count(bench, bench.training.count)
    if result.better:
        bench.notices.success(
            f"The new model is in use. {result.reason}", action_text="Go back", action=bench.training.go_back
        )
    else:
        bench.notices.info(result.reason)
