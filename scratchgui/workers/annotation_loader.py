"""Masks of the image that is looked at and of those that come next, read in line with the saves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from scratchgui.core.annotation import Annotation, load_annotation
from scratchgui.core.errors import AnnotationError
from scratchgui.workers.lru import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scratchgui.core.project import Project
    from scratchgui.workers.task import Task, TaskRunner

Stamp: TypeAlias = "tuple[tuple[int, int, int] | None, ...]"

_AHEAD = -10
# The image is painted first.
_LOOK_DELAY_MS = 20
_KEPT_ITEMS = 3
_KEPT_BYTES = 300 * 1024 * 1024


class AnnotationLoader(QObject):
    """Reads masks in the background, beside the pixels of their images; the window's thread looks at no file.

    Each goes through the pool "save", so that a mask that is being written is read when it is complete.

    Signals:
        arrived(str, object): The one asked for last: an Annotation, None when there is none, or an AnnotationError.
            A second time where one that was read ahead is not any more what is on disk.
    """

    arrived = Signal(str, object)

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._wanted: tuple[Project, str] | None = None
        self._task: Task | None = None
        self._told: Stamp | None = None
        self._soon = QTimer(self, singleShot=True, interval=_LOOK_DELAY_MS)
        self._soon.timeout.connect(self._look)
        self._reading: set[tuple[Path, str]] = set()
        self._kept: BoundedCache[tuple[Stamp, Annotation | None]] = BoundedCache(
            items=_KEPT_ITEMS, size=_KEPT_BYTES, size_of=lambda kept: kept[1].mask.nbytes if kept[1] else 0
        )

    def forget(self) -> None:
        """Tell nothing more, and drop what was read ahead: another project opens."""
        self._wanted = None
        self._kept.clear()

    def drop(self, project: Project, rel: str) -> None:
        """Forget what was read ahead of an image: it was saved since."""
        self._kept.drop(_key(project, rel))

    def load(self, project: Project, rel: str) -> None:
        """Ask for an image's mask; what was read ahead is told before this returns."""
        self._wanted, self._told = (project, rel), None
        self._soon.stop()
        if self._task is not None:
            self._task.cancel()
        kept = self._kept.get(_key(project, rel))
        if kept is None:
            self._look()
        else:
            self._kept.drop(_key(project, rel))  # whoever gets the mask writes into it
            self._told = kept[0]
            self._soon.start()
            self.arrived.emit(rel, kept[1])

    def _look(self) -> None:
        """See what is on disk; not in line with the saves, of which one of another image may take long."""
        if self._wanted is not None:
            found = partial(self._on_stamp, *self._wanted)
            self._task = self._runner.run(_stamp, *self._wanted, on_result=found, pool="view", priority=1, owner=self)

    def _on_stamp(self, project: Project, rel: str, stamp: Stamp) -> None:
        if self._wanted != (project, rel) or stamp == self._told:
            return
        if not any(stamp):
            self.arrived.emit(rel, None)
        else:
            self._task = self._runner.run(
                load_annotation,
                project,
                rel,
                on_result=partial(self._on_read, project, rel),
                on_error=partial(self._on_error, project, rel),
                pool="save",
                owner=self,
            )

    def read_ahead(self, project: Project, rels: Iterable[str]) -> None:
        """Read the masks of images that the user may go to next, when nothing is to be saved."""
        for rel in rels:
            key = project.folder, rel
            if _key(project, rel) in self._kept or key in self._reading:
                continue
            self._reading.add(key)
            self._runner.run(
                _read_with_stamp,
                project,
                rel,
                on_result=partial(self._on_read_ahead, project, rel),
                on_error=partial(self._on_error_ahead, key),
                pool="save",
                priority=_AHEAD,
                owner=self,
            )

    def _on_read_ahead(self, project: Project, rel: str, read: tuple[Stamp, Annotation | None]) -> None:
        self._reading.discard((project.folder, rel))
        if self._wanted is not None and self._wanted[0] is project:
            self._kept.put(_key(project, rel), read)

    def _on_error_ahead(self, key: tuple[Path, str], error: BaseException) -> None:
        self._reading.discard(key)  # what is wrong is said when the image is opened

    def _on_read(self, project: Project, rel: str, annotation: Annotation | None) -> None:
        if self._wanted == (project, rel):
            self.arrived.emit(rel, annotation)

    def _on_error(self, project: Project, rel: str, error: BaseException) -> None:
        if self._wanted == (project, rel):
            known = isinstance(error, AnnotationError)
            self.arrived.emit(rel, error if known else AnnotationError("The mask cannot be read; the log tells more"))


def _read_with_stamp(project: Project, rel: str) -> tuple[Stamp, Annotation | None]:
    return _stamp(project, rel), load_annotation(project, rel)


def _key(project: Project, rel: str) -> str:
    return str(project.annotation_paths(rel)[0])


def _stamp(project: Project, rel: str) -> Stamp:
    """Return what tells one state of an image's two files from another; None for a file that is not there."""
    return tuple(_file_stamp(path) for path in project.annotation_paths(rel))


def _file_stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return 0, 0, 0  # reading it will tell why
    return status.st_ino, status.st_mtime_ns, status.st_size
