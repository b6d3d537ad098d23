"""Which keys the user chose: what is taken by what, what may be chosen, what differs from the defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.action_table import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent

SEPARATOR: Final = "; "
FIXED: Final = {
    **{"Esc": "closing and taking back", "Space": "moving the view", "F10": "the menu"},
    **dict.fromkeys("123456789", "choosing a class"),
}
"""Keys with one meaning everywhere, and which."""

_key = Qt.Key
_MODIFIERS: Final = (
    *(_key.Key_Shift, _key.Key_Control, _key.Key_Alt, _key.Key_AltGr, _key.Key_Meta),
    *(_key.Key_CapsLock, _key.Key_NumLock, _key.Key_ScrollLock, _key.Key_unknown),
)


class KeyChoices:
    """Shortcuts by action in Qt's portable form; several of one action are separated by "; "."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self._chosen = {key: chosen[key] for key in ACTIONS if key in chosen}

    @property
    def changes(self) -> dict[str, str]:
        """What differs from the defaults, as the settings keep it."""
        return {str(key): text for key, text in self._chosen.items() if text != ACTIONS[ActionKey(key)].keys}

    def text(self, key: ActionKey) -> str:
        """Return the shortcuts of an action; empty for none."""
        return self._chosen.get(key, ACTIONS[key].keys)

    def is_changed(self, key: ActionKey) -> bool:
        """Return whether an action has other shortcuts than it came with."""
        return self.text(key) != ACTIONS[key].keys

    def taken_by(self, shortcut: str, key: ActionKey) -> ActionKey | None:
        """Return which other action has a shortcut already.

        Where keys act does not matter: those of the window act over the canvas too.
        """
        return next((other for other in ACTIONS if other != key and shortcut in self._split(other)), None)

    def assign(self, key: ActionKey, shortcut: str) -> None:
        """Give an action one shortcut, or none for an empty one, and take it from every other action."""
        for other in ACTIONS:
            if shortcut and shortcut in self._split(other):
                self._chosen[other] = SEPARATOR.join(text for text in self._split(other) if text != shortcut)
        self._chosen[key] = shortcut

    def reset(self, key: ActionKey) -> None:
        """Give an action its default back, and take that from whoever has it now."""
        for shortcut in ACTIONS[key].keys.split(SEPARATOR):
            self.assign(key, shortcut)
        self._chosen.pop(key, None)

    def reset_all(self) -> None:
        """Give every action its default back."""
        self._chosen.clear()

    def _split(self, key: ActionKey) -> list[str]:
        return [text for text in self.text(key).split(SEPARATOR) if text]


def pressed_shortcut(event: QKeyEvent) -> str:
    """Return the shortcut that a key event stands for, in portable form; empty for a modifier alone."""
    key = Qt.Key(event.key())
    if key in _MODIFIERS:
        return ""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key == Qt.Key.Key_Backtab:
        key = Qt.Key.Key_Tab
    elif _is_sign(key):
        # Where a sign lies on the keyboard differs: "?" needs Shift on some, and is "?" on all.
        held &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(held, key)).toString()


def native_texts(shortcuts: str) -> list[str]:
    """Return shortcuts as the desktop writes them."""
    sequences = (QKeySequence.fromString(text) for text in shortcuts.split(SEPARATOR) if text)
    return [sequence.toString(QKeySequence.SequenceFormat.NativeText) for sequence in sequences]


def _is_sign(key: Qt.Key) -> bool:
    code = key.value
    return Qt.Key.Key_Space.value < code < Qt.Key.Key_Escape.value and not chr(code).isalnum()
