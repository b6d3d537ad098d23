"""From choosing an image to its pixels: what the canvas shows meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench

_PATIENCE_MS = 200
"""For so long the image before stays on the screen: most images are there sooner, and nothing flickers."""


class Opening(QObject):
    """Shows the coarse picture of the image that is being read, or says that it is being read."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._say)
        bench.session.current_changed.connect(self._begin)
        bench.session.preview_changed.connect(self._show_preview)
        bench.session.image_changed.connect(self._patience.stop)
        bench.session.project_changed.connect(self._patience.stop)

    def _begin(self) -> None:
        # The image before is still to be seen, but what would be painted now would not be saved with it.
        self._bench.canvas.freeze()
        self._patience.start()

    def _say(self) -> None:
        canvas = self._bench.canvas
        canvas.set_image(None)
        canvas.set_message(f"Opening {self._bench.session.current}…")

    def _show_preview(self) -> None:
        self._patience.stop()
        canvas, preview = self._bench.canvas, self._bench.session.preview
        if preview is not None:
            canvas.set_message("")
            canvas.set_preview(preview.pixels, preview.width, preview.height)
