"""The scores of two models side by side, each with the range that it lies in with 95% certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import horizontal_line, label

if TYPE_CHECKING:
    from scratchgui.core.comparison import Comparison


class Metric(NamedTuple):
    """How a score is shown: its name, what it is, its form, and why it may be undefined."""

    name: str
    meaning: str
    form: str
    undefined: str


_NO_DEFECT: Final = "Undefined: no validation image has a defect."
_BOTH: Final = "Undefined: it needs validation images with a defect and clean ones."
_METRICS: Final = {
    "mark": Metric("Mark", "Dice where there is a defect; on clean images 1 for silence, 0 for a false alarm. Decides.",
                   ".2f", "Undefined: there is no validation image."),
    "dice": Metric("Dice", "How well marked pixels agree with the approved ones, on images with a defect.",
                   ".2f", _NO_DEFECT),
    "false_alarm_rate": Metric("False alarms", "Share of clean images on which something is marked; less is better.",
                               ".0%", "Undefined: no validation image is clean."),
    "region_recall": Metric("Defects found", "Share of approved defects that are marked.", ".0%", _NO_DEFECT),
    "region_precision": Metric("Right marks", "Share of marked regions that are defects.",
                               ".0%", "Undefined: nothing is marked."),
    "iou": Metric("IoU", "Common pixels over all marked ones, on images with a defect.", ".2f", _NO_DEFECT),
    "aupro": Metric("AUPRO", "How well regions are found over all sensitivities.", ".2f", _BOTH),
    "auroc": Metric("AUROC", "How well images with a defect are told from clean ones.", ".2f", _BOTH),
}  # fmt: skip
_UNKNOWN: Final = Metric("", "", ".2f", "Undefined on these images.")


def metric_of(key: str) -> Metric:
    """Return how a score is shown; one that this version does not know is shown under its key."""
    return _METRICS.get(key, _UNKNOWN._replace(name=key))


class ScoreTable(QFrame):
    """One row a score. The better value of a row is in semibold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(tokens.GAP_M, tokens.GAP_S, tokens.GAP_M, tokens.GAP_S)
        self._grid.setHorizontalSpacing(tokens.GAP_L)
        self._grid.setVerticalSpacing(tokens.GAP_XS)
        self._grid.setColumnStretch(0, 1)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the scores of both models."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, model in ((1, comparison.champion), (3, comparison.challenger)):
            self._grid.addWidget(
                label(model.name, "caption", parent=self), 0, column, 1, 2, Qt.AlignmentFlag.AlignRight
            )
        self._grid.addWidget(horizontal_line(self), 1, 0, 1, 5)
        shown = {metric.name: metric for metric in comparison.metrics}
        for row, key in enumerate([*(key for key in _METRICS if key in shown), *(shown.keys() - _METRICS)], 2):
            metric, look = shown[key], metric_of(key)
            title = label(look.name, parent=self)
            title.setToolTip(look.meaning)
            self._grid.addWidget(title, row, 0)
            sides = ((metric.champion, metric.champion_interval), (metric.challenger, metric.challenger_interval))
            best = _best([value for value, _ in sides], less=key == "false_alarm_rate")
            for side, (value, interval) in enumerate(sides):
                number = self._number(look, value, is_best=value is not None and value == best)
                self._grid.addWidget(number, row, 1 + 2 * side, Qt.AlignmentFlag.AlignRight)
                between = label(_range(look, interval), "caption", parent=self)
                between.setToolTip("Lies between these with 95% certainty" if interval else "")
                self._grid.addWidget(between, row, 2 + 2 * side, Qt.AlignmentFlag.AlignRight)

    def _number(self, look: Metric, value: float | None, *, is_best: bool) -> QLabel:
        number = label("–" if value is None else f"{value:{look.form}}", "strong" if is_best else "", parent=self)
        number.setToolTip(look.undefined if value is None else look.meaning)
        number.setAccessibleName(f"{look.name}: {number.text() if value is not None else look.undefined}")
        return number


def _best(values: list[float | None], *, less: bool) -> float | None:
    """Return the better one of two values; None where they are the same or one is not there."""
    known = [value for value in values if value is not None]
    if len(known) < len(values) or len(set(known)) == 1:
        return None
    return min(known) if less else max(known)


def _range(look: Metric, interval: tuple[float, float] | None) -> str:
    return f"{interval[0]:{look.form}} … {interval[1]:{look.form}}" if interval else ""
