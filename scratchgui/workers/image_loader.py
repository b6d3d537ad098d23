"""Pixels of the image that is looked at, and of those that come next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.errors import UserError
from scratchgui.core.images import read_image
from scratchgui.workers.lru import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.project import Project
    from scratchgui.workers.task import Task, TaskRunner

_KEPT_ITEMS = 5
_KEPT_BYTES = 600 * 1024 * 1024
# Images larger than this are not read ahead: two neighbors would push the visible one out.
_AHEAD_BYTES = 150 * 1024 * 1024
_VISIBLE, _AHEAD = 10, -10


class ImageLoader(QObject):
    """Reads images in the background and keeps the last few.

    Signals:
        loaded(str, NDArray): The image asked for last, uint8 (H, W) gray or (H, W, 3) RGB; do not write into it.
        failed(str, str): It cannot be read; a sentence.
    """

    loaded = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._project: Project | None = None
        self._wanted = ""
        self._ahead: list[str] = []
        self._tasks: dict[str, Task] = {}
        self._images: BoundedCache[NDArray[np.uint8]] = BoundedCache(
            items=_KEPT_ITEMS, size=_KEPT_BYTES, size_of=lambda image: image.nbytes
        )

    def set_project(self, project: Project | None) -> None:
        """Read from another project, or none; what was read and asked for is forgotten."""
        self._cancel_all_but(())
        self._images.clear()
        self._wanted = ""
        self._ahead = []
        self._project = project

    def load(self, rel: str, neighbors: Iterable[str] = ()) -> None:
        """Ask for an image; only the last one asked for is told.

        One that is in memory is told before this returns.

        Args:
            rel: The image.
            neighbors: Those the user may go to next; they are read ahead.
        """
        self._wanted = rel
        self._ahead = [name for name in neighbors if name != rel]
        self._cancel_all_but((rel, *self._ahead))
        image = self._images.get(rel)
        if image is None:
            self._read(rel, _VISIBLE)
        else:
            self._tell(rel, image)

    def forget(self, rel: str) -> None:
        """Read an image anew when it is asked for again: its file has changed."""
        self._images.drop(rel)

    def _read(self, rel: str, priority: int) -> None:
        if self._project is None or rel in self._tasks:
            return
        self._tasks[rel] = self._runner.run(
            read_image,
            self._project.image_path(rel),
            on_result=partial(self._on_read, rel),
            on_error=partial(self._on_error, rel),
            priority=priority,
            owner=self,
        )

    def _cancel_all_but(self, rels: tuple[str, ...]) -> None:
        for rel in [rel for rel in self._tasks if rel not in rels]:
            self._tasks.pop(rel).cancel()

    def _on_read(self, rel: str, image: NDArray[np.uint8]) -> None:
        self._tasks.pop(rel, None)
        image.flags.writeable = False
        self._images.put(rel, image)
        if rel == self._wanted:
            self._tell(rel, image)

    def _on_error(self, rel: str, error: BaseException) -> None:
        self._tasks.pop(rel, None)
        if rel != self._wanted:
            return
        self._read_ahead(0)
        if isinstance(error, MemoryError):
            sentence = f"There is not enough memory to show {rel}: close other programs."
        elif isinstance(error, UserError):
            sentence = str(error)
        else:
            sentence = f"{rel} cannot be shown because of an error in ScratchGUI; the log tells more."
        self.failed.emit(rel, sentence)

    def _tell(self, rel: str, image: NDArray[np.uint8]) -> None:
        self._read_ahead(image.nbytes)
        self.loaded.emit(rel, image)

    def _read_ahead(self, size: int) -> None:
        """Read the neighbors; they are taken to be as large as the visible image (bytes)."""
        if size <= _AHEAD_BYTES:
            for rel in self._ahead:
                if rel not in self._images:
                    self._read(rel, _AHEAD)
        # The visible image must be the last to be pushed out by them.
        self._images.get(self._wanted)
