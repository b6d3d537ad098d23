"""Recent projects on the start page and in the top bar, with a picture each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.core.errors import ImageReadError
from scratchgui.core.images import is_image_name
from scratchgui.workers.thumbnails import read_picture

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from scratchgui.app.workbench import Workbench


class RecentProjects(QObject):
    """Reads what is to be shown of each in the background: a folder may lie on a slow share."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        bench.session.project_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the list of now."""
        paths = list(self._bench.store.value.recent)
        self._bench.window.top_bar.set_recent([(Path(path).name, path) for path in paths])
        self._bench.runner.run(_describe_all, paths, on_result=self._bench.window.start_page.set_recent, owner=self)


def _describe_all(paths: list[str]) -> list[tuple[str, str, QImage | None, str]]:
    return [_describe(Path(path)) for path in paths if Path(path).is_dir()]


def _describe(folder: Path) -> tuple[str, str, QImage | None, str]:
    first = _first_image(folder)
    try:
        picture = read_picture(first) if first is not None else None
    except ImageReadError:
        picture = None
    return folder.name, str(folder), picture, str(folder.parent)


def _first_image(folder: Path) -> Path | None:
    """Return the first image in a folder, or in the first subfolder that has one."""
    try:
        names = sorted(folder.iterdir())
    except OSError:
        return None
    found = next((path for path in names if is_image_name(path.name)), None)
    if found is not None:
        return found
    inside = (_first_image(path) for path in names if path.is_dir() and not path.name.startswith("."))
    return next((path for path in inside if path is not None), None)
