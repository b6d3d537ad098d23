"""What each action does: one line an action."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from scratchgui import paths
from scratchgui.app import region_commands, view_commands
from scratchgui.app.dialogs import Dialogs
from scratchgui.ui.actions import ActionKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.app.workbench import Workbench

_THRESHOLD_STEP = 0.02
_GUIDE = "docs/user_guide.md"


class Commands(QObject):
    """Runs actions by their keys."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.dialogs = Dialogs(bench)
        self._table: dict[str, Callable[[bool], object]] = {
            **self._project_commands(),
            **self._review_commands(),
            **view_commands.table(bench),
            **region_commands.table(bench),
            **self._model_commands(),
            **self._help_commands(),
        }

    def run(self, key: str, checked: bool) -> None:
        """Run an action; keys that a widget handles itself do nothing here."""
        command = self._table.get(key)
        if command is not None:
            command(checked)

    def _project_commands(self) -> dict[str, Callable[[bool], object]]:
        bench, k = self._bench, ActionKey
        return {
            k.OPEN_FOLDER: lambda _: self._ask_folder("Open a folder of images", bench.project.open),
            k.OPEN_PROJECT: lambda _: self._ask_folder("Open a project folder", bench.project.open),
            k.MOVE_PROJECT: lambda _: self._ask_folder("Move the project folder to", self._move_project),
            k.OPEN_SAMPLE: lambda _: bench.project.open_sample(),
            k.CLOSE_PROJECT: lambda _: self._close_project(),
            k.EXPORT_REPORT: lambda _: self.dialogs.report(),
            k.SETTINGS: lambda _: self.dialogs.settings(),
            k.QUIT: lambda _: bench.window.close(),
        }

    def _review_commands(self) -> dict[str, Callable[[bool], object]]:
        bench, k = self._bench, ActionKey
        correction, viewing = bench.correction, bench.viewing
        return {
            k.UNDO: lambda _: self._step_history(back=True),
            k.REDO: lambda _: self._step_history(back=False),
            k.DELETE_REGION: lambda _: correction.delete_regions(bench.inspector.defects.selected()),
            k.CLEAR_MASK: lambda _: correction.clear(),
            k.ACCEPT_PREDICTION: lambda _: correction.accept_prediction(),
            k.PREVIOUS: lambda _: viewing.step(-1),
            k.NEXT: lambda _: viewing.step(1),
            k.NEXT_TO_REVIEW: lambda _: bench.go_on_reviewing(),
            k.SEARCH_IMAGES: lambda _: self._search(),
            k.APPROVE_NEXT: lambda _: self._go_on(correction.approve()),
            k.CLEAN_NEXT: lambda _: self._go_on(correction.mark_clean()),
            k.MARK_UNREVIEWED: lambda _: correction.unreview(),
            k.NEXT_REGION: lambda _: self._step_region(1),
            k.PREVIOUS_REGION: lambda _: self._step_region(-1),
            k.SENSITIVITY_UP: lambda _: self._step_threshold(-_THRESHOLD_STEP),
            k.SENSITIVITY_DOWN: lambda _: self._step_threshold(_THRESHOLD_STEP),
        }

    def _model_commands(self) -> dict[str, Callable[[bool], object]]:
        bench, k = self._bench, ActionKey
        return {
            k.PREDICT_ALL: lambda _: bench.inference.predict_all(),
            k.PAUSE_PREDICTION: lambda on: bench.jobs.pause(on),
            k.CANCEL_PREDICTION: lambda _: bench.inference_service.cancel(),
            k.RETRAIN: lambda _: bench.training.retrain(),
            k.STOP_TRAINING: lambda _: bench.training.stop(),
            k.GO_BACK_MODEL: lambda _: bench.models.go_back(),
            k.MODELS: lambda _: bench.model_windows.models(),
            k.TRAINING_DETAILS: lambda _: bench.model_windows.training(),
        }

    def _help_commands(self) -> dict[str, Callable[[bool], object]]:
        k = ActionKey
        return {
            k.COMMANDS: lambda _: self.dialogs.palette(),
            k.KEYS_SHEET: lambda _: self.dialogs.keys(),
            k.USER_GUIDE: lambda _: _open_path(paths.import_root() / _GUIDE),
            k.OPEN_LOG: lambda _: _open_path(paths.log_dir()),
            k.ABOUT: lambda _: self.dialogs.about(),
        }

    def _step_history(self, *, back: bool) -> None:
        image = self._bench.session.image
        if image is not None:
            (image.document.undo if back else image.document.redo)()

    def _go_on(self, decided: bool) -> None:
        if decided:
            self._bench.go_on_reviewing()

    def _ask_folder(self, title: str, use: Callable[[str], object]) -> None:
        recent = self._bench.store.value.recent
        start = str(Path(recent[0]).parent) if recent else ""
        chosen = QFileDialog.getExistingDirectory(self._bench.window, title, start)
        if chosen:
            use(chosen)

    def _move_project(self, place: str) -> None:
        if self._bench.autosave.flush():
            self._bench.project.move(place)
        else:
            self._bench.notices.error("Some corrections cannot be saved, so the project stays. Make room on the disk.")

    def _close_project(self) -> None:
        self._bench.project.close()
        self._bench.window.show_start()

    def _step_threshold(self, change: float) -> None:
        editor = self._bench.editor
        editor.threshold = round(editor.threshold + change, 2)

    def _search(self) -> None:
        self._bench.window.set_panels_visible(True)
        self._bench.queue.focus_search()

    def _step_region(self, step: int) -> None:
        reading = self._bench.judging.reading
        if reading is None or not reading.regions:
            return
        defects = self._bench.inspector.defects
        now = (defects.selected() or [0])[0]
        count = len(reading.regions)
        defects.select((now - 1 + step) % count + 1 if now else (1 if step > 0 else count))
        defects.chosen.emit(defects.selected()[0])


def _open_path(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
