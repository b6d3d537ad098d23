"""The job shown in the status strip: a report while one is written, else the predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from scratchgui.ui.status_strip import JobView

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench
    from scratchgui.workers.pace import JobProgress


class JobsView(QObject):
    """Shows what runs, and passes pause and cancel on to it."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        status, service = bench.window.status, bench.inference_service
        service.progress.connect(self._show_predictions)
        service.idle.connect(self._on_idle)
        bench.report.progress.connect(self._show_report, Qt.ConnectionType.QueuedConnection)
        bench.report.ended.connect(self._on_idle, Qt.ConnectionType.QueuedConnection)
        status.pause_toggled.connect(self.pause)
        status.cancel_requested.connect(self.cancel)

    def pause(self, paused: bool) -> None:
        """Hold the predictions back, or let them go on."""
        self._bench.inference_service.pause(paused)

    def cancel(self) -> None:
        """Stop what is shown."""
        if self._bench.report.is_running:
            self._bench.report.cancel()
        else:
            self._bench.inference_service.cancel()

    def _show_predictions(self, progress: JobProgress) -> None:
        if self._bench.report.is_running:
            return
        if progress.done >= progress.total:
            self._bench.window.status.set_job(None)
            return
        self._bench.window.status.set_job(
            JobView("Predicting", progress.done, progress.total, progress.rate, progress.seconds_left, progress.paused)
        )

    def _show_report(self, done: int, total: int) -> None:
        if self._bench.report.is_running:
            self._bench.window.status.set_job(JobView("Writing the report", done, total, can_pause=False))

    def _on_idle(self) -> None:
        if not self._bench.report.is_running:
            self._bench.window.status.set_job(None)
