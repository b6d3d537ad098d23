"""Parts of the training window: a plot with its legend, the facts, and the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scratchgui.ui.widgets.plot import Plot

_STROKE: Final = 14
_EXAMPLES: Final = 4
_SMALLEST: Final = 120


class PlotCard(QFrame):
    """A plot under its heading, with what its lines are and their last values.

    Attributes:
        values: Labels of the legend by series.
    """

    def __init__(self, head: str, plot: Plot, legend: Mapping[str, str], parent: QWidget | None = None) -> None:
        """Show a plot; `legend` gives each series of it its name."""
        super().__init__(parent)
        self.setProperty("role", "card")
        self.values: dict[str, QLabel] = {}
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP_XS)
        line.addWidget(label(head, "head", parent=self))
        line.addStretch()
        for key, text in legend.items():
            stroke = IconLabel(_STROKE, self)
            stroke.set_icon("minus", plot.series[key].token)
            self.values[key] = label(text, "muted", parent=self)
            line.addSpacing(tokens.GAP_S)
            line.addWidget(stroke)
            line.addWidget(self.values[key])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, tokens.GAP_S, tokens.GAP_M, tokens.GAP_S)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(line)
        layout.addWidget(plot, 1)


class Facts(QFrame):
    """Names over numbers, side by side.

    Attributes:
        numbers: The labels with the numbers, by name.
    """

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.GAP_L)
        grid.setVerticalSpacing(0)
        for column, name in enumerate(names):
            number = label("–", parent=self)
            number.setAccessibleName(name)
            self.numbers[name] = number
            grid.addWidget(label(name, "caption", parent=self), 0, column)
            grid.addWidget(number, 1, column)
            grid.setColumnStretch(column, 1)

    def show_facts(self, facts: Mapping[str, str]) -> None:
        """Show numbers by their names; those that are not given are not known."""
        for name, number in self.numbers.items():
            text = facts.get(name, "–")
            number.setText(text)
            number.setAccessibleName(f"{name}: {text}")


class Picture(QLabel):
    """A picture as large as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_SMALLEST // 2, _SMALLEST)
        self._picture = QPixmap()

    def set_picture(self, picture: QPixmap) -> None:
        """Show a picture; a null one for none."""
        self._picture = picture
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the smallest size in which something can be seen."""
        return QSize(_SMALLEST, _SMALLEST)

    def resizeEvent(self, event: object) -> None:
        """Fit the picture into the new size."""
        self._fit()

    def _fit(self) -> None:
        if self._picture.isNull():
            self.clear()
            return
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        fitted = self._picture.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(fitted)


class ExampleStrip(QFrame):
    """Four pictures of what the model marks now, beside what is true."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.pictures = [Picture(self) for _ in range(_EXAMPLES)]
        self._empty = label("They come with the first check on the validation images.", "muted", parent=self)
        self._shown: list[Path] = []
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP_XS)
        line.addWidget(label("What it finds in images that it does not learn from", "head", parent=self))
        line.addStretch()
        for color, text in ((tokens.APPROVED_OUTLINE, "approved"), (tokens.FOUND_OUTLINE, "found by the new model")):
            stroke = IconLabel(_STROKE, self)
            stroke.set_icon("minus", color)
            line.addSpacing(tokens.GAP_S)
            line.addWidget(stroke)
            line.addWidget(label(text, "muted", parent=self))
        pictures = QHBoxLayout()
        pictures.setSpacing(tokens.GAP_S)
        for number, picture in enumerate(self.pictures, 1):
            picture.setAccessibleName(f"Example {number}: outlines of what was approved, and of what the model finds")
            pictures.addWidget(picture, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, tokens.GAP_S, tokens.GAP_M, tokens.GAP_M)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(line)
        layout.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignCenter)
        layout.addLayout(pictures, 1)
        self.show_examples([])

    def show_examples(self, files: list[Path]) -> None:
        """Show pictures; a file that is gone leaves the picture of before."""
        self._empty.setVisible(not files)
        for number, picture in enumerate(self.pictures):
            picture.setVisible(number < len(files))
        if files == self._shown:
            return
        self._shown = list(files)
        for picture, file in zip(self.pictures, files, strict=False):
            found = QPixmap(str(file))
            if not found.isNull():
                picture.set_picture(found)
