"""Pixels of the image that is looked at, a coarse picture of it first, and of those that come next."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scratchgui.core.errors import UserError
from scratchgui.core.image_decoding import bytes_when_decoded
from scratchgui.core.images import Preview, decode_preview, read_image
from scratchgui.workers.lru import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.project import Project
    from scratchgui.workers.task import Task, TaskRunner

_KEPT_ITEMS = 5
_KEPT_BYTES = 600 * 1024 * 1024
# Images larger than this are not read ahead: two neighbors would push the visible one out.
_AHEAD_BYTES = 150 * 1024 * 1024
_AHEAD = -10
# The image is painted first: a thread that wakes up before takes up to 5 ms from the window's.
_AHEAD_DELAY_MS = 20


class _NotWantedError(UserError):
    """The user has moved on, or the image is too large to be read ahead."""

    def __init__(self) -> None:
        super().__init__("Not read to the end")


class ImageLoader(QObject):
    """Reads images in the background and keeps the last few.

    Signals:
        preview(str, Preview): A coarse picture of the image asked for last; its pixels follow.
        loaded(str, NDArray): The image asked for last, uint8 (H, W) gray or (H, W, 3) RGB; do not write into it.
        failed(str, str): It cannot be read; a sentence.
    """

    preview = Signal(str, object)
    loaded = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._project: Project | None = None
        self._wanted = ""
        self._ahead: list[str] = []
        self._tasks: dict[str, Task] = {}
        self._decoding: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=_AHEAD_DELAY_MS)
        self._soon.timeout.connect(self._read_ahead)
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
            neighbors: Those the user may go to next; they are read ahead, one after the other.
        """
        self._wanted = rel
        self._ahead = [name for name in neighbors if name != rel]
        # One whose bytes are still being read ahead begins anew: with a coarse picture, and on its own thread.
        self._cancel_all_but((*self._decoding.intersection((rel,)), *self._ahead))
        image = self._images.get(rel)
        if image is None:
            self._read(rel)
        else:
            self._tell(rel, image)

    def forget(self, rel: str) -> None:
        """Read an image anew when it is asked for again: its file has changed."""
        self._images.drop(rel)

    def _read(self, rel: str, *, ahead: bool = False) -> None:
        if self._project is None or rel in self._tasks:
            return
        self._tasks[rel] = self._runner.run(
            _read_unless_large if ahead else read_image,
            self._project.image_path(rel),
            partial(self._on_content, self._project, rel),
            on_result=partial(self._on_read, rel),
            on_error=partial(self._on_error, rel),
            # What is read ahead cannot be stopped while it is decoded: it must not hold up what is looked at.
            pool="general" if ahead else "view",
            priority=_AHEAD if ahead else 0,
            owner=self,
        )

    def _on_content(self, project: Project, rel: str, data: NDArray[np.uint8]) -> None:
        """Give up what nobody waits for any more, and start the coarse picture; called on the reading thread."""
        visible = rel == self._wanted
        if project is not self._project or not (visible or rel in self._ahead):
            raise _NotWantedError
        if not visible and bytes_when_decoded(project.image_path(rel), data) > _AHEAD_BYTES:
            raise _NotWantedError
        self._decoding.add(rel)
        if visible:
            self._runner.run(decode_preview, data, on_result=partial(self._on_preview, rel), pool="view", owner=self)

    def _cancel_all_but(self, rels: tuple[str, ...]) -> None:
        for rel in [rel for rel in self._tasks if rel not in rels]:
            self._decoding.discard(rel)
            self._tasks.pop(rel).cancel()

    def _on_preview(self, rel: str, preview: Preview | None) -> None:
        if preview is not None and rel == self._wanted and rel not in self._images:
            self.preview.emit(rel, preview)

    def _on_read(self, rel: str, image: NDArray[np.uint8]) -> None:
        self._forget_task(rel)
        image.flags.writeable = False
        self._images.put(rel, image)
        if rel == self._wanted:
            self._tell(rel, image)
        else:
            self._read_ahead()

    def _on_error(self, rel: str, error: BaseException) -> None:
        self._forget_task(rel)
        if rel in self._ahead:
            self._ahead.remove(rel)
        if rel == self._wanted and isinstance(error, _NotWantedError):  # it was too large to be read ahead
            self._read(rel)
        elif rel == self._wanted:
            self.failed.emit(rel, _sentence(rel, error))
        self._read_ahead()

    def _forget_task(self, rel: str) -> None:
        self._tasks.pop(rel, None)
        self._decoding.discard(rel)

    def _tell(self, rel: str, image: NDArray[np.uint8]) -> None:
        self.loaded.emit(rel, image)
        self._soon.start()

    def _read_ahead(self) -> None:
        """Read the next neighbor that is not in memory, when the visible image is there and no other is read."""
        if not self._tasks:
            following = next((rel for rel in self._ahead if rel not in self._images), None)
            if following is not None:
                self._read(following, ahead=True)
        # The visible image must be the last to be pushed out by them.
        self._images.get(self._wanted)


def _read_unless_large(path: Path, on_content: Callable[[NDArray[np.uint8]], None]) -> NDArray[np.uint8]:
    with suppress(OSError):  # what is wrong with the file is said by the one who reads it
        if path.stat().st_size > _AHEAD_BYTES:
            raise _NotWantedError
    return read_image(path, on_content)


def _sentence(rel: str, error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return f"There is not enough memory to show {rel}: close other programs."
    if isinstance(error, UserError):
        return str(error)
    return f"{rel} cannot be shown because of an error in ScratchGUI; the log tells more."
