"""The actions as Qt knows them, made from the rows of `action_table`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from scratchgui.ui import icons
from scratchgui.ui.action_keys import ActionKey, Facts
from scratchgui.ui.action_spec import ActionSpec, Scope
from scratchgui.ui.action_table import ACTIONS, MENUS
from scratchgui.ui.key_watch import HeldKeys, TextFieldGuard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

__all__ = ["ACTIONS", "MENUS", "ActionKey", "ActionSet", "ActionSpec", "Facts", "Scope"]

SEPARATOR = "; "


class ActionSet(QObject):
    """All actions of one window.

    Signals:
        triggered(key, checked): The user used an action; ``checked`` is its state afterwards where it has one.
        keys_changed(): Shortcuts were changed by `rebind`.
    """

    triggered = Signal(str, bool)
    keys_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = {key: self._make(spec) for key, spec in ACTIONS.items()}
        self._keys = {key: spec.keys for key, spec in ACTIONS.items()}
        self._guard = TextFieldGuard(self)
        self._held = HeldKeys(self)
        self._held.changed.connect(self._hold)
        self.rebind({})
        self.apply(Facts())

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.key)
        action.setCheckable(spec.checkable or spec.held)
        if spec.icon:
            action.setIcon(icons.icon(spec.icon))
        action.setVisible(not spec.named_later)
        if spec.scope is Scope.CANVAS:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda checked=False, key=spec.key: self.triggered.emit(key, checked))
        return action

    def action(self, key: str) -> QAction:
        """Return the action of a key."""
        return self._actions[ActionKey(key)]

    def apply(self, facts: Facts) -> None:
        """Enable what can be used now and disable the rest."""
        for key, spec in ACTIONS.items():
            action = self._actions[key]
            action.setEnabled(spec.enabled_when(facts) and (action.isVisible() or not spec.named_later))

    def set_checked(self, key: str, checked: bool) -> None:
        """Show an action as on or off without telling that it was used."""
        self.action(key).setChecked(checked)

    def name(self, key: str, text: str) -> None:
        """Give an action that is named later its text; with an empty one it is not to be seen."""
        action = self.action(key)
        if (action.text() if action.isVisible() else "") == text:
            return
        action.setVisible(bool(text))
        action.setEnabled(bool(text))
        action.setText(text or ACTIONS[ActionKey(key)].text)
        self._show_keys(ACTIONS[ActionKey(key)], action)
        self.keys_changed.emit()

    def keys(self, key: str) -> list[QKeySequence]:
        """Return the shortcuts of an action, the one to show first."""
        texts = self._keys[ActionKey(key)].split(SEPARATOR)
        return [QKeySequence.fromString(text) for text in texts if text]

    def key_text(self, key: str) -> str:
        """Return the first shortcut of an action as the desktop writes it; empty for none."""
        keys = self.keys(key)
        return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def rebind(self, shortcuts: Mapping[str, str]) -> None:
        """Give actions other shortcuts.

        Args:
            shortcuts: Shortcuts by action in Qt's portable form, several separated by "; ", empty for none; every
                action that is not named gets its default. Unknown names are left out.
        """
        self._keys = {key: shortcuts.get(key, spec.keys) for key, spec in ACTIONS.items()}
        for key, spec in ACTIONS.items():
            self._show_keys(spec, self._actions[key])
        self.keys_changed.emit()

    def _show_keys(self, spec: ActionSpec, action: QAction) -> None:
        text = self.key_text(spec.key)
        tooltip = spec.tooltip or (action.text() if spec.named_later else spec.text.rstrip("…"))
        action.setToolTip(f"{tooltip}  ({text})" if text else tooltip)
        if spec.held:
            # A shortcut would swallow the key's release: the key is watched, and the menu only shows it.
            action.setText(f"{spec.text}\t{text}" if text else spec.text)
            self._held.watch(spec.key, self.keys(spec.key))
        else:
            action.setShortcuts(self.keys(spec.key))

    def attach_to(self, widget: QWidget) -> None:
        """Let the actions of the canvas's scope act while a widget or one of its children has the keyboard."""
        widget.addActions([self._actions[key] for key, spec in ACTIONS.items() if spec.scope is Scope.CANVAS])
        self._guard.guard_fields_of(widget)
        self._held.watch_widget(widget)

    def attach_window(self, window: QWidget) -> None:
        """Let the actions of the window's scope act in a window."""
        window.addActions([self._actions[key] for key, spec in ACTIONS.items() if spec.scope is Scope.WINDOW])

    def _hold(self, key: str, down: bool) -> None:
        action = self.action(key)
        if action.isEnabled() or not down:
            action.setChecked(down)
            self.triggered.emit(key, down)
