"""The images' dates, read when the queue is to be sorted by them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scratchgui.controllers.context import Context
    from scratchgui.core.project import Project


class DatesController(QObject):
    """Answers the queue's wish for dates; they are read anew each time, for images may come and change."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        context.session.images.dates_wanted.connect(self._read)

    def _read(self) -> None:
        session = self._context.session
        if session.project is not None:
            self._context.runner.run(
                read_dates,
                session.project,
                session.images.order.columns.names,
                on_result=partial(self._on_read, session.project),
                owner=self,
            )

    def _on_read(self, project: Project, dates: Mapping[str, float]) -> None:
        session = self._context.session
        if session.project is project:
            session.images.order.set_dates(dates)
            session.images.resort()


def read_dates(project: Project, rels: Iterable[str]) -> dict[str, float]:
    """Return when the images were last written (seconds since 1970); those that are gone have no date."""
    dates = {}
    for rel in rels:
        try:
            dates[rel] = project.image_path(rel).stat().st_mtime
        except OSError:
            continue
    return dates
