"""Says once in a project that of several pictures in one file only the first is looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.core.image_decoding import page_count

if TYPE_CHECKING:
    from scratchgui.controllers.context import Context

_SUFFIXES = (".tif", ".tiff")


class PageNotice(QObject):
    """Counts the pictures in each TIFF that is opened, until one with several was found."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._told = False
        context.session.project_changed.connect(self._begin_anew)
        context.session.image_changed.connect(self._count)

    def _begin_anew(self) -> None:
        self._told = False

    def _count(self) -> None:
        session = self._context.session
        if self._told or session.image is None or session.project is None:
            return
        rel = session.image.rel
        if rel.lower().endswith(_SUFFIXES):
            path = session.project.image_path(rel)
            self._context.runner.run(page_count, path, on_result=partial(self._tell, rel), owner=self)

    def _tell(self, rel: str, pages: int) -> None:
        if pages > 1 and not self._told:
            self._told = True
            self._context.notices.info(f"{rel} holds {pages} pictures: the first one of each file is shown and judged.")
