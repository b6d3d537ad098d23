"""How the image is shown: brightness, contrast, gamma, local contrast and the window of 16-bit images."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scratchgui.model.view_state import DEEPEST
from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import horizontal_line, icon_button, label
from scratchgui.ui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

    from scratchgui.core.tone import Tone
    from scratchgui.model.view_state import ViewState, Window

_WIDTH: Final = 320
_GAMMA_STEPS: Final = 100
"""Steps of the slider for a doubling of gamma."""
_GAMMA_END: Final = 230


class DisplayPanel(QFrame):
    """A small panel that stays open while the image is worked on; everything acts live.

    Signals:
        shown_changed(bool): It was opened or closed.
    """

    shown_changed = Signal(bool)

    def __init__(self, view: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setFixedWidth(_WIDTH)
        self._view = view
        self._automatic: tuple[int, int] = (0, DEEPEST)
        self._anchor: QWidget | None = None
        self.brightness = SliderRow("Brightness", -100, 100, _signed, self)
        self.contrast = SliderRow("Contrast", -100, 100, _signed, self)
        self.gamma = SliderRow("Gamma", -_GAMMA_END, _GAMMA_END, lambda step: f"{_gamma(step):.2f}", self)
        self.low = SliderRow("Black", 0, DEEPEST, "{:,}".format, self)
        self.high = SliderRow("White", 0, DEEPEST, "{:,}".format, self)
        self.local_contrast = QCheckBox("Local contrast", self)
        self.local_contrast.setToolTip("Stretch the contrast part by part, so that faint scratches stand out")
        self.automatic = QPushButton("Automatic", self)
        self.reset = QPushButton("Reset", self)
        self._deep = QWidget(self)
        self._build()
        self._connect()
        self.set_window_known(view.automatic)
        self.hide()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Display", "head", parent=self))
        head.addStretch()
        self.reset.setProperty("role", "link")
        head.addWidget(self.reset)
        close = icon_button("close", "Close", size=22, parent=self)
        close.clicked.connect(self.hide)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, tokens.GAP_S, tokens.GAP_M, tokens.GAP_M)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(head)
        layout.addLayout(_grid(self.brightness, self.contrast, self.gamma))
        layout.addWidget(self.local_contrast)
        layout.addWidget(self._deep)
        layout.addWidget(horizontal_line(self))
        layout.addWidget(
            label("Only the view changes; the model sees the original.", "caption", wrap=True, parent=self)
        )
        deep = QVBoxLayout(self._deep)
        deep.setContentsMargins(0, 0, 0, 0)
        deep.setSpacing(tokens.GAP_S)
        deep.addWidget(horizontal_line(self._deep))
        line = QHBoxLayout()
        line.addWidget(label("16-bit values shown", "muted", parent=self._deep))
        line.addStretch()
        self.automatic.setProperty("role", "link")
        self.automatic.setToolTip("Show the values as the model gets them, from the 0.1 to the 99.9 percentile")
        line.addWidget(self.automatic)
        deep.addLayout(line)
        deep.addLayout(_grid(self.low, self.high))

    def _connect(self) -> None:
        view = self._view
        self.brightness.moved.connect(lambda value: view.set_tone(brightness=value))
        self.contrast.moved.connect(lambda value: view.set_tone(contrast=value))
        self.gamma.moved.connect(lambda step: view.set_tone(gamma=_gamma(step)))
        self.low.moved.connect(lambda value: setattr(view, "window", (value, max(value + 1, self.high.value()))))
        self.high.moved.connect(lambda value: setattr(view, "window", (min(value - 1, self.low.value()), value)))
        self.local_contrast.toggled.connect(lambda on: setattr(view, "local_contrast", on))
        self.automatic.clicked.connect(lambda: setattr(view, "window", None))
        self.reset.clicked.connect(view.reset_tone)
        view.tone_changed.connect(self._show_tone)
        view.local_contrast_changed.connect(self._show_local)
        view.window_changed.connect(self._show_window)
        view.automatic_changed.connect(self.set_window_known)
        self._show_tone(view.tone)
        self._show_local(view.local_contrast)

    def open_over(self, anchor: QWidget) -> None:
        """Open above a bar, in the widget that holds the bar, and follow the bar."""
        holder = anchor.parentWidget()
        if holder is not None and self.parentWidget() is not holder:
            self.setParent(holder)
            anchor.installEventFilter(self)
        self._anchor = anchor
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def set_window_known(self, automatic: tuple[float, float] | None) -> None:
        """Offer the window of a 16-bit image, of which this one is the automatic one; None for 8 bits."""
        self._deep.setVisible(automatic is not None)
        if automatic is not None:
            self._automatic = (round(automatic[0]), round(automatic[1]))
        self._show_window(self._view.window)
        self.adjustSize()
        self._place()

    def _show_tone(self, tone: Tone) -> None:
        self.brightness.show_value(tone.brightness)
        self.contrast.show_value(tone.contrast)
        self.gamma.show_value(round(log2(tone.gamma) * _GAMMA_STEPS))
        self._show_reset()

    def _show_local(self, on: bool) -> None:
        self.local_contrast.setChecked(on)
        self._deep.setEnabled(not on)
        self._deep.setToolTip("Local contrast chooses black and white by itself" if on else "")
        self._show_reset()

    def _show_window(self, window: Window) -> None:
        low, high = window or self._automatic
        self._limit(low, high)
        self.low.show_value(low)
        self.high.show_value(high)
        self.automatic.setEnabled(window is not None)
        self._show_reset()

    def _limit(self, low: int, high: int) -> None:
        """Let the sliders reach beyond the values by their span at both sides, so that they are not too coarse."""
        first, last = self._automatic
        least, most = max(0, min(low, 2 * first - last)), min(DEEPEST, max(high, 2 * last - first))
        for row in (self.low, self.high):
            row.set_range(least, most)

    def _show_reset(self) -> None:
        self.reset.setEnabled(not self._view.is_neutral)

    def _place(self) -> None:
        if self._anchor is not None:
            place = self._anchor.geometry()
            self.move(max(0, place.right() + 1 - self.width()), max(0, place.top() - tokens.GAP_S - self.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay above the bar, and go with it."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is open."""
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is closed."""
        self.shown_changed.emit(False)


def _signed(value: int) -> str:
    return f"{value:+d}" if value else "0"


def _gamma(step: int) -> float:
    return float(2 ** (step / _GAMMA_STEPS))


def _grid(*rows: SliderRow) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(tokens.GAP_S)
    grid.setVerticalSpacing(tokens.GAP_XS)
    for index, row in enumerate(rows):
        grid.addWidget(row.name, index, 0)
        grid.addWidget(row.slider, index, 1)
        grid.addWidget(row.number, index, 2)
    grid.setColumnStretch(1, 1)
    return grid
