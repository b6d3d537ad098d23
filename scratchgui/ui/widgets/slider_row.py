"""A slider with its name at the left and its value at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from scratchgui.ui.widgets.basics import label

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME_WIDTH: Final = 72
_NUMBER_WIDTH: Final = 48


class SliderRow(QObject):
    """Three widgets for a line of a grid; a double click brings a slider around zero back to zero.

    Signals:
        moved(value): The user moved the slider; live.

    Attributes:
        name: What is set.
        slider: Sets it.
        number: Shows it.
    """

    moved = Signal(int)

    def __init__(self, text: str, low: int, high: int, form: Callable[[int], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self.name = label(text, parent=parent)
        self.name.setFixedWidth(_NAME_WIDTH)
        self.slider = QSlider(Qt.Orientation.Horizontal, parent)
        self.set_range(low, high)
        self.slider.setAccessibleName(text)
        self.number = label("", "muted", parent=parent)
        self.number.setFixedWidth(_NUMBER_WIDTH)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider.valueChanged.connect(self._moved)
        self.slider.installEventFilter(self)
        self.show_value(self.slider.value())

    def value(self) -> int:
        """Return where the slider is."""
        return self.slider.value()

    def set_range(self, low: int, high: int) -> None:
        """Set the lowest and highest value without telling that the value was moved."""
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(low, high)
        self.slider.setPageStep(max(1, (high - low) // 20))
        self.slider.blockSignals(blocked)

    def show_value(self, value: int) -> None:
        """Show a value without telling that it was moved."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(blocked)
        self.number.setText(self._form(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go back to the middle on a double click, where there is one."""
        if event.type() == QEvent.Type.MouseButtonDblClick and self.slider.minimum() < 0:
            self.slider.setValue(0)
            return True
        return False

    def _moved(self, value: int) -> None:
        self.number.setText(self._form(value))
        self.moved.emit(value)
