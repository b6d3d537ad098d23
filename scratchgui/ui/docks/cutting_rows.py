"""What is made of the pixels that count: faint parts, holes, gaps and small defects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QWidget

from scratchgui.core.cutting import Cutting
from scratchgui.ui import tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


@dataclass(frozen=True, slots=True)
class _Row:
    """One number of a `Cutting`, with 0 for off."""

    name: str
    text: str
    tooltip: str
    highest: float
    unit: str = ""
    step: float = 1
    decimals: int = 0


_ROWS: Final = (
    _Row(
        "low_threshold",
        "Faint parts from",
        "Follow a defect where it gets fainter, down to this probability.\n"
        "Faint pixels by themselves are still no defect. Off: only what reaches the threshold counts.",
        highest=0.98,
        step=0.05,
        decimals=2,
    ),
    _Row(
        "largest_hole",
        "Fill holes up to",
        "Fill holes inside a defect up to this area (px²). Off: holes stay.",
        highest=1_000_000,
        unit=" px²",
        step=5,
    ),
    _Row(
        "longest_gap",
        "Close gaps up to",
        "Join pieces of a scratch that go on in the same direction, across gaps up to this length (px).\n"
        "Off: each piece is a defect of its own.",
        highest=500,
        unit=" px",
        step=2,
    ),
    _Row(
        "min_area",
        "Smallest defect",
        "Leave out defects that are smaller than this area (px²), after gaps were closed and holes filled.\n"
        "Off: a single pixel is a defect.",
        highest=1_000_000,
        unit=" px²",
    ),
)


class CuttingRows(QWidget):
    """Fields for all of a `Cutting` but its threshold; each acts at once.

    Signals:
        changed(Cutting): The user changed one of them.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cutting = Cutting()
        self.fields: dict[str, QDoubleSpinBox] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(tokens.GAP_S)
        layout.setVerticalSpacing(tokens.GAP_XS)
        layout.setColumnStretch(0, 1)
        for place, row in enumerate(_ROWS):
            name, field = QLabel(row.text, self), _field(row, self)
            name.setToolTip(row.tooltip)
            name.setBuddy(field)
            layout.addWidget(name, place, 0)
            layout.addWidget(field, place, 1)
            field.valueChanged.connect(partial(self._set, row))
            self.fields[row.name] = field

    def show_cutting(self, cutting: Cutting) -> None:
        """Show how defects are cut out without telling that it changed."""
        self._cutting = cutting
        for name, field in self.fields.items():
            blocked = field.blockSignals(True)
            field.setValue(getattr(cutting, name) or 0)
            field.blockSignals(blocked)
        low = cutting.low_threshold
        self.fields["low_threshold"].setSuffix(" (no effect)" if low and low >= cutting.threshold else "")

    def _set(self, row: _Row, value: float) -> None:
        number = round(value, row.decimals) if row.decimals else int(value)
        change: dict[str, Any] = {row.name: (number or None) if row.name == "low_threshold" else number}
        self.show_cutting(replace(self._cutting, **change))
        self.changed.emit(self._cutting)


def in_words(cutting: Cutting) -> str:
    """Return what is on beyond threshold and smallest defect, in a few words; empty for nothing."""
    words = {
        "faint parts": cutting.low_threshold is not None and cutting.low_threshold < cutting.threshold,
        "holes": cutting.largest_hole > 0,
        "gaps": cutting.longest_gap > 0,
    }
    return ", ".join(word for word, on in words.items() if on)


def _field(row: _Row, parent: QWidget) -> QDoubleSpinBox:
    field = _Field(parent)
    field.setDecimals(row.decimals)
    field.setRange(0, row.highest)
    field.setSingleStep(row.step)
    field.setSuffix(row.unit)
    field.setGroupSeparatorShown(True)
    field.setSpecialValueText("Off")
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setKeyboardTracking(False)  # of "120" neither 1 nor 12 is meant
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.setAccessibleName(row.text)
    field.setToolTip(row.tooltip)
    return field


class _Field(QDoubleSpinBox):
    """A number that the wheel changes only while it has the focus: the panel around it is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless this has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
