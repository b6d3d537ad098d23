"""The windows about trainings and models, made when they are first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench
    from scratchgui.core.protocol import Event, Finished
    from scratchgui.ui.dialogs.training_window import TrainingWindow


class ModelWindows(QObject):
    """Opens them, keeps what they show, and does what they ask for."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.training_window: TrainingWindow | None = None
        self._follow()

    def _follow(self) -> None:
        bench, log, service = self._bench, self._bench.training_log, self._bench.training_service
        bench.training.preparing.connect(log.begin)
        bench.training.refused.connect(log.end)
        bench.training.swapped.connect(self._on_end)
        service.failed.connect(lambda message, _: log.end(message))
        service.paused.connect(log.set_paused)
        for signal in (service.started, service.progress, service.validated, service.stage, service.noted):
            signal.connect(self._take)
        bench.inspector.training.running.details_requested.connect(self.training)

    def training(self) -> None:
        """Show all about the training that runs, or that ran last."""
        if self.training_window is None:
            from scratchgui.ui.dialogs.training_window import TrainingWindow

            bench = self._bench
            self.training_window = TrainingWindow(bench.training_log, bench.window)
            self.training_window.stop_requested.connect(bench.training.stop)
            self.training_window.pause_requested.connect(bench.training.pause)
        self.training_window.open_window()

    def _take(self, event: Event) -> None:
        run = self._bench.training_service.run
        if run is not None:
            self._bench.training_log.take(event, run.folder.path)

    def _on_end(self, result: Finished) -> None:
        self._bench.training_log.end(result.reason)
