"""The middle of the window: tools, the canvas, and the bars that float over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.options_bar import ROW_HEIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from scratchgui.ui.approve_bar import ApproveBar
    from scratchgui.ui.options_bar import OptionsBar
    from scratchgui.ui.tool_strip import ToolStrip
    from scratchgui.ui.view_bar import ViewBar

_GAP: Final = tokens.GAP_M


class CanvasArea(QWidget):
    """Lays the given widgets out; the bars keep to the canvas's bottom edge.

    Attributes:
        tool_strip: The tools at the left.
        canvas: The canvas, made elsewhere.
        view_bar: Zoom and overlay.
        approve_bar: The decision.
        options_bar: What the tool in use can be told.

    Signals:
        bars_moved(QRect, int): Where the bars lie over the canvas's bottom edge now (px), empty while they are
            hidden; and how many rows at the top the options may cover, whatever the tool.
    """

    bars_moved = Signal(QRect, int)

    def __init__(
        self,
        tool_strip: ToolStrip,
        canvas: QWidget,
        view_bar: ViewBar,
        approve_bar: ApproveBar,
        options_bar: OptionsBar,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tool_strip = tool_strip
        self.canvas = canvas
        self.view_bar = view_bar
        self.approve_bar = approve_bar
        self.options_bar = options_bar
        self.setFocusProxy(canvas)
        line = QFrame(self)
        line.setProperty("role", "line")
        line.setFixedWidth(1)
        self._stage = _Stage(canvas, view_bar, approve_bar, options_bar, self)
        self._stage.placed.connect(self._tell_bars)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(tool_strip)
        layout.addWidget(line)
        layout.addWidget(self._stage, 1)

    def set_bars_visible(self, visible: bool) -> None:
        """Show or hide the floating bars (no image, no bars)."""
        self.view_bar.setVisible(visible)
        self.approve_bar.setVisible(visible)
        self.options_bar.set_shown(visible)

    def _tell_bars(self) -> None:
        shown = [bar.geometry() for bar in (self.view_bar, self.approve_bar) if not bar.isHidden()]
        top = ROW_HEIGHT + _GAP if shown else 0
        self.bars_moved.emit(shown[0].united(shown[-1]) if shown else QRect(), top)

    def set_top(self, inset: int) -> None:
        """Keep the canvas's uppermost rows (px) free of the options."""
        self._stage.inset = inset
        self._stage.place()


class _Stage(QWidget):
    """The canvas with the bars over it: at the bottom side by side where there is room, else one above the other.

    Signals:
        placed(): The bars were given their places.
    """

    placed = Signal()

    def __init__(
        self, canvas: QWidget, view_bar: QWidget, approve_bar: QWidget, options_bar: OptionsBar, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._view = view_bar
        self._approve = approve_bar
        self._options = options_bar
        self.inset = 0
        canvas.setParent(self)
        for bar in (view_bar, approve_bar, options_bar):
            bar.setParent(self)
            bar.installEventFilter(self)
            bar.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the canvas all the room and put the bars at the bottom."""
        self._options.set_room(self.width() - 2 * _GAP)
        self._canvas.setGeometry(self.rect())
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Place the bars again when one wants another size."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Hide):
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Give the bars their places."""
        options = self._options.sizeHint()
        shown = min(options.width(), self.width() - 2 * _GAP)
        self._options.setGeometry((self.width() - shown) // 2, _GAP + self.inset, shown, options.height())
        view, approve = self._view.sizeHint(), self._approve.sizeHint()
        width, bottom = self.width(), self.height() - _GAP
        height = max(view.height(), approve.height())
        both = view.width() + _GAP + approve.width()
        if both + 2 * _GAP <= width:
            left = (width - both) // 2
            self._view.setGeometry(left, bottom - height, view.width(), height)
            self._approve.setGeometry(left + view.width() + _GAP, bottom - height, approve.width(), height)
        else:
            self._approve.setGeometry((width - approve.width()) // 2, bottom - height, approve.width(), height)
            above = bottom - 2 * height - tokens.GAP_S
            self._view.setGeometry((width - view.width()) // 2, above, min(view.width(), width), height)
        self.placed.emit()
