"""How sensitive the search is: one slider, acting at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from scratchgui.core.cutting import Cutting
from scratchgui.ui import icons, tokens
from scratchgui.ui.docks.cutting_rows import CuttingRows, in_words
from scratchgui.ui.docks.histogram_slider import STEPS, TRACK_INSET, HistogramSlider

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The track begins inside the slider, so that the handle has room at both ends; the track is what has to align.
_SLIDER_SIDE: Final = tokens.GAP_M - TRACK_INSET


class SensitivitySection(QWidget):
    """Slider with the image's probabilities behind it; higher sensitivity is a lower threshold.

    What else there is to set is below it, and hidden until "More" is clicked.

    Signals:
        cutting_changed(Cutting): The user moved the slider, live (0.01 … 0.99), or changed something below it.
        apply_to_all_requested(): All images are to be cut and judged like this.
        more_toggled(bool): The user showed or hid what is below the slider.

    Attributes:
        slider: The sensitivity.
        rows: What else there is to set.
    """

    cutting_changed = Signal(object)
    apply_to_all_requested = Signal()
    more_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = HistogramSlider(self)
        self._value = QLabel(self)
        self._threshold = QLabel(self)
        self._threshold.setProperty("role", "muted")
        self.apply_button = QPushButton("Apply to all", self)
        self.apply_button.setProperty("role", "link")
        self.apply_button.setToolTip("Judge every image of the project like this one")
        self.more_button = QPushButton(self)
        self.more_button.setProperty("role", "link")
        self.more_button.setToolTip("Faint parts, holes, gaps, and the smallest defect")
        self.rows = CuttingRows(self)
        self._cutting = self._applied = Cutting()
        self._build()
        self.slider.valueChanged.connect(self._moved)
        self.apply_button.clicked.connect(self._apply_to_all)
        self.more_button.clicked.connect(self._toggle_more)
        self.rows.changed.connect(self._change)
        self.set_default(0.5)
        self.set_cutting(Cutting())
        self.show_more(False)

    def _build(self) -> None:
        values = QHBoxLayout()
        values.addWidget(self._value)
        values.addStretch()
        values.addWidget(self._threshold)
        ends = QHBoxLayout()
        for text in ("Fewer defects", "More defects"):
            label = QLabel(text, self)
            label.setProperty("role", "caption")
            ends.addWidget(label)
            ends.addStretch()
        ends.takeAt(ends.count() - 1)
        ends.insertWidget(2, self.apply_button)
        ends.insertStretch(3)
        for line in (values, ends):
            line.setContentsMargins(tokens.GAP_M - _SLIDER_SIDE, 0, tokens.GAP_M - _SLIDER_SIDE, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SLIDER_SIDE, 0, _SLIDER_SIDE, tokens.GAP_M)
        layout.setSpacing(tokens.GAP_XS)
        layout.addLayout(values)
        layout.addWidget(self.slider)
        layout.addLayout(ends)
        more = QVBoxLayout()
        more.setContentsMargins(tokens.GAP_M - _SLIDER_SIDE, tokens.GAP_XS, tokens.GAP_M - _SLIDER_SIDE, 0)
        more.setSpacing(tokens.GAP_S)
        more.addWidget(self.more_button, alignment=Qt.AlignmentFlag.AlignLeft)
        more.addWidget(self.rows)
        layout.addLayout(more)

    def set_cutting(self, cutting: Cutting) -> None:
        """Show how defects are cut out without telling that it changed."""
        self._cutting = cutting
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(_sensitivity(cutting.threshold))
        self.slider.blockSignals(blocked)
        self.slider.update()
        self.rows.show_cutting(cutting)
        self._value.setText(f"{_sensitivity(cutting.threshold)}%")
        self._threshold.setText(f"threshold {cutting.threshold:.2f}")
        self._show_what_is_on()

    def set_applied(self, cutting: Cutting) -> None:
        """Take how all images were cut: there, nothing is left to apply."""
        self._applied = cutting
        self._show_what_is_on()

    def show_more(self, shown: bool) -> None:
        """Show or hide what is below the slider."""
        self.rows.setVisible(shown)
        self.more_button.setIcon(icons.icon("chevron-down" if shown else "chevron-right", "accent"))
        self._show_what_is_on()

    def set_default(self, threshold: float) -> None:
        """Mark the threshold that the model recommends."""
        self.slider.set_default(_sensitivity(threshold))

    def set_histogram(self, counts: NDArray[np.int64] | None) -> None:
        """Show the image's probabilities, (256,) counts with index 255 = probability 1; None without a prediction."""
        self.slider.set_histogram(counts)

    def _moved(self, value: int) -> None:
        self._change(replace(self._cutting, threshold=(STEPS - value) / STEPS))

    def _change(self, cutting: Cutting) -> None:
        self.set_cutting(cutting)
        self.cutting_changed.emit(cutting)

    def _toggle_more(self) -> None:
        shown = self.rows.isHidden()
        self.show_more(shown)
        self.more_toggled.emit(shown)

    def _show_what_is_on(self) -> None:
        words = in_words(self._cutting) if self.rows.isHidden() else ""
        self.more_button.setText(f"More: {words}" if words else "More")
        steps = [
            replace(cutting, threshold=_sensitivity(cutting.threshold)) for cutting in (self._cutting, self._applied)
        ]
        self.apply_button.setEnabled(steps[0] != steps[1])

    def _apply_to_all(self) -> None:
        self.set_applied(self._cutting)
        self.apply_to_all_requested.emit()


def _sensitivity(threshold: float) -> int:
    return round((1 - threshold) * STEPS)
