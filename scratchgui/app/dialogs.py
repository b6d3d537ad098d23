"""The dialogs, made when they are first needed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from scratchgui import paths
from scratchgui.app.settings_applier import apply_changes
from scratchgui.core.project import ReviewStatus
from scratchgui.reports.writer import ReportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.app.workbench import Workbench
    from scratchgui.ui.command_palette import CommandPalette
    from scratchgui.ui.dialogs.about_dialog import AboutDialog
    from scratchgui.ui.dialogs.classes_dialog import ClassesDialog
    from scratchgui.ui.dialogs.key_sheet import KeySheet
    from scratchgui.ui.dialogs.report_dialog import ReportDialog
    from scratchgui.ui.dialogs.report_dialog import ReportOptions as Chosen
    from scratchgui.ui.dialogs.settings_dialog import SettingsDialog

_REPORT_FOLDER = "report"


class Dialogs(QObject):
    """Opens dialogs and does what they ask for."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.report_dialog: ReportDialog | None = None
        self.command_palette: CommandPalette | None = None
        self.key_sheet: KeySheet | None = None
        self.settings_dialog: SettingsDialog | None = None
        self.about_dialog: AboutDialog | None = None
        self.classes_dialog: ClassesDialog | None = None
        bench.report.written.connect(self._on_written)

    def palette(self) -> None:
        """Let the user find any command, image or recent project."""
        if self.command_palette is None:
            from scratchgui.app import palette_source
            from scratchgui.ui.command_palette import CommandPalette

            self.command_palette = CommandPalette(self._bench.actions, self._bench.window)
            self.command_palette.set_sources(partial(palette_source.entries, self._bench))
        self.command_palette.open()

    def keys(self) -> None:
        """Show all keys."""
        if self.key_sheet is None:
            from scratchgui.ui.dialogs.key_sheet import KeySheet

            self.key_sheet = KeySheet(self._bench.actions, self._bench.window)
        self.key_sheet.open()

    def settings(self) -> None:
        """Let the user change the settings; each change takes effect at once."""
        if self.settings_dialog is None:
            from scratchgui.app.variation_preview import VariationPreview
            from scratchgui.ui.dialogs.settings_dialog import SettingsDialog

            bench = self._bench
            self.settings_dialog = SettingsDialog(bench.store.value, bench.editor.classes, bench.window)
            self.settings_dialog.changed.connect(partial(apply_changes, bench))
            self.settings_dialog.classes_requested.connect(self.classes)
            VariationPreview(bench, self.settings_dialog)
        self.settings_dialog.open_for(self._bench.store.value)

    def classes(self) -> None:
        """Let the user edit the project's classes; each change takes effect at once."""
        if self.classes_dialog is None:
            from scratchgui.ui.dialogs.classes_dialog import ClassesDialog

            bench = self._bench
            self.classes_dialog = ClassesDialog(bench.editor.classes, bench.window)
            self.classes_dialog.add_requested.connect(self._add_class)
            self.classes_dialog.changed.connect(bench.classes.change)
            self.classes_dialog.remove_requested.connect(bench.classes.remove)
        self.classes_dialog.open_dialog()

    def _add_class(self) -> None:
        label = self._bench.classes.add()
        if self.classes_dialog is not None:
            self.classes_dialog.edit_name(label)

    def about(self) -> None:
        """Show version and license."""
        if self.about_dialog is None:
            from scratchgui.ui.dialogs.about_dialog import AboutDialog

            self.about_dialog = AboutDialog(self._bench.window)
            self.about_dialog.log_requested.connect(self._bench.actions.action("open_log").trigger)
        self.about_dialog.open_dialog()

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
