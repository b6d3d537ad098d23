"""Closing: everything is on disk, or the window stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from scratchgui.app.settings_applier import kept_options
from scratchgui.core.errors import UserError

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from scratchgui.app.workbench import Workbench


class Closing(QObject):
    """Saves, asks where something would be lost, and ends threads and processes."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._discard = False
        bench.window.closing.connect(self._on_close)

    def _on_close(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        bench = self._bench
        bench.training_service.close()
        bench.inference_service.close()
        bench.runner.close()
        try:
            bench.store.update(**kept_options(bench), show_panels=bench.window.panels_visible)
        except UserError as error:
            bench.notices.report(error)
        event.accept()

    def _may_close(self) -> bool:
        if not self._discard and not self._bench.autosave.flush():
            self._bench.notices.error(
                "Some corrections cannot be saved, so the window stays open. Make room on the disk, or connect it.",
                action_text="Close and lose them",
                action=self._close_anyway,
            )
            return False
        return not self._bench.training.is_running or self._stop_training()

    def _close_anyway(self) -> None:
        self._discard = True
        try:
            self._bench.window.close()
        finally:  # it may stay open because of a training, and be closed later with other corrections
            self._discard = False

    def _stop_training(self) -> bool:
        """Ask; a training is minutes of work that cannot be undone."""
        box = QMessageBox(self._bench.window)
        box.setWindowTitle("ScratchGUI")
        box.setText("A training is running.")
        box.setInformativeText("Closing the window ends it without a new model. The model in use stays.")
        stay = box.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        box.addButton("End training and close", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is not stay
