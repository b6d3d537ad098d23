"""Zoom and overlay, floating at the canvas's bottom edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSlider, QToolButton, QWidget

from scratchgui.ui import icons, tokens
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.display_panel import DisplayPanel
from scratchgui.ui.tool_strip import action_button
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from scratchgui.model.editor_state import EditorState
    from scratchgui.ui.actions import ActionSet

_K = ActionKey
_VIEW_MENU: Final = (
    *(_K.TOGGLE_OVERLAY, _K.TOGGLE_BOXES, _K.OUTLINE, _K.HEAT_MAP, None, _K.SWIPE, _K.LOUPE, None),
    *(_K.MINI_MAP, _K.SCALE_BAR, _K.RULERS, None, _K.ROTATE),
)
"""None is a line."""
_ZOOM_WIDTH: Final = 64
_OPACITY_WIDTH: Final = 80


class ViewBar(QFrame):
    """− 64% + | fit | 100% | overlay's opacity | view menu | display."""

    def __init__(self, actions: ActionSet, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "floating")
        self._editor = editor
        self.zoom_label = QPushButton(self)
        self.toned = QPushButton("Toned", self)
        self.display_panel = DisplayPanel(editor.view, self)
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self._build_zoom(actions)
        self._build_opacity()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(0)
        for widget in (
            action_button(actions.action(ActionKey.ZOOM_OUT), self),
            self.zoom_label,
            action_button(actions.action(ActionKey.ZOOM_IN), self),
            _divider(self),
            action_button(actions.action(ActionKey.FIT), self),
            action_button(actions.action(ActionKey.ZOOM_100), self),
            _divider(self),
        ):
            layout.addWidget(widget)
        self._add_overlay(layout, actions)
        self._add_display(layout, actions)
        self.set_zoom(1.0)

    def _build_zoom(self, actions: ActionSet) -> None:
        self.zoom_label.setProperty("role", "ghost")
        self.zoom_label.setFixedWidth(_ZOOM_WIDTH)
        self.zoom_label.setToolTip("Show the image at 100%")
        self.zoom_label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.zoom_label.clicked.connect(actions.action(ActionKey.ZOOM_100).trigger)

    def _build_opacity(self) -> None:
        self.opacity.setRange(0, 100)
        self.opacity.setFixedWidth(_OPACITY_WIDTH)
        self.opacity.setAccessibleName("Overlay opacity")
        self.opacity.valueChanged.connect(self._opacity_moved)
        self._editor.overlay_opacity_changed.connect(self._show_opacity)
        self._show_opacity(self._editor.overlay_opacity)

    def _add_overlay(self, layout: QHBoxLayout, actions: ActionSet) -> None:
        icon = IconLabel(tokens.ICON_SIZE, self)
        icon.set_icon("opacity", "muted")
        icon.setToolTip("Overlay opacity")
        layout.addSpacing(tokens.GAP_XS + 2)
        layout.addWidget(icon)
        layout.addSpacing(tokens.GAP_S)
        layout.addWidget(self.opacity)
        layout.addSpacing(tokens.GAP_S)
        layout.addWidget(_divider(self))
        layout.addWidget(_view_button(actions, self))

    def _add_display(self, layout: QHBoxLayout, actions: ActionSet) -> None:
        self._display = actions.action(ActionKey.DISPLAY)
        self.toned.setProperty("role", "ghost")
        self.toned.setIcon(icons.icon("dot", "review"))
        self.toned.setToolTip("The image is shown in other gray levels than the model sees. Click to reset")
        self.toned.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.toned.clicked.connect(self._editor.view.reset_tone)
        layout.addWidget(action_button(self._display, self))
        layout.addWidget(self.toned)
        self.display_panel.shown_changed.connect(self._display.setChecked)
        view = self._editor.view
        for signal in (view.tone_changed, view.local_contrast_changed, view.window_changed):
            signal.connect(self._show_toned)
        self._show_toned()

    def show_display(self, shown: bool) -> None:
        """Open or close the panel for brightness and contrast."""
        if shown:
            self.display_panel.open_over(self)
        else:
            self.display_panel.hide()

    def _show_toned(self, *_: object) -> None:
        self.toned.setVisible(not self._editor.view.is_neutral)

    def set_zoom(self, zoom: float) -> None:
        """Show a zoom; 1.0 is one image pixel on one pixel of the screen."""
        percent = zoom * 100
        self.zoom_label.setText(f"{percent:.0f}%" if percent >= 10 else f"{percent:.1f}%")

    def _opacity_moved(self, percent: int) -> None:
        self._editor.overlay_opacity = percent / 100

    def _show_opacity(self, opacity: float) -> None:
        blocked = self.opacity.blockSignals(True)
        self.opacity.setValue(round(opacity * 100))
        self.opacity.blockSignals(blocked)
        self.opacity.setToolTip(f"Overlay opacity {opacity:.0%}")


def _view_button(actions: ActionSet, parent: QWidget) -> QToolButton:
    menu = QMenu(parent)
    for key in _VIEW_MENU:
        if key is None:
            menu.addSeparator()
        else:
            menu.addAction(actions.action(key))
    button = QToolButton(parent)
    button.setIcon(icons.icon("layers"))
    button.setIconSize(QSize(tokens.ICON_SIZE, tokens.ICON_SIZE))
    button.setFixedSize(tokens.HIT_AREA, tokens.HIT_AREA)
    button.setToolTip("What is drawn over the image")
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def _divider(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    line.setFixedSize(1, 20)
    holder = QFrame(parent)
    holder.setFixedWidth(9)
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(4, 0, 4, 0)
    layout.addWidget(line)
    return holder
