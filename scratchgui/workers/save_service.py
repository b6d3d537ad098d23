"""Autosave: masks go to disk by themselves, off the window's thread, and stay in memory until they are there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from scratchgui.core.annotation import Annotation, remove_annotation, save_annotation
from scratchgui.core.errors import UserError
from scratchgui.core.project import ReviewStatus

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.correction import Beginning
    from scratchgui.core.mask import Mask
    from scratchgui.core.project import Project
    from scratchgui.workers.task import TaskRunner

_RETRY_SECONDS = 5.0
_FLUSH_MS = 10_000


class Snapshot(Protocol):
    """A mask as it was at one moment; `model.Snapshot` is one."""

    def copy(self) -> Mask:
        """Return it, uint8 (H, W); on any thread, while the inspector goes on."""


class Saveable(Protocol):
    """What is saved; `model.MaskDocument` is one."""

    image_rel: str
    revision: int
    edited: SignalInstance

    @property
    def dirty(self) -> bool:
        """Whether there is something to save."""

    @property
    def has_own_mask(self) -> bool:
        """Whether the mask counts; one whose every step was undone does not, and is removed from disk."""

    @property
    def is_stroking(self) -> bool:
        """Whether a gesture runs, so that the mask is between two states."""

    def snapshot(self) -> Snapshot:
        """Return the mask as it is now, at once and not copied yet."""

    def mark_saved(self, revision: int) -> None:
        """Remember that this revision is on disk."""


def _save(
    project: Project, rel: str, *, taken: Snapshot, status: ReviewStatus, who: str, began: Beginning | None
) -> Annotation:
    """Copy and write a mask; return what is on disk now."""
    mask = taken.copy()
    return Annotation(mask, save_annotation(project, rel, mask, status, who=who, began=began))


@dataclass(slots=True)
class _Entry:
    """A document that is not on disk yet, or is being edited."""

    document: Saveable
    project: Project
    status: ReviewStatus = ReviewStatus.CORRECTED
    began: Beginning | None = None
    asked: bool = False
    writing: bool = False
    told: bool = False
    who: str = ""

    @property
    def key(self) -> tuple[Path, str]:
        """The same image in two projects is two documents."""
        return self.project.folder, self.document.image_rel


class AutoSave(QObject):
    """Saves the watched document a moment after its last edit, and keeps trying when that fails.

    A document that could not be saved stays dirty and is kept here, also when another one is watched, until it is on
    disk. Saves run one after the other.

    Signals:
        saving(str): A mask is being written.
        saved(str, AnnotationInfo): It is on disk; None where all was undone, so that the image has none any more.
        written(Project, str, Mask): What was written of an image, uint8 (H, W), in memory; nobody changes it.
        failed(str, str): It is not; a sentence. Told once for a document until a save succeeds.
    """

    saving = Signal(str)
    saved = Signal(str, object)
    written = Signal(object, str, object)
    failed = Signal(str, str)

    def __init__(
        self,
        runner: TaskRunner,
        *,
        seconds: float = 1.0,
        retry_seconds: float = _RETRY_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        """Prepare the service.

        Args:
            runner: Its pool "save" writes.
            seconds: Pause after the last edit (s).
            retry_seconds: Pause after a failure (s).
            parent: The owner.
        """
        super().__init__(parent)
        self.who = ""
        self._runner = runner
        self._entries: dict[tuple[Path, str], _Entry] = {}
        self._watched: _Entry | None = None
        self._delay = QTimer(self, singleShot=True, interval=round(seconds * 1000))
        self._delay.timeout.connect(self._on_delay)
        self._retry = QTimer(self, singleShot=True, interval=round(retry_seconds * 1000))
        self._retry.timeout.connect(self._on_delay)

    def set_delay(self, seconds: float) -> None:
        """Change the pause after the last edit (s)."""
        self._delay.setInterval(round(seconds * 1000))

    def watch(self, document: Saveable | None, project: Project | None = None) -> None:
        """Follow another document, or none; the former one is saved now if it has to be."""
        if self._watched is not None:
            self._watched.document.edited.disconnect(self._on_edited)
            self._save_all()
        self._delay.stop()
        self._watched = None
        if document is not None and project is not None:
            entry = _Entry(document, project)
            kept = self._entries.get(entry.key)
            self._watched = kept if kept is not None and kept.document is document else entry
            document.edited.connect(self._on_edited)

    def set_beginning(self, began: Beginning) -> None:
        """Remember the model's mask that the correction of the watched mask begins with."""
        if self._watched is not None:
            self._watched.began = began

    def save(self, status: ReviewStatus) -> None:
        """Save the watched document now with this status, also when the mask itself has not changed."""
        if self._watched is not None:
            self._watched.status = status
            self._watched.asked = True
            self._keep(self._watched)
            self._save_all()

    def unsaved(self, project: Project, rel: str) -> Saveable | None:
        """Return the document of an image that is not on disk yet: its file is not the truth."""
        entry = self._entries.get((project.folder, rel))
        return entry.document if entry is not None else None

    @property
    def is_clean(self) -> bool:
        """Tell whether everything is on disk."""
        return not self._entries

    def flush(self, timeout_ms: int = _FLUSH_MS) -> bool:
        """Save everything and wait until it is written: before the window or the project closes.

        Returns:
            False when something could not be saved.
        """
        for _ in range(2):  # twice: what was edited while it was being written needs another save
            self._save_all()
            self._runner.wait_for_done(timeout_ms, pool="save")
            if self.is_clean:
                break
        return self.is_clean

    def _keep(self, entry: _Entry) -> None:
        entry.who = self.who
        self._entries[entry.key] = entry

    def _on_edited(self) -> None:
        entry = self._watched
        if entry is None:
            return
        entry.status = ReviewStatus.CORRECTED
        self._keep(entry)
        self._delay.start()

    def _on_delay(self) -> None:
        if self._watched is not None and self._watched.document.is_stroking:
            self._delay.start()
        else:
            self._save_all()

    def _save_all(self) -> None:
        self._delay.stop()
        for entry in list(self._entries.values()):
            if not entry.writing:
                self._write(entry)

    def _write(self, entry: _Entry) -> None:
        document = entry.document
        if not document.dirty and not entry.asked:
            self._entries.pop(entry.key, None)
            return
        asked, rel = entry.asked, document.image_rel
        entry.writing, entry.asked = True, False
        self.saving.emit(rel)
        write = partial(_save, taken=document.snapshot(), status=entry.status, who=entry.who, began=entry.began)
        self._runner.run(
            write if asked or document.has_own_mask else remove_annotation,
            entry.project,
            rel,
            on_result=partial(self._on_saved, entry, document.revision),
            on_error=partial(self._on_error, entry, asked),
            pool="save",
            owner=self,
        )

    def _on_saved(self, entry: _Entry, revision: int, on_disk: Annotation | None) -> None:
        document = entry.document
        entry.writing = entry.told = False
        document.mark_saved(revision)
        if document.dirty or entry.asked:
            self._delay.start()
        elif self._entries.get(entry.key) is entry:
            del self._entries[entry.key]
        self.saved.emit(document.image_rel, on_disk.info if on_disk else None)
        if on_disk is not None:
            self.written.emit(entry.project, document.image_rel, on_disk.mask)

    def _on_error(self, entry: _Entry, asked: bool, error: BaseException) -> None:
        entry.writing, entry.asked = False, entry.asked or asked
        self._retry.start()
        if not entry.told:
            entry.told = True
            sentence = str(error) if isinstance(error, UserError) else "The mask cannot be saved; the log tells more."
            self.failed.emit(entry.document.image_rel, sentence)
