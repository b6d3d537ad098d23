"""The defects of the current image as a list model; thousands of rows cost nothing until they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scratchgui.core.regions import Region

RegionRole: Final = Qt.ItemDataRole.UserRole + 1
ClassRole: Final = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class DefectModel(QAbstractListModel):
    """One row a defect, in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._regions: list[Region] = []
        self._names: Mapping[int, str] = {}

    def set_regions(self, regions: Sequence[Region]) -> None:
        """Show other defects."""
        self.beginResetModel()
        self._regions = list(regions)
        self.endResetModel()

    def set_class_names(self, names: Mapping[int, str]) -> None:
        """Tell of each defect what its class is called, by label; of none where there are no names."""
        self._names = names
        if self._regions:
            self.dataChanged.emit(self.index(0), self.index(len(self._regions) - 1))

    def row_of(self, number: int) -> int:
        """Return the row of a defect's number, -1 if there is none."""
        return next((row for row, region in enumerate(self._regions) if region.number == number), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of defects."""
        return 0 if parent.isValid() else len(self._regions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a defect, the name of its class (empty where classes are not told), or its line as text."""
        if not index.isValid():
            return None
        region = self._regions[index.row()]
        if role == RegionRole:
            return region
        name = self._names.get(region.label, f"class {region.label}") if self._names else ""
        if role == ClassRole:
            return name
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            told = (size_text(region), area_text(region), probability_text(region))
            return f"{region.number}: " + ", ".join((name, *told) if name else told)
        return None


def size_text(region: Region) -> str:
    """Return "128 × 6 px", width by height."""
    return f"{region.box.width:,} × {region.box.height:,} px"


def area_text(region: Region) -> str:
    """Return "412 px²"."""
    return f"{region.area:,} px²"


def probability_text(region: Region) -> str:
    """Return "97%"; a dash where there is no prediction."""
    return "–" if region.max_probability is None else f"{region.max_probability:.0%}"
