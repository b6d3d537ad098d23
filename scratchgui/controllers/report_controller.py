"""Reports: written in the background, with progress and cancel."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import ModelKey
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.stored import StoredMasks
from scratchgui.reports.summary import ReportCancelled
from scratchgui.reports.writer import ReportOptions, write_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scratchgui.controllers.context import Context
    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project


def _write(
    project: Project,
    card: ModelCard | None,
    settings: PredictSettings,
    options: ReportOptions,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> list[Path] | None:
    """Write the report; None when it was cancelled."""
    masks = StoredMasks(project, card.key if card else ModelKey(""), settings)
    try:
        return write_report(project, card, masks, options, progress=progress, cancelled=cancelled)[1]
    except ReportCancelled:
        return None


class ReportController(QObject):
    """Writes one report at a time.

    Signals:
        progress(int, int): Steps done and steps in all; from the background thread, so connect it queued.
        written(object): The files, as a list of paths.
        ended(): The report is written, was cancelled or failed.
    """

    progress = Signal(int, int)
    written = Signal(object)
    ended = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._cancel = Event()
        self.is_running = False

    def export(self, options: ReportOptions) -> None:
        """Write a report of the open project; refused while one is being written."""
        project = self._context.session.project
        if project is None or self.is_running:
            return
        try:
            card: ModelCard | None = self._context.registry.active_card()
        except BundleError:
            card = None
        self.is_running = True
        self._cancel.clear()
        self._context.runner.run(
            _write,
            project,
            card,
            PredictSettings.of(self._context.settings.value),
            options,
            self.progress.emit,
            self._cancel.is_set,
            on_result=self._on_written,
            on_error=self._on_error,
        )

    def cancel(self) -> None:
        """Stop writing; earlier files stay as they are."""
        self._cancel.set()

    def _on_written(self, files: list[Path] | None) -> None:
        self._end()
        if files:
            self.written.emit(files)

    def _on_error(self, error: BaseException) -> None:
        self._end()
        self._context.notices.report(error)

    def _end(self) -> None:
        self.is_running = False
        self.ended.emit()
