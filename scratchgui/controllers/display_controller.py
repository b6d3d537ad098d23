"""Looking closer: pictures of the image that take time to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from scratchgui.core.gray_levels import window_of
from scratchgui.core.images import read_raw
from scratchgui.core.tone import with_local_contrast

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.workers.task import Task


class DisplayController(QObject):
    """Makes what the view shows in the image's place; the image itself, which the model gets, never changes.

    Signals:
        picture_changed(NDArray | None): Show this picture, uint8 or uint16 of the image's size, in the place of the
            current image; None for the image itself.

    Attributes:
        raw: The 16-bit values of the current image, uint16 (H, W) or RGB (H, W, 3); None while they are not known, or
            when there are none.
    """

    picture_changed = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._state = context.editor.view
        self.raw: NDArray[np.uint16] | None = None
        self._local: NDArray[np.uint8] | None = None
        self._raw_wanted = False
        self._raw_task: Task | None = None
        self._local_task: Task | None = None
        context.session.image_changed.connect(self._begin_anew)
        context.session.current_changed.connect(self._begin_anew)
        context.session.project_changed.connect(self._begin_anew)
        self._state.local_contrast_changed.connect(self._show)
        self._state.window_changed.connect(self._show)

    def want_raw(self, wanted: bool) -> None:
        """Read the 16-bit values of each image, as long as they are wanted, or a window is set."""
        self._raw_wanted = wanted
        self._show()

    def _begin_anew(self, *_: object) -> None:
        for task in (self._raw_task, self._local_task):
            if task is not None:
                task.cancel()
        self._raw_task = self._local_task = self._local = None
        self.raw = self._state.automatic = None
        self._show()

    def _show(self, *_: object) -> None:
        """Tell which picture is to be seen; one that is not there yet is made, and the one before stays."""
        image, project = self._context.session.image, self._context.session.project
        if image is None or project is None:
            return
        if (self._raw_wanted or self._state.window is not None) and self._raw_task is None:
            path = project.image_path(image.rel)
            self._raw_task = self._context.runner.run(_raw_values, path, on_result=self._on_raw)
        if self._state.local_contrast and self._local_task is None:
            self._local_task = self._context.runner.run(
                with_local_contrast, image.image, on_result=self._on_local, pool="view"
            )
        picture: NDArray[Any] | None = None
        if self._state.local_contrast:
            picture = self._local
        elif self._state.window is not None:
            picture = self.raw
        self.picture_changed.emit(picture)

    def _on_raw(self, found: tuple[NDArray[np.uint16], tuple[float, float]] | None) -> None:
        image = self._context.session.image
        if found is None or image is None or found[0].shape[:2] != image.image.shape[:2]:
            return
        self.raw, self._state.automatic = found
        self._show()

    def _on_local(self, picture: NDArray[np.uint8]) -> None:
        self._local = picture
        self._show()


def _raw_values(path: Path) -> tuple[NDArray[np.uint16], tuple[float, float]] | None:
    """Return the 16-bit values of an image, and which of them are black and white for the model."""
    raw = read_raw(path)
    return None if raw is None else (raw, window_of(raw))
