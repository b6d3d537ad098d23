"""The windows about trainings and models, made when they are first needed."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from scratchgui.controllers.change_pictures import draw_change
from scratchgui.core.comparison import load_comparison
from scratchgui.ui import tokens
from scratchgui.ui.dialogs.change_gallery import PICTURE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.app.workbench import Workbench
    from scratchgui.controllers.model_controller import Shelf
    from scratchgui.core.comparison import Comparison
    from scratchgui.core.protocol import Event, Finished
    from scratchgui.ui.dialogs.change_gallery import ChangeCard
    from scratchgui.ui.dialogs.comparison_window import ComparisonWindow
    from scratchgui.ui.dialogs.models_dialog import ModelsDialog
    from scratchgui.ui.dialogs.training_window import TrainingWindow

_log = logging.getLogger(__name__)


class ModelWindows(QObject):
    """Opens them, keeps what they show, and does what they ask for."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.training_window: TrainingWindow | None = None
        self.comparison_window: ComparisonWindow | None = None
        self.models_dialog: ModelsDialog | None = None
        self._last_run: Path | None = None
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
        bench.inspector.model.all_requested.connect(self.models)
        bench.inspector.training.result.changes_requested.connect(self._show_changes)

    def training(self) -> None:
        """Show all about the training that runs, or that ran last."""
        if self.training_window is None:
            from scratchgui.ui.dialogs.training_window import TrainingWindow

            bench = self._bench
            self.training_window = TrainingWindow(bench.training_log, bench.window)
            self.training_window.stop_requested.connect(bench.training.stop)
            self.training_window.pause_requested.connect(bench.training.pause)
        self.training_window.open_window()

    def models(self) -> None:
        """Show all models of the project."""
        if self.models_dialog is None:
            from scratchgui.ui.dialogs.models_dialog import ModelsDialog

            bench, models = self._bench, self._bench.models
            dialog = self.models_dialog = ModelsDialog(bench.window)
            dialog.use_requested.connect(models.use)
            dialog.go_back_requested.connect(models.go_back)
            dialog.renamed.connect(models.rename)
            dialog.delete_requested.connect(models.delete)
            dialog.comparison_requested.connect(self.comparison)
            models.listed.connect(self._show_models)
            bench.registry.active_changed.connect(self._refresh_models)
            bench.training.swapped.connect(self._refresh_models)
            bench.autosave.saved.connect(self._refresh_models)
        self._bench.models.list_models()
        self.models_dialog.open_dialog()

    def _refresh_models(self, *_: object) -> None:
        if self.models_dialog is not None and self.models_dialog.isVisible():
            self._bench.models.list_models()

    def _show_models(self, shelf: Shelf) -> None:
        if self.models_dialog is not None:
            self.models_dialog.show_models(shelf.models, shelf.active, shelf.kept, can_go_back=shelf.can_go_back)
            self.models_dialog.show_reviewed(shelf.reviewed)

    def _take(self, event: Event) -> None:
        run = self._bench.training_service.run
        if run is not None:
            self._bench.training_log.take(event, run.folder.path)

    def _on_end(self, result: Finished) -> None:
        self._last_run = Path(result.bundle).parent
        self._bench.training_log.end(result.reason)

    def comparison(self, run: Path) -> None:
        """Show the comparison that a training wrote into its folder."""
        bench = self._bench
        bench.runner.run(
            load_comparison,
            run,
            on_result=partial(self._show_comparison, run),
            on_error=bench.notices.report,
            pool="view",
            owner=self,
        )

    def _show_changes(self) -> None:
        if self._last_run is not None:
            self.comparison(self._last_run)

    def _show_comparison(self, run: Path, comparison: Comparison) -> None:
        bench, project = self._bench, self._bench.session.project
        if project is None:
            return
        if self.comparison_window is None:
            from scratchgui.ui.dialogs.comparison_window import ComparisonWindow

            self.comparison_window = ComparisonWindow(bench.window)
            self.comparison_window.image_chosen.connect(bench.viewing.choose)
            self.comparison_window.models_requested.connect(self.models)
        window = self.comparison_window
        window.show_comparison(comparison)
        window.open_window()
        side = round(PICTURE * window.devicePixelRatioF())
        colors = tokens.APPROVED_OUTLINE, tokens.FOUND_OUTLINE
        for card in window.gallery.cards.values():
            bench.runner.run(
                draw_change,
                *(project, run, card.image, side, colors),
                on_result=partial(_set_pictures, card),
                on_error=partial(_log.warning, "No picture of a change: %s"),
                pool="thumbnail",
                owner=card,
            )


def _set_pictures(card: ChangeCard, pictures: list[NDArray[np.uint8]]) -> None:
    before, after = (_image(picture) for picture in pictures)
    card.set_pictures(before, after)


def _image(picture: NDArray[np.uint8]) -> QImage:
    height, width = picture.shape[:2]
    # A copy: QImage over numpy does not own its memory.
    return QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
