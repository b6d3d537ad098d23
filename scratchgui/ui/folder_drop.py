"""Dropping a folder on the window opens it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent
    from PySide6.QtWidgets import QWidget


class FolderDrop(QObject):
    """Lets a widget take a folder, or a file for the folder it lies in.

    Signals:
        hovering(bool): A folder is held over the widget, or no longer.
        dropped(path): A folder was dropped.
    """

    hovering = Signal(bool)
    dropped = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the events of dragging."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            return self._offered(cast("QDropEvent", event))
        if event.type() == QEvent.Type.DragLeave:
            self.hovering.emit(False)
            return True
        return False

    def _offered(self, event: QDropEvent) -> bool:
        folder = folder_of(event.mimeData())
        if not folder:
            return False
        event.acceptProposedAction()
        entering = event.type() == QEvent.Type.DragEnter
        self.hovering.emit(entering)
        if not entering:
            self.dropped.emit(folder)
        return True


def folder_of(data: QMimeData) -> str:
    """Return the folder that is dragged, or that the first dragged file lies in; empty for anything else."""
    for url in data.urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.exists():
            return str(path if path.is_dir() else path.parent)
    return ""
