"""How sensitive the search is: one slider, acting at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.docks.histogram_slider import STEPS, TRACK_INSET, HistogramSlider

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The track begins inside the slider, so that the handle has room at both ends; the track is what has to align.
_SLIDER_SIDE: Final = tokens.GAP_M - TRACK_INSET


class SensitivitySection(QWidget):
    """Slider with the image's probabilities behind it; higher sensitivity is a lower threshold.

    Signals:
        threshold_changed(threshold): The user moved the slider; live, 0.01 … 0.99.
        apply_to_all_requested(): All images are to be judged at this sensitivity.
    """

    threshold_changed = Signal(float)
    apply_to_all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = HistogramSlider(self)
        self._value = QLabel(self)
        self._threshold = QLabel(self)
        self._threshold.setProperty("role", "muted")
        self.apply_button = QPushButton("Apply to all", self)
        self.apply_button.setProperty("role", "link")
        self.apply_button.setToolTip("Judge every image of the project at this sensitivity")
        self._build()
        self.slider.valueChanged.connect(self._moved)
        self.apply_button.clicked.connect(self._apply_to_all)
        self.set_default(0.5)
        self.set_applied(0.5)
        self.set_threshold(0.5)

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

    def set_threshold(self, threshold: float) -> None:
        """Show a threshold (0 … 1) without telling that it changed."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(_sensitivity(threshold))
        self.slider.blockSignals(blocked)
        self.slider.update()
        self._show(threshold)

    def set_applied(self, threshold: float) -> None:
        """Take the threshold that all images were judged at: there, nothing is left to apply."""
        self._applied = _sensitivity(threshold)
        self.apply_button.setEnabled(self.slider.value() != self._applied)

    def set_default(self, threshold: float) -> None:
        """Mark the threshold that the model recommends."""
        self.slider.set_default(_sensitivity(threshold))

    def set_histogram(self, counts: NDArray[np.int64] | None) -> None:
        """Show the image's probabilities, (256,) counts with index 255 = probability 1; None without a prediction."""
        self.slider.set_histogram(counts)

    def _moved(self, value: int) -> None:
        threshold = (STEPS - value) / STEPS
        self._show(threshold)
        self.threshold_changed.emit(threshold)

    def _show(self, threshold: float) -> None:
        self._value.setText(f"{_sensitivity(threshold)}%")
        self._threshold.setText(f"threshold {threshold:.2f}")
        self.apply_button.setEnabled(_sensitivity(threshold) != self._applied)

    def _apply_to_all(self) -> None:
        self.set_applied((STEPS - self.slider.value()) / STEPS)
        self.apply_to_all_requested.emit()


def _sensitivity(threshold: float) -> int:
    return round((1 - threshold) * STEPS)
