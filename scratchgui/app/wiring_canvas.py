"""Canvas and status strip: the image, its mask, and what is under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.app.wiring_opening import Opening
from scratchgui.ui import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.app.workbench import Workbench
    from scratchgui.canvas.canvas_widget import CanvasWidget
    from scratchgui.controllers.judging import Reading

_NO_IMAGE = "Choose an image in the list."


class _Surround(QObject):
    """Keeps what is around the image in the theme's gray; ends with its canvas, which a lambda would not."""

    def __init__(self, canvas: CanvasWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        theme.state.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Take the color of the theme in use."""
        self._canvas.set_surround(theme.current().surround)


def connect(bench: Workbench) -> None:
    """Connect the canvas with the session, the judging and the status strip."""
    canvas, session = bench.canvas, bench.session
    session.image_changed.connect(partial(_show_image, bench))
    session.project_changed.connect(partial(_show_image, bench))
    session.prediction_changed.connect(partial(_show_probability, bench))
    bench.viewing.unreadable.connect(canvas.set_message)
    bench.inference.exchanged.connect(bench.loader.forget)
    bench.judging.read.connect(partial(_show_reading, bench))
    bench.judging.ranked_ready.connect(canvas.set_ranked)
    canvas.about_to_edit.connect(bench.correction.prepare_edit)
    bench.display.picture_changed.connect(canvas.shown.show_as)
    bench.previous_model.marked.connect(canvas.set_previous_mask)
    bench.view_bar.display_panel.shown_changed.connect(bench.display.want_raw)
    canvas.zoom_changed.connect(bench.view_bar.set_zoom)
    canvas.cursor_moved.connect(partial(_show_cursor, bench))
    canvas.cursor_left.connect(bench.window.status.clear_cursor_info)
    canvas.hint_changed.connect(bench.window.status.hint.setText)
    bench.window.status.hint.setText(canvas.hint)
    canvas.told.connect(bench.notices.info)
    _Surround(canvas)
    Opening(bench)
    canvas.set_message(_NO_IMAGE)
    _connect_saving(bench)


def _connect_saving(bench: Workbench) -> None:
    status, autosave = bench.window.status, bench.autosave
    autosave.saving.connect(lambda _: status.set_saved("Saving…", "saving"))
    autosave.saved.connect(lambda *_: status.set_saved("Saved") if autosave.is_clean else None)
    autosave.failed.connect(lambda *_: status.set_saved("Not saved; trying again", "error"))
    autosave.failed.connect(lambda _, sentence: bench.notices.error(sentence))


def _show_image(bench: Workbench) -> None:
    canvas, image = bench.canvas, bench.session.image
    bench.canvas_area.set_bars_visible(image is not None)
    if image is None:
        canvas.set_image(None)
        canvas.set_message("" if bench.session.current else _NO_IMAGE)
        return
    canvas.set_message("")
    canvas.set_image(image.image, keep_view=bench.session.preview is not None)
    canvas.set_document(image.document)
    canvas.editable = not image.read_only
    if image.read_only:
        bench.window.status.set_saved("Read-only", "read_only")
    elif bench.autosave.is_clean:
        bench.window.status.set_saved("Saved")


def _show_probability(bench: Workbench) -> None:
    image = bench.session.image
    if image is not None:
        bench.canvas.set_probability(image.prediction.probability if image.prediction else None)


def _show_reading(bench: Workbench, reading: Reading) -> None:
    image = bench.session.image
    if image is None or image.rel != reading.rel:
        return
    outdated = reading.cut_from[1] != bench.editor.cutting
    bench.canvas.set_prediction_mask(reading.predicted_mask, outdated=outdated)
    bench.canvas.set_boxes(reading.regions)


def _show_cursor(bench: Workbench, x: int, y: int) -> None:
    image = bench.session.image
    if image is None:
        bench.window.status.clear_cursor_info()
        return
    raw, mask, classes = bench.display.raw, bench.canvas.shown_mask, bench.editor.classes
    label = 0 if mask is None else int(mask[y, x])
    bench.window.status.set_cursor_info(
        x,
        y,
        _gray(image.image[y, x]),
        image.prediction.probability[:, y, x].max() / 255 if image.prediction else None,
        raw=None if raw is None else _gray(raw[y, x]),
        defect=classes.name(label) if label and classes.several else "",
    )


def _gray(pixel: NDArray[np.uint8] | NDArray[np.uint16]) -> int:
    """Return the gray level of a pixel, a number or RGB (3,)."""
    return int(pixel) if pixel.ndim == 0 else round(float(pixel @ (0.299, 0.587, 0.114)))
