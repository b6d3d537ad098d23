"""The dialogs, made when they are first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from scratchgui import paths
from scratchgui.core.project import ReviewStatus
from scratchgui.reports.writer import ReportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.app.workbench import Workbench
    from scratchgui.ui.dialogs.report_dialog import ReportDialog
    from scratchgui.ui.dialogs.report_dialog import ReportOptions as Chosen

_REPORT_FOLDER = "report"


class Dialogs(QObject):
    """Opens dialogs and does what they ask for."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.report_dialog: ReportDialog | None = None
        bench.report.written.connect(self._on_written)

    def report(self) -> None:
        """Ask what the report should contain."""
        project = self._bench.session.project
        if project is None:
            return
        if self.report_dialog is None:
            from scratchgui.ui.dialogs.report_dialog import ReportDialog

            self.report_dialog = ReportDialog(self._bench.window)
            self.report_dialog.export_requested.connect(self._export)
        records = self._bench.session.images.records
        approved = sum(record.status is ReviewStatus.APPROVED for record in records)
        self.report_dialog.open_for(project.folder / _REPORT_FOLDER, len(records), approved)

    def _export(self, chosen: Chosen) -> None:
        records = self._bench.session.images.records
        approved = tuple(record.rel for record in records if record.status is ReviewStatus.APPROVED)
        self._bench.report.export(
            ReportOptions(
                folder=chosen.folder,
                templates=paths.resources_dir() / "report",
                html=chosen.html,
                csv=chosen.csv,
                inspector=self._bench.store.value.user_name,
                images=approved if chosen.reviewed_only else None,
            )
        )

    def _on_written(self, files: list[Path]) -> None:
        page = next((file for file in files if file.suffix == ".html"), files[0])
        self._bench.notices.success(
            f"The report is written: {page.parent}",
            action_text="Open",
            action=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(page))),
        )
