"""The window's top edge: menu, project, search, model, report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from scratchgui.ui import icons, tokens
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.action_table import MENUS
from scratchgui.ui.widgets.basics import label, restyle
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scratchgui.ui.actions import ActionSet

HEIGHT: Final = 48
_SEARCH_WIDTH: Final = 360
_SMALL_ICON: Final = 16
_ARROW: Final = 14
_MOST_RECENT: Final = 8


class TopBar(QFrame):
    """Lays out and emits; the project's parts are hidden until there is one.

    Signals:
        recent_chosen(path): The user picked a recent project from the project's menu.
    """

    recent_chosen = Signal(str)

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "topbar")
        self.setFixedHeight(HEIGHT)
        self._actions = actions
        self.menu_button = _menu_button(actions, self)
        self.project_button = _ArrowButton("project", self)
        self.search_button = _SearchButton(self)
        self.model_button = _ArrowButton("model", self)
        self.report_button = QPushButton("Export report", self)
        self._project_menu = QMenu(self.project_button)
        self._build_menus()
        self._build()
        self._connect()
        self.set_project_visible(False)

    def _build_menus(self) -> None:
        self.project_button.setMenu(self._project_menu)
        self.set_recent([])
        menu = QMenu(self.model_button)
        fill_menu(menu, self._actions, (ActionKey.GO_BACK_MODEL, None, ActionKey.PREDICT_ALL, ActionKey.RETRAIN))
        self.model_button.setMenu(menu)

    def _build(self) -> None:
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(tokens.GAP_XS)
        right.setSpacing(tokens.GAP_S)
        left.addWidget(self.menu_button)
        left.addWidget(self.project_button)
        left.addStretch()
        right.addStretch()
        right.addWidget(self.model_button)
        right.addWidget(self.report_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_S, 0, tokens.GAP_M, 1)
        layout.setSpacing(tokens.GAP_M)
        for part in (left, right):
            holder = QWidget(self)
            holder.setLayout(part)
            part.setContentsMargins(0, 0, 0, 0)
            holder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(holder, 1)
            if part is left:
                layout.addWidget(self.search_button)

    def _connect(self) -> None:
        report = self._actions.action(ActionKey.EXPORT_REPORT)
        report.changed.connect(self._follow_actions)
        self._actions.keys_changed.connect(self._follow_actions)
        self.report_button.clicked.connect(report.trigger)
        self.search_button.clicked.connect(self._actions.action(ActionKey.COMMANDS).trigger)
        self._follow_actions()

    def _follow_actions(self) -> None:
        report, commands = (self._actions.action(key) for key in (ActionKey.EXPORT_REPORT, ActionKey.COMMANDS))
        self.report_button.setEnabled(report.isEnabled())
        self.report_button.setToolTip(report.toolTip())
        self.search_button.set_key(self._actions.key_text(ActionKey.COMMANDS))
        self.search_button.setToolTip(commands.toolTip())

    def set_project_visible(self, visible: bool) -> None:
        """Show or hide what belongs to a project."""
        for widget in (self.project_button, self.model_button, self.report_button):
            widget.setVisible(visible)
            # The layout does not notice a name that was set while the button was hidden.
            widget.updateGeometry()

    def set_project_name(self, name: str) -> None:
        """Show the project's name."""
        self.project_button.set_name(name, "Project")

    def set_model_name(self, name: str) -> None:
        """Show the name of the model in use; empty for none."""
        self.model_button.set_name(name or "No model", "Model in use")

    def set_report_primary(self, primary: bool) -> None:
        """Make Export report the one button in the accent color, or a plain one."""
        restyle(self.report_button, role="primary" if primary else "")

    def set_recent(self, recent: Iterable[tuple[str, str]]) -> None:
        """Fill the project's menu with recent projects as (name, path)."""
        self._project_menu.clear()
        for name, path in list(recent)[:_MOST_RECENT]:
            action = self._project_menu.addAction(icons.icon("folder"), name.replace("&", "&&"))
            action.setToolTip(path)
            action.triggered.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
        self._project_menu.addSeparator()
        opening = (ActionKey.OPEN_FOLDER, ActionKey.OPEN_PROJECT, ActionKey.OPEN_SAMPLE, None, ActionKey.CLOSE_PROJECT)
        fill_menu(self._project_menu, self._actions, opening)


def fill_menu(menu: QMenu, actions: ActionSet, keys: Sequence[ActionKey | None]) -> None:
    """Add actions to a menu; None is a line."""
    menu.setToolTipsVisible(True)
    for key in keys:
        if key is None:
            menu.addSeparator()
        else:
            menu.addAction(actions.action(key))


def _menu_button(actions: ActionSet, parent: QWidget) -> QToolButton:
    menu = QMenu(parent)
    for title, keys in MENUS.items():
        fill_menu(menu.addMenu(title), actions, keys)
    button = QToolButton(parent)
    button.setIcon(icons.icon("menu"))
    button.setIconSize(QSize(tokens.ICON_SIZE, tokens.ICON_SIZE))
    button.setFixedSize(tokens.HIT_AREA, tokens.HIT_AREA)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setShortcut(QKeySequence("F10"))
    button.setToolTip("Menu  (F10)")
    button.setAccessibleName("Menu")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class _ArrowButton(QPushButton):
    """Icon, name and a small arrow; a long name is elided in its middle."""

    _SIDES: Final = 8 + _SMALL_ICON + 9 + 26

    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self.setProperty("role", "arrow")
        self.setIcon(icons.icon(icon, "muted"))
        self.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._arrow = IconLabel(_ARROW, self)
        self._arrow.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._arrow.set_icon("chevron-down", "muted")

    def set_name(self, name: str, what: str) -> None:
        """Show a name; the tooltip has all of it."""
        self._name = name
        self.setToolTip(f"{what}: {name}")
        self.setAccessibleName(f"{what}: {name}")
        self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:
        """Return room for the whole name."""
        # The advance is rounded, eliding is not: one pixel more, or a name that fits is cut.
        return QSize(self.fontMetrics().horizontalAdvance(self._name) + 1 + self._SIDES, tokens.CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return room for some letters."""
        return QSize(min(self.sizeHint().width(), 112), tokens.CONTROL_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide the name and keep the arrow at the right."""
        super().resizeEvent(event)
        self._arrow.move(self.width() - _ARROW - 6, (self.height() - _ARROW) // 2)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - self._SIDES
        text = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, max(room, 24))
        self.setText(" " + text.replace("&", "&&"))


class _SearchButton(QPushButton):
    """Looks like a search field; opens the command palette."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(" Search or run a command", parent)
        self.setProperty("role", "search")
        self.setIcon(icons.icon("search", "muted"))
        self.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
        self.setFixedWidth(_SEARCH_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._key = label("", "key", parent=self)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, tokens.GAP_XS + 1, 0)
        layout.addStretch()
        layout.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_key(self, key: str) -> None:
        """Show the key that does the same."""
        self._key.setText(key)
        self._key.setVisible(bool(key))
