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
        self._discard = self._keep = False
        bench.window.closing.connect(self._on_close)

    def _on_close(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        bench = self._bench
        bench.training_service.close(keep=self._keep)
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
        return not self._has_training() or self._ask_about_training()

    def _has_training(self) -> bool:
        """Tell whether a training runs that this window looks after, or is about to."""
        training, run = self._bench.training, self._bench.training_service.run
        return training.is_running and (run is None or run.is_ours)

    def _close_anyway(self) -> None:
        self._discard = True
        try:
            self._bench.window.close()
        finally:  # it may stay open because of a training, and be closed later with other corrections
            self._discard = False

    def _ask_about_training(self) -> bool:
        """Ask; a training is minutes of work."""
        box = QMessageBox(self._bench.window)
        box.setWindowTitle("ScratchGUI")
        box.setText("A training is running.")
        box.setInformativeText(
            "It can go on in the background: its model is looked at when the project is opened again. "
            "If it ends with the window, the model in use stays, and you can go on with the training later."
        )
        keep = box.addButton("Keep training in the background", QMessageBox.ButtonRole.AcceptRole)
        end = box.addButton("End training and close", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        chosen = box.clickedButton()
        box.deleteLater()
        self._keep = chosen is keep
        return self._keep_training() if self._keep else chosen is end

    def _keep_training(self) -> bool:
        run = self._bench.training_service.run
        try:
            if run is not None:
                run.folder.keep()
                return True
            # It ended while the question was open, or its process is about to be started.
            return not self._bench.training.is_running
        except OSError as error:
            self._bench.notices.error(f"The training cannot be kept: its folder cannot be written ({error.strerror}).")
            return False
