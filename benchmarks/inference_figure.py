"""The figure of the inference benchmark: images a second, and seconds a megapixel, against the size of the image."""

from __future__ import annotations

import os
from math import log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_COLORS = {"f32": "#1f6feb", "bf16": "#d4731a", "int8": "#2a8a4a"}
_SIZE = (1100, 420)
_TICKS = (1, 2, 4, 8, 16, 24, 50, 100)


def draw(curve: dict[str, dict[int, float]], path: Path) -> None:
    """Draw seconds an image, by precision and megapixels, as two plots into a PNG."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph
    from pyqtgraph.exporters import ImageExporter

    pyqtgraph.setConfigOptions(background="w", foreground="#222", antialias=True)
    pyqtgraph.mkQApp()
    layout = pyqtgraph.GraphicsLayoutWidget(size=_SIZE)
    rate = layout.addPlot(title="Images a second")
    cost = layout.addPlot(title="Seconds a megapixel")
    for plot in (rate, cost):
        plot.setLabel("bottom", "size of the image (megapixels)")
        plot.setLogMode(x=True, y=plot is rate)
        plot.showGrid(x=True, y=True, alpha=0.25)
        plot.getAxis("bottom").setTicks([[(log10(size), str(size)) for size in _TICKS]])
        plot.addLegend(offset=(-10, 10))
    for kind, seconds in curve.items():
        sizes = sorted(seconds)
        style = {
            "pen": pyqtgraph.mkPen(_COLORS[kind], width=2),
            "symbol": "o",
            "symbolBrush": _COLORS[kind],
            "symbolSize": 8,
            "name": kind,
        }
        rate.plot(sizes, [1 / seconds[size] for size in sizes], **style)
        cost.plot(sizes, [seconds[size] / size for size in sizes], **style)
    cost.setYRange(0, max(value / size for seconds in curve.values() for size, value in seconds.items()) * 1.15)
    layout.show()
    pyqtgraph.QtWidgets.QApplication.processEvents()
    ImageExporter(layout.scene()).export(str(path))
