"""The images of the project as the queue shows them: filtered, searched, sorted; 100,000 rows in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from scratchgui.model.queue_order import FilterKey, QueueOrder, SortKey
from scratchgui.model.thumbnail_model import ThumbnailListModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchgui.core.project import ImageRecord
    from scratchgui.model.queue_order import QueueColumns

__all__ = ["FilterKey", "ImageListModel", "RecordRole", "SortKey", "ThumbnailRole"]

RecordRole: Final = Qt.ItemDataRole.UserRole + 1
ThumbnailRole: Final = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class ImageListModel(ThumbnailListModel):
    """One row an image.

    A changed record does not move: rows are arranged when the list, the filter, the sorting or the search changes,
    and by `resort`. Until then `order_changed(True)` has said that the order is no longer that of the values.

    Attributes:
        records: The project's images in name order (as `scan_images` returns them).
        order: The rule behind the rows.

    Signals:
        counts_changed(): The numbers on the filters may be others now.
        order_changed(stale): The rows were arranged (False), or a record changed that might belong elsewhere (True).
        thumbnail_wanted(rel): A picture is to be shown and is not there; sent once until it comes.
        dates_wanted(): Sorting by date begins; answer with `order.set_dates` and `resort`.
    """

    counts_changed = Signal()
    order_changed = Signal(bool)
    dates_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.records: list[ImageRecord] = []
        self.order = QueueOrder()

    def set_records(self, records: list[ImageRecord], columns: QueueColumns | None = None) -> None:
        """Show another list of images, in name order; pictures of the former list are forgotten.

        Args:
            records: The images.
            columns: Their values; for long lists, make them on another thread.
        """
        self.beginResetModel()
        self.records = records
        self.clear_thumbnails()
        self.order.set_records(records, columns)
        self.endResetModel()
        self.order_changed.emit(False)
        self.counts_changed.emit()

    def row_of(self, rel: str) -> int:
        """Return the row that shows an image; -1 if it is filtered out or unknown."""
        index = self.order.columns.index.get(rel, -1)
        return -1 if index < 0 else int(self.order.position[index])

    def record(self, row: int) -> ImageRecord:
        """Return the image in a row."""
        return self.records[int(self.order.rows[row])]

    def record_of(self, rel: str) -> ImageRecord | None:
        """Return an image's record, shown or not; None if it is unknown."""
        index = self.order.columns.index.get(rel)
        return None if index is None else self.records[index]

    def update(self, rels: str | Iterable[str]) -> None:
        """Read changed records again and repaint their rows; the rows stay where they are."""
        names = (rels,) if isinstance(rels, str) else rels
        columns = self.order.columns
        known = [name for name in names if name in columns.index]
        for name in known:
            columns.read(columns.index[name], self.records[columns.index[name]])
        self.repaint_rows(*known)
        if known:
            self.counts_changed.emit()
            self.order_changed.emit(True)

    def set_filter(self, key: FilterKey) -> None:
        """Show only some of the images."""
        self.order.filter = key
        self.resort()

    def set_sort(self, key: SortKey) -> None:
        """Sort by something else."""
        self.order.sort = key
        self.resort()
        if key is SortKey.DATE:
            self.dates_wanted.emit()

    def set_search(self, text: str) -> None:
        """Show only images whose name contains `text`, in any case."""
        self.order.search = text
        self.resort()

    def resort(self) -> None:
        """Filter and sort again by what the records say now."""
        self.beginResetModel()
        self.order.arrange()
        self.endResetModel()
        self.order_changed.emit(False)

    def counts(self) -> dict[FilterKey, int]:
        """Return how many images each filter shows."""
        return self.order.counts()

    def next_to_review(self, after: str | None) -> str | None:
        """Return the next shown image that is neither approved nor unreadable, going round; None if there is none."""
        row = self.order.next_to_review(self.row_of(after) if after else -1)
        return None if row is None else self.record(row).rel

    def neighbor(self, rel: str, step: int) -> str | None:
        """Return the image `step` rows further (negative: back); None beyond the ends."""
        row = self.row_of(rel)
        target = row + step
        if row < 0 or not 0 <= target < self.order.rows.size:
            return None
        return self.record(target).rel

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of shown images."""
        return 0 if parent.isValid() else int(self.order.rows.size)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name, the tooltip, the record or the picture of a row."""
        if not index.isValid():
            return None
        record = self.record(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return record.rel
            case Qt.ItemDataRole.ToolTipRole:
                return f"{record.rel}\n{record.failure}" if record.failure else record.rel
        if role == RecordRole:
            return record
        return self.thumbnail(record.rel) if role == ThumbnailRole else None
