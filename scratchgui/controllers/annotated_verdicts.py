"""Verdicts on the masks that the inspector made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.core.annotation import load_annotation
from scratchgui.core.project import ReviewStatus
from scratchgui.core.recipe import judge
from scratchgui.core.regions import find_regions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchgui.controllers.context import Context
    from scratchgui.core.project import Project
    from scratchgui.core.verdict import Judgement
    from scratchgui.workers.save_service import AutoSave

_BEHIND_ALL_ELSE = -20


class AnnotatedVerdicts(QObject):
    """Reads saved masks in the background and gives their images verdicts: after each save, and on request."""

    def __init__(self, context: Context, autosave: AutoSave, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        autosave.saved.connect(lambda rel, _: self.judge([rel]))

    def judge(self, rels: Iterable[str]) -> None:
        """Judge the saved masks of these images."""
        project = self._context.session.project
        for rel in rels:
            self._context.runner.run(
                judge_annotation,
                project,
                rel,
                on_result=partial(self._on_judged, rel),
                owner=self,
                priority=_BEHIND_ALL_ELSE,
            )

    def _on_judged(self, rel: str, judgement: Judgement | None) -> None:
        record = self._context.session.record(rel)
        if record is not None and judgement is not None and record.status is not ReviewStatus.NEW:
            record.verdict, record.defects = judgement.verdict, judgement.defects
            self._context.session.images.update(rel)


def judge_annotation(project: Project, rel: str) -> Judgement | None:
    """Return the verdict on the inspector's mask of an image; None when there is none.

    Raises:
        AnnotationError: The mask or its status is damaged.
    """
    annotation = load_annotation(project, rel)
    if annotation is None:
        return None
    return judge(find_regions(annotation.mask), project.file.recipe)
