"""Curves and points with axes, drawn by pyqtgraph, which is imported on a thread when the first plot is made.

The import takes 0.9 s and 46 MB (2 cores): no window waits for it, and who never opens a plot does not pay for it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from scratchgui.ui import theme, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor

_SIZE = QSize(320, 200)
_DOT = 8
_GRID_OPACITY = 0.25


class _Library(QObject):
    """pyqtgraph. Signal ``loaded()``: it can be used."""

    loaded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_loaded = False
        self._thread: threading.Thread | None = None

    def load(self) -> None:
        """Import it in the background, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._import, name="plots", daemon=True)
            self._thread.start()

    def _import(self) -> None:
        import_module("pyqtgraph")
        self.is_loaded = True
        self.loaded.emit()


_library = _Library()


@dataclass
class _Series:
    token: str
    width: float
    dots: bool
    dashed: bool
    xs: Sequence[float] = ()
    ys: Sequence[float] = ()
    tips: Sequence[str] = ()
    items: list[Any] = field(default_factory=list)


class Plot(QWidget):
    """Series over one axis; follows the theme. Before the library is there, the place is empty.

    Attributes:
        series: What is shown, by name.
    """

    def __init__(
        self,
        name: str,
        *,
        x: str = "",
        y_range: tuple[float, float] | None = None,
        whole_x: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Prepare a plot.

        Args:
            name: For screen readers.
            x: What the horizontal axis counts.
            y_range: Lowest and highest value; None for those that there are.
            whole_x: The horizontal axis counts whole things from zero.
            parent: The owner.
        """
        super().__init__(parent)
        self.series: dict[str, _Series] = {}
        self._x, self._y_range, self._whole_x = x, y_range, whole_x
        self._view: Any = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(name)
        self.setMinimumHeight(120)
        theme.state.changed.connect(self._draw_anew)
        _library.loaded.connect(self._draw_anew, Qt.ConnectionType.QueuedConnection)
        _library.load()
        self._draw_anew()

    def sizeHint(self) -> QSize:
        """Return room for a small plot."""
        return _SIZE

    def add_series(self, key: str, token: str, *, width: float = 2.0, dots: bool = False, dashed: bool = False) -> None:
        """Add a line in a token's color (of no width: dots alone), which has no values yet."""
        self.series[key] = _Series(token, width, dots, dashed)

    def set_values(self, key: str, xs: Sequence[float], ys: Sequence[float], tips: Sequence[str] = ()) -> None:
        """Show other values; `tips` say what a dot is when the mouse is on it."""
        series = self.series[key]
        if (list(xs), list(ys)) == (list(series.xs), list(series.ys)):
            return
        series.xs, series.ys, series.tips = list(xs), list(ys), list(tips)
        self._draw(series)

    def _draw_anew(self) -> None:
        """Draw everything in the theme's colors."""
        if not _library.is_loaded:
            return
        if self._view is None:
            self._view = self._make_view()
            self._layout.addWidget(self._view)
        self._style()
        for series in self.series.values():
            self._draw(series)

    def _make_view(self) -> Any:
        import pyqtgraph

        view = pyqtgraph.PlotWidget(self)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setMenuEnabled(False)
        view.hideButtons()
        view.setMouseEnabled(x=False, y=False)
        view.setAntialiasing(True)
        if self._y_range is not None:
            view.setYRange(*self._y_range, padding=0.04)
        return view

    def _style(self) -> None:
        colors = theme.current()
        self._view.setBackground(colors.color("panel"))
        self._view.showGrid(x=False, y=True, alpha=_GRID_OPACITY)
        for side in ("left", "bottom"):
            axis = self._view.getAxis(side)
            axis.setPen(colors.color("line"))
            axis.setTextPen(colors.color("muted"))
            axis.setTickFont(theme.sized_font(tokens.CAPTION_SIZE))
            axis.setStyle(tickLength=0, maxTickLevel=0 if side == "bottom" else 1)
            axis.enableAutoSIPrefix(False)
        if self._x:
            style = {"color": colors.muted, "font-size": f"{tokens.CAPTION_SIZE}px"}
            self._view.setLabel("bottom", self._x, **style)

    def _draw(self, series: _Series) -> None:
        if self._view is None:
            return
        import pyqtgraph

        for item in series.items:
            self._view.removeItem(item)
        color = theme.current().color(series.token)
        series.items = []
        if series.width:
            style = Qt.PenStyle.DashLine if series.dashed else Qt.PenStyle.SolidLine
            pen = pyqtgraph.mkPen(color, width=series.width, style=style)
            series.items.append(self._view.plot(series.xs, series.ys, pen=pen, antialias=True))
        if series.dots:
            series.items.append(self._dots(series, color))
        if self._whole_x:
            last = max((max(item.xs, default=0) for item in self.series.values()), default=0)
            self._view.setXRange(0, max(1, last), padding=0.03)

    def _dots(self, series: _Series, color: QColor) -> Any:
        import pyqtgraph

        edge = pyqtgraph.mkPen(theme.current().color("panel"), width=1.5)
        dots = pyqtgraph.ScatterPlotItem(
            x=list(series.xs),
            y=list(series.ys),
            data=list(series.tips) or None,
            size=_DOT,
            pen=edge,
            brush=color,
            hoverable=bool(series.tips),
            hoverSize=_DOT + 4,
            tip=lambda x, y, data: str(data),
        )
        self._view.addItem(dots)
        return dots
