"""The window's frame. It lays out and emits; what is in it is made and connected elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from scratchgui.ui import icons, tokens
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.folder_drop import FolderDrop
from scratchgui.ui.start_page import StartPage
from scratchgui.ui.status_strip import HEIGHT as STATUS_HEIGHT
from scratchgui.ui.status_strip import StatusStrip
from scratchgui.ui.toast import ToastArea
from scratchgui.ui.top_bar import TopBar
from scratchgui.ui.widgets.focus_ring import FocusRing

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from scratchgui.ui.actions import ActionSet

_SIZE: Final = QSize(1440, 900)
_SMALLEST: Final = QSize(960, 600)
_QUEUE_WIDTH: Final = 264
_INSPECTOR_WIDTH: Final = 320
_QUEUE_MINIMUM: Final = 208
_INSPECTOR_MINIMUM: Final = 264


class MainWindow(QMainWindow):
    """Start page first; queue, canvas and inspector when they are given.

    Signals:
        closing(QCloseEvent): The window is asked to close; the event can be ignored.
        folder_dropped(path): A folder was dropped anywhere on the window.
        panels_changed(bool): Queue and inspector were shown or hidden.

    Attributes:
        top_bar: Menu, project, search, model, report.
        start_page: What is seen first.
        status: The bottom edge.
        toasts: The notices.
    """

    closing = Signal(object)
    folder_dropped = Signal(str)
    panels_changed = Signal(bool)

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._panels: tuple[QWidget, QWidget] | None = None
        self._canvas_area: QWidget | None = None
        self._panels_visible = True
        self._pending_widths = QByteArray()
        self.top_bar = TopBar(actions, self)
        self.start_page = StartPage(self)
        self.status = StatusStrip(self)
        self._pages = QStackedWidget(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._center = QWidget(self)
        self._build()
        self.toasts = ToastArea(self._center)
        self._connect()
        self.show_start()

    def _build(self) -> None:
        self.setWindowTitle("ScratchGUI")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(_SMALLEST)
        self.resize(_fitting(self, _SIZE))
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._pages.addWidget(self.start_page)
        self._pages.addWidget(self._splitter)
        layout = QVBoxLayout(self._center)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(self._center)

    def _connect(self) -> None:
        self._actions.attach_window(self)
        self._actions.action(ActionKey.TOGGLE_PANELS).triggered.connect(self.set_panels_visible)
        self._actions.set_checked(ActionKey.TOGGLE_PANELS, True)
        self.start_page.folder_dropped.connect(self.folder_dropped)
        FolderDrop(self).dropped.connect(self.folder_dropped)
        FocusRing(self)

    def install_work_page(self, queue: QWidget, canvas_area: QWidget, inspector: QWidget) -> None:
        """Put the work page together; may be done once, after the first paint.

        The canvas's keys act while the canvas or the queue has the keyboard.
        """
        queue.setMinimumWidth(_QUEUE_MINIMUM)
        inspector.setMinimumWidth(_INSPECTOR_MINIMUM)
        for place, widget in enumerate((queue, canvas_area, inspector)):
            self._splitter.addWidget(widget)
            self._splitter.setCollapsible(place, place != 1)
            self._splitter.setStretchFactor(place, int(place == 1))
        self._panels = queue, inspector
        self._canvas_area = canvas_area
        for widget in (queue, canvas_area):
            self._actions.attach_to(widget)
        middle = max(1, self.width() - _QUEUE_WIDTH - _INSPECTOR_WIDTH - 2)
        self._splitter.setSizes([_QUEUE_WIDTH, middle, _INSPECTOR_WIDTH])
        if not self._pending_widths.isEmpty():
            self._splitter.restoreState(self._pending_widths)
        self._show_panels()

    def show_start(self) -> None:
        """Show the start page."""
        self._show_page(self.start_page, working=False)

    def show_work(self) -> None:
        """Show queue, canvas and inspector."""
        self._show_page(self._splitter, working=True)

    def _show_page(self, page: QWidget, *, working: bool) -> None:
        self._pages.setCurrentWidget(page)
        self.status.setVisible(working)
        self.top_bar.set_project_visible(working)
        self.toasts.set_bottom_margin(tokens.GAP_M + (STATUS_HEIGHT if working else 0))
        if not working:
            self.setWindowTitle("ScratchGUI")

    @property
    def panels_visible(self) -> bool:
        """Whether queue and inspector are shown."""
        return self._panels_visible

    def set_panels_visible(self, visible: bool) -> None:
        """Show or hide queue and inspector."""
        if visible == self._panels_visible:
            return
        self._panels_visible = visible
        self._show_panels()
        self.panels_changed.emit(visible)

    def _show_panels(self) -> None:
        self._actions.set_checked(ActionKey.TOGGLE_PANELS, self._panels_visible)
        focus = QApplication.focusWidget()
        for panel in self._panels or ():
            if focus is not None and panel.isAncestorOf(focus) and self._canvas_area is not None:
                self._canvas_area.setFocus()  # else the keyboard lands where Tab does not bring the panels back
            panel.setVisible(self._panels_visible)

    def set_project_name(self, name: str) -> None:
        """Show the project's name here and in the window's title."""
        self.top_bar.set_project_name(name)
        self.setWindowTitle(f"{name} – ScratchGUI" if name else "ScratchGUI")

    def set_primary(self, what: str) -> None:
        """Say which button is the primary one; here it can be ``"export"``."""
        self.top_bar.set_report_primary(what == "export")

    def save_state(self) -> str:
        """Return place, size and widths as text."""
        widths = self._splitter.saveState() if self._panels else self._pending_widths
        return f"{_text(self.saveGeometry())}.{_text(widths)}"

    def restore_state(self, state: str) -> None:
        """Take place, size and widths from a text of `save_state`; anything else is left out."""
        geometry, _, widths = state.partition(".")
        if geometry:
            self.restoreGeometry(_bytes(geometry))
        self._pending_widths = _bytes(widths)
        if self._panels and not self._pending_widths.isEmpty():
            self._splitter.restoreState(self._pending_widths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whoever listens."""
        self.closing.emit(event)


def _fitting(window: QWidget, size: QSize) -> QSize:
    """Return a size that the window's screen can show."""
    return size.boundedTo(window.screen().availableSize())


def _text(data: QByteArray) -> str:
    return bytes(data.data()).hex()


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(bytes.fromhex(text))
    except ValueError:
        return QByteArray()
