"""The picture in the settings of how training images are varied: of the image in view, or of the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.core.preview import PreviewOrder
from scratchgui.workers.preview_service import PreviewService

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench
    from scratchgui.core.augmentation import Augmentation
    from scratchgui.ui.dialogs.settings_dialog import SettingsDialog

_NO_IMAGE = "Open a project to see its images varied."
_COLUMNS, _ROWS = 2, 4
_CROP = 128


class VariationPreview(QObject):
    """Lets a child process draw what the page of the settings wants to show; the process ends with the dialog."""

    def __init__(self, bench: Workbench, dialog: SettingsDialog) -> None:
        super().__init__(dialog)
        self._bench = bench
        self._page = dialog.variation
        self._service = PreviewService(parent=self)
        self._service.drawn.connect(self._page.show_picture)
        self._service.failed.connect(self._page.show_problem)
        self._page.preview_wanted.connect(self._draw)
        dialog.finished.connect(self._service.stop)
        bench.window.closing.connect(self._service.stop)

    def _draw(self, augmentation: Augmentation, seed: int) -> None:
        session = self._bench.session
        project, rel = session.project, session.current
        if project is None or not rel:
            self._page.show_problem(_NO_IMAGE)
            return
        mask = project.annotation_paths(rel)[0]
        self._service.draw(
            PreviewOrder(
                image=str(project.image_path(rel).absolute()),
                mask=str(mask.absolute()) if mask.is_file() else None,
                out="",
                augmentation=augmentation,
                crop=_CROP,
                columns=_COLUMNS,
                rows=_ROWS,
                seed=seed,
            )
        )
