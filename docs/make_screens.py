"""Takes the pictures of the documents from the real window: `python docs/make_screens.py [FOLDER OF IMAGES]`.

Without a folder everything shows the sample project. Pictures of other images need their license's consent.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from desk import open_window, wait_for
from tool_scenes import take_tools

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from scratchgui.app.workbench import Workbench

_SIZE = (1440, 900)


class Album:
    """Grabs the window into files."""

    def __init__(self, bench: Workbench, folder: Path) -> None:
        self._bench = bench
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        bench.window.resize(*_SIZE)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save the window, or a dialog, as a picture."""
        settle()
        self._save(name, (widget or self._bench.window).grab())

    def take_canvas(self, name: str) -> None:
        """Save what lies below the top bar."""
        settle()
        window = self._bench.window
        top = self._bench.canvas_area.mapTo(window, window.rect().topLeft()).y()
        self._save(name, window.grab(window.rect().adjusted(0, top, 0, 0)))

    def _save(self, name: str, picture: QPixmap) -> None:
        """Save a picture in 256 colors, which is enough for gray images and a third of the size.

        The colors are brought near those of the picture, so that neutral grays stay neutral.
        """
        from PIL import Image

        file = self._folder / f"{name}.png"
        picture.save(str(file))
        with Image.open(file) as opened:
            small = opened.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=8, dither=Image.Dither.NONE)
        small.save(file, optimize=True)


def settle(seconds: float = 0.4) -> None:
    """Let everything that is on its way arrive."""
    import time

    end = time.perf_counter() + seconds
    wait_for(lambda: time.perf_counter() > end)


def is_judged(bench: Workbench) -> bool:
    """Tell whether the current image has its verdict."""
    reading = bench.judging.reading
    return bool(bench.session.image and bench.session.image.prediction and reading and reading.judgement)


def choose_with_defects(bench: Workbench) -> None:
    """Go to the image whose defects show the program best: a few, of good size."""
    wait_for(lambda: not bench.inference_service.is_running)
    records = [item for item in bench.session.images.records if item.defects and item.status.value == "new"]
    if records:
        bench.viewing.choose(min(records, key=lambda item: abs((item.defects or 0) - 3)).rel)
    wait_for(lambda: is_judged(bench))


def paint(bench: Workbench) -> None:
    """Paint a stroke with the mouse, as the inspector does."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    canvas = bench.canvas
    start = canvas.rect().center() - QPoint(140, 30)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in range(20):
        QTest.mouseMove(canvas, start + QPoint(14 * step, 3 * step))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(280, 60))


def take_all(bench: Workbench, album: Album, folder: Path | None) -> None:
    """Walk through the program and take a picture at each place."""
    from scratchgui.ui import theme

    actions = bench.actions
    album.take("start")
    open_project: Callable[[], None] = (lambda: bench.project.open(folder)) if folder else bench.project.open_sample
    open_project()
    wait_for(lambda: is_judged(bench))
    choose_with_defects(bench)
    album.take("main_window")
    actions.action("theme_toggle").trigger()
    album.take("main_window_light")
    actions.action("theme_toggle").trigger()
    actions.action("heat_map").trigger()
    album.take("heat_map")
    actions.action("heat_map").trigger()
    bench.canvas.set_zoom(4.0)
    bench.editor.brush_size = 12
    paint(bench)
    album.take("brush")
    actions.action("fit").trigger()
    bench.notices.error("The mask cannot be saved (No space left on device): parts/img_0012.jpg.png.")
    album.take("error_toast")
    bench.window.toasts.cards[-1].closed.emit()
    take_dialogs(bench, album)
    theme.apply_theme(_application(), "dark")


def take_dialogs(bench: Workbench, album: Album) -> None:
    """Take the palette, the keys, the settings and the report dialog."""
    for key, name in (("commands", "palette"), ("keys_sheet", "keys")):
        bench.actions.action(key).trigger()
        album.take(name)
        _close_popup(bench)
    for key, name in (("settings", "settings"), ("export_report", "report_dialog")):
        bench.actions.action(key).trigger()
        settle()
        dialog = next(
            widget
            for widget in _application().topLevelWidgets()
            if widget.isVisible() and widget.isWindow() and widget is not bench.window
        )
        album.take(name, dialog)
        dialog.close()


def take_training(bench: Workbench, album: Album) -> None:
    """Retrain on what the sample project has reviewed."""
    bench.store.update(training_minutes=0.6)
    ended: list[object] = []
    bench.training.swapped.connect(ended.append)
    told: list[object] = []
    bench.training_service.progress.connect(told.append)
    bench.actions.action("retrain").trigger()
    windows = bench.model_windows
    wait_for(lambda: len(told) > 3 or bool(ended))
    album.take("training")
    checked: list[object] = []
    bench.training_service.validated.connect(checked.append)
    bench.inspector.training.running.details_button.click()
    wait_for(lambda: bool(checked) or bool(ended))
    settle(2.0)
    album.take("training_details", windows.training_window)
    wait_for(lambda: bool(ended))
    album.take("training_result")
    bench.inspector.training.result.changes_button.click()
    wait_for(lambda: windows.comparison_window is not None)
    settle(2.0)
    album.take("changes", windows.comparison_window)
    bench.actions.action("models").trigger()
    settle(2.0)
    album.take("models", windows.models_dialog)
    for window in (windows.training_window, windows.comparison_window, windows.models_dialog):
        if window is not None:
            window.close()


def take_variation(bench: Workbench, album: Album) -> None:
    """Take the page of the settings about training images."""
    bench.actions.action("settings").trigger()
    dialog = bench.commands.dialogs.settings_dialog
    assert dialog is not None
    dialog.show_page(2)
    wait_for(dialog.variation.picture.isVisible)
    album.take("variation", dialog)
    dialog.close()


def _close_popup(bench: Workbench) -> None:
    from scratchgui.ui.widgets.overlay import Overlay

    for overlay in bench.window.findChildren(Overlay):
        overlay.hide()


def _application() -> object:
    from PySide6.QtWidgets import QApplication

    return QApplication.instance()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="images to show instead of the sample project")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "screens")
    parser.add_argument("--no-training", action="store_true")
    parser.add_argument("--only-training", action="store_true", help="take only trainings and models")
    parser.add_argument("--only-tools", action="store_true", help="take only the tools in use")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(), open_window() as bench:
        album = Album(bench, options.out)
        if options.only_tools:
            bench.project.open_sample()
            wait_for(lambda: is_judged(bench))
            take_tools(bench, album)
            return
        if options.only_training:
            bench.project.open_sample()
            wait_for(lambda: is_judged(bench))
            choose_with_defects(bench)
            take_variation(bench, album)
            take_training(bench, album)
            return
        take_all(bench, album, options.folder)
        take_variation(bench, album)
        if not options.no_training:
            take_training(bench, album)
        if options.folder is None:
            take_tools(bench, album)


if __name__ == "__main__":
    main()
