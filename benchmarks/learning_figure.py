"""The figure of the learning benchmark: scores and effort against images corrected, a column a data set."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WIDTH, _HEIGHT = 380, 760
_COLORS = {"queue": "#1f6feb", "random": "#d4731a"}
_FULL = "#2a8a4a"
_SCORES = {"dice": "Dice", "region_recall": "defects found"}
_EFFORTS = {"pixels": "pixels corrected, an image", "gestures": "gestures, an image"}


def draw(found: Mapping[tuple[str, str], Any], a_round: int, path: Path) -> None:
    """Draw what was measured into a PNG.

    Args:
        found: Rounds, or scores of a training with all images, by data set and part.
        a_round: Images corrected in a round.
        path: The PNG.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph
    from pyqtgraph.exporters import ImageExporter

    pyqtgraph.setConfigOptions(background="w", foreground="#222", antialias=True)
    pyqtgraph.mkQApp()
    names = list(dict.fromkeys(name for name, _ in found))
    layout = pyqtgraph.GraphicsLayoutWidget(size=(_WIDTH * len(names), _HEIGHT))
    for column, name in enumerate(names):
        full = found.get((name, "full"))
        for row, (key, title) in enumerate(_SCORES.items()):
            plot = _plot(layout, row, column, f"{name}: {title}" if row == 0 else title)
            plot.setYRange(0, 1)
            if full:
                pen = pyqtgraph.mkPen(_FULL, width=1.5, style=pyqtgraph.QtCore.Qt.PenStyle.DashLine)
                plot.addLine(y=full[key], pen=pen)
            for part in _COLORS:
                values = [one["scores"][key] for one in found.get((name, part), [])]
                _line(plot, [a_round * number for number in range(len(values))], values, part)
        for row, (key, title) in enumerate(_EFFORTS.items(), len(_SCORES)):
            plot = _plot(layout, row, column, title)
            for part in _COLORS:
                rounds = found.get((name, part), [])[1:]
                values = [sum(effort[key] for effort in one["efforts"]) / a_round for one in rounds]
                _line(plot, [a_round * number for number in range(1, len(values) + 1)], values, part)
            plot.setLabel("bottom", "images corrected")
    layout.show()
    pyqtgraph.QtWidgets.QApplication.processEvents()
    ImageExporter(layout.scene()).export(str(path))


def _plot(layout: Any, row: int, column: int, title: str) -> Any:
    plot = layout.addPlot(row=row, col=column, title=title)
    plot.showGrid(x=True, y=True, alpha=0.25)
    if row == 0 and column == 0:
        plot.addLegend(offset=(-10, -10))
    return plot


def _line(plot: Any, x: list[int], y: list[float], part: str) -> None:
    import pyqtgraph

    if not x:
        return
    plot.setXRange(0, max(x))
    plot.setLimits(yMin=0)
    color = _COLORS[part]
    pen = pyqtgraph.mkPen(color, width=2)
    plot.plot(x, y, pen=pen, symbol="o", symbolBrush=color, symbolSize=7, name=f"{part} order")
