"""The project's defect classes: adding, changing and removing them; colors and locks follow at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pydantic import ValidationError
from PySide6.QtCore import QObject

from scratchgui.core import class_edits
from scratchgui.core.annotation import load_annotation
from scratchgui.core.errors import BundleError, UserError
from scratchgui.core.mask import labels_in
from scratchgui.core.project import ReviewStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.controllers.context import Context
    from scratchgui.core.project import DefectClass, Project
    from scratchgui.workers.save_service import AutoSave


class ClassController(QObject):
    """Keeps project.json, the palette and the document's locks the same.

    Each change is in the file when the call returns. Removing looks through the masks first, in the background: a class
    that is used stays.
    """

    def __init__(self, context: Context, autosave: AutoSave, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._autosave = autosave
        session, palette = context.session, context.editor.classes
        session.project_changed.connect(self._on_project)
        session.image_changed.connect(self._lock)
        palette.changed.connect(self._lock)

    def add(self) -> int:
        """Add a class; return its label, 0 when there can be no more."""
        project = self._context.session.project
        if project is None:
            return 0
        try:
            classes, label = class_edits.with_added(project.file.classes)
        except ValueError:
            self._context.notices.info("There are 255 classes already; a mask can hold no more.")
            return 0
        return label if self._keep(project, classes) else 0

    def change(self, label: int, changes: dict[str, object]) -> None:
        """Set fields of a class: name, color, pattern, digit, hidden, locked; what is not possible is left as it is."""
        project = self._context.session.project
        if project is None or label not in self._context.editor.classes.present:
            return
        try:
            self._keep(project, class_edits.with_changed(project.file.classes, label, **changes))
        except ValidationError:
            self._context.editor.classes.set_classes(project.file.classes)  # what is shown is what there is

    def choose_digit(self, digit: int) -> None:
        """Choose the class of a key 1 … 9; one that was hidden is shown again."""
        label = self._context.editor.classes.digits.get(digit)
        if label is not None:
            self.choose(label)

    def choose(self, label: int) -> None:
        """Choose a class; one that was hidden is shown again, so that what is painted can be seen."""
        if label in self._context.editor.classes.hidden:
            self.change(label, {"hidden": False})
        self._context.editor.choose_class(label)

    def remove(self, label: int) -> None:
        """Remove a class unless masks or the model in use have it; the notice brings it back."""
        project, palette = self._context.session.project, self._context.editor.classes
        if project is None or label not in palette.present or not palette.several:
            return
        if not self._is_needed_now(label):
            rels = [r.rel for r in self._context.session.images.records if r.status is not ReviewStatus.NEW]
            done = partial(self._on_searched, project, label)
            self._context.runner.run(_find_use, project, rels, label, on_result=done, owner=self)

    def _is_needed_now(self, label: int) -> bool:
        """Tell whether the image in view or the model in use has a class, or masks are not on disk; and say so."""
        name, notices = self._context.editor.classes.name(label), self._context.notices
        image = self._context.session.image
        if image is not None and label in labels_in(image.document.mask):
            notices.info(_used(name, image.rel))
        elif label <= self._known_to_model():
            notices.info(f"The model in use finds “{name}”, so the class stays.")
        elif not self._autosave.flush():
            notices.info(f"Some masks are not saved yet, so “{name}” stays for now.")
        else:
            return False
        return True

    def _known_to_model(self) -> int:
        """Return how many classes the model in use finds; none when it cannot be read."""
        try:
            return len(self._context.registry.active_card().classes)
        except BundleError:
            return 0

    def _on_searched(self, project: Project, label: int, used_in: str) -> None:
        palette, notices = self._context.editor.classes, self._context.notices
        if project is not self._context.session.project or label not in palette.present or not palette.several:
            return
        name = palette.name(label)
        if used_in:
            notices.info(_used(name, used_in))
            return
        before = project.file.classes[label - 1]
        if self._is_needed_now(label) or not self._keep(project, class_edits.without(project.file.classes, label)):
            return
        restore = partial(self._restore, project, label, before)
        notices.success(f"The class “{name}” is removed.", action_text="Undo", action=restore)

    def _restore(self, project: Project, label: int, item: DefectClass) -> None:
        """Put a removed class back, unless its label was given to another one since."""
        classes = list(project.file.classes)
        if project is not self._context.session.project or label in self._context.editor.classes.present:
            return
        while len(classes) < label:
            classes.append(item.model_copy(update={"removed": True}))
        classes[label - 1] = item
        self._keep(project, classes)

    def _keep(self, project: Project, classes: Sequence[DefectClass]) -> bool:
        """Take other classes and save them; return whether that was possible."""
        before, project.file.classes = project.file.classes, list(classes)
        saved = True
        try:
            project.save()
        except UserError as error:
            project.file.classes, saved = before, False
            self._context.notices.report(error)
        palette = self._context.editor.classes
        repaint = {label: item.color for label, item in palette.present.items()}
        palette.set_classes(project.file.classes)
        if self._context.editor.active_class not in palette.present:
            self._context.editor.active_class = min(palette.present)
        if repaint != {label: item.color for label, item in palette.present.items()}:
            self._context.session.images.redraw_thumbnails()
        return saved

    def _on_project(self) -> None:
        project = self._context.session.project
        self._context.editor.classes.set_classes(project.file.classes if project is not None else [])
        self._context.editor.active_class = min(self._context.editor.classes.present, default=1)

    def _lock(self) -> None:
        image = self._context.session.image
        if image is not None:
            image.document.locked = self._context.editor.classes.locked


def _used(name: str, rel: str) -> str:
    return f"“{name}” is used in {rel}, so the class stays. Give its defects another class first, or hide it."


def _find_use(project: Project, rels: Sequence[str], label: int) -> str:
    """Return the first image whose saved mask has a label; empty when none has. A mask that cannot be read has."""
    for rel in rels:
        try:
            annotation = load_annotation(project, rel)
        except UserError:
            return rel
        if annotation is not None and label in labels_in(annotation.mask):
            return rel
    return ""
