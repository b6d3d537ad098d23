"""What can be done now, and which button is the primary one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from scratchgui.app.wiring_training import FEWEST_REVIEWED
from scratchgui.core.project import ReviewStatus
from scratchgui.model.queue_order import FilterKey
from scratchgui.ui.actions import Facts

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench

_CORRECTIONS_WORTH_TRAINING = 5


class FactsKeeper(QObject):
    """Enables the actions that make sense; however many changes come at once, it looks once."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        session = bench.session
        for signal in (
            session.project_changed,
            session.current_changed,
            session.image_changed,
            session.prediction_changed,
            session.mask_state_changed,
            bench.judging.read,
            bench.training.counted,
            bench.training.preparing,
            bench.training_service.running_changed,
            bench.inference.model_changed,
            bench.inference_service.progress,
            bench.inference_service.idle,
            bench.autosave.saved,
        ):
            signal.connect(self._later)

    def _later(self, *_: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def refresh(self) -> None:
        """Look at everything and tell actions and buttons."""
        self._bench.actions.apply(self._facts())
        self._choose_primary()

    def _facts(self) -> Facts:
        bench = self._bench
        session, image, reading = bench.session, bench.session.image, bench.judging.reading
        record = session.record(session.current)
        history = image.document.history if image else None
        file = session.project.file if session.project else None
        return Facts(
            project_open=session.project is not None,
            image_open=image is not None,
            read_only=bool(image and image.read_only),
            has_prediction=bool(image and image.prediction is not None),
            has_mask=bool(image and image.document.has_own_mask),
            has_regions=bool(reading and reading.regions),
            reviewed=record is not None and record.status is ReviewStatus.APPROVED,
            can_undo=history is not None and history.can_undo,
            can_redo=history is not None and history.can_redo,
            has_model=bench.inference.card is not None,
            predicting=bench.inference_service.is_running,
            training=bench.training.is_running,
            can_retrain=file is not None and bench.training.count.total >= FEWEST_REVIEWED,
            has_previous_model=file is not None and file.previous_model is not None,
        )

    def _choose_primary(self) -> None:
        bench = self._bench
        images = bench.session.images
        record = bench.session.record(bench.session.current)
        approved = record is not None and record.status is ReviewStatus.APPROVED
        what = "approve"
        if images.records and images.counts()[FilterKey.TO_REVIEW] == 0:
            what = "export"
        elif approved and bench.training.count.new >= _CORRECTIONS_WORTH_TRAINING:
            what = "retrain"
        bench.window.set_primary(what)
        bench.approve_bar.set_primary(what == "approve")
        bench.inspector.training.set_primary(what == "retrain")
