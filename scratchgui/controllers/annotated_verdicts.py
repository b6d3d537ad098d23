"""Verdicts on the masks that the inspector made."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.core.annotation import load_annotation
from scratchgui.core.errors import AnnotationError
from scratchgui.core.project import ReviewStatus
from scratchgui.core.recipe import judge
from scratchgui.core.regions import find_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scratchgui.controllers.context import Context
    from scratchgui.core.mask import Mask
    from scratchgui.core.project import Project
    from scratchgui.core.recipe import Recipe
    from scratchgui.core.verdict import Judgement
    from scratchgui.workers.save_service import AutoSave
    from scratchgui.workers.task import Task

_log = logging.getLogger(__name__)

_BEHIND_ALL_ELSE = -20
# Masks read in one go: 5,000 single tasks take the window's thread longer than the eye forgives.
_BATCH = 32


class AnnotatedVerdicts(QObject):
    """Gives images verdicts on their masks, in the background: after each save, and on request, as they are on disk."""

    def __init__(self, context: Context, autosave: AutoSave, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._saved: dict[str, Task] = {}
        autosave.written.connect(self._judge_saved)

    def judge(self, rels: Sequence[str]) -> None:
        """Judge the saved masks of these images, a batch after the other."""
        project = self._context.session.project
        if project is None or not rels:
            return
        self._context.runner.run(
            judge_annotations,
            project,
            rels[:_BATCH],
            on_result=partial(self._on_judged, project, rels[_BATCH:]),
            owner=self,
            priority=_BEHIND_ALL_ELSE,
        )

    def _judge_saved(self, project: Project, rel: str, mask: Mask) -> None:
        """Judge a mask that was just saved, uint8 (H, W); it need not be read again."""
        if rel in self._saved:
            self._saved[rel].cancel()
        self._saved[rel] = self._context.runner.run(
            _judge,
            mask,
            project.file.recipe,
            on_result=partial(self._on_saved_judged, project, rel),
            owner=self,
            priority=_BEHIND_ALL_ELSE,
        )

    def _on_saved_judged(self, project: Project, rel: str, judgement: Judgement) -> None:
        del self._saved[rel]
        self._on_judged(project, (), {rel: judgement})

    def _on_judged(self, project: Project, waiting: Sequence[str], judgements: Mapping[str, Judgement]) -> None:
        session = self._context.session
        if session.project is not project:
            return
        changed = []
        for rel, judgement in judgements.items():
            record = session.record(rel)
            if record is not None and record.status is not ReviewStatus.NEW:
                record.verdict, record.defects = judgement.verdict, judgement.defects
                changed.append(rel)
        session.images.update(changed)
        self.judge(waiting)


def judge_annotations(project: Project, rels: Iterable[str]) -> dict[str, Judgement]:
    """Return the verdicts on the inspector's masks; images without one, or with a damaged one, have none."""
    judgements = {}
    for rel in rels:
        try:
            annotation = load_annotation(project, rel)
        except AnnotationError as error:
            _log.warning("%s", error)  # its row says so already
            continue
        if annotation is not None:
            judgements[rel] = _judge(annotation.mask, project.file.recipe)
    return judgements


def _judge(mask: Mask, recipe: Recipe) -> Judgement:
    return judge(find_regions(mask), recipe)
