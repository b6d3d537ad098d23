"""A list model with a bounded memory of small pictures."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QAbstractListModel, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

# At twice the size of a row's picture (112 × 112 px, 4 bytes) this is 50 MB at most.
CACHE_SIZE: Final = 1000
# More than a screen of rows: what was scrolled past may be asked for again.
WAITING_SIZE: Final = 256


class ThumbnailListModel(QAbstractListModel):
    """Keeps the pictures used last and asks for those that are missing.

    Signals:
        thumbnail_wanted(rel): A picture is to be shown and is not there; sent once until it comes.
    """

    thumbnail_wanted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: OrderedDict[str, QImage] = OrderedDict()
        self._waiting: OrderedDict[str, None] = OrderedDict()

    def thumbnail(self, rel: str) -> QImage | None:
        """Return an image's picture, or ask for it and return None."""
        picture = self._pictures.get(rel)
        if picture is not None:
            self._pictures.move_to_end(rel)
        elif rel not in self._waiting:
            self._waiting[rel] = None
            if len(self._waiting) > WAITING_SIZE:
                self._waiting.popitem(last=False)
            self.thumbnail_wanted.emit(rel)
        return picture

    def set_thumbnail(self, rel: str, picture: QImage) -> None:
        """Keep a picture, and forget the one that was not shown for longest."""
        self._waiting.pop(rel, None)
        self._pictures[rel] = picture
        self._pictures.move_to_end(rel)
        if len(self._pictures) > CACHE_SIZE:
            self._pictures.popitem(last=False)
        self.repaint_rows(rel)

    def drop_thumbnail(self, rel: str) -> None:
        """Forget a picture that is no longer true; the next time it is shown it is asked for again."""
        self._waiting.pop(rel, None)
        self._pictures.pop(rel, None)
        self.repaint_rows(rel)

    def clear_thumbnails(self) -> None:
        """Forget all pictures, and that any were asked for."""
        self._pictures.clear()
        self._waiting.clear()

    def redraw_thumbnails(self) -> None:
        """Forget all pictures, and ask anew for those that are in view."""
        self.clear_thumbnails()
        self.repaint_all()

    def repaint_all(self) -> None:
        """Tell that all rows look different now."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def row_of(self, rel: str) -> int:
        """Return the row that shows an image; -1 if none does."""
        return -1

    def repaint_rows(self, *rels: str) -> None:
        """Tell that the rows of some images look different now, in as few runs of rows as possible."""
        rows = np.array(sorted({self.row_of(rel) for rel in rels} - {-1}), np.intp)
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if rows.size else ():
            self.dataChanged.emit(self.index(int(run[0])), self.index(int(run[-1])))
