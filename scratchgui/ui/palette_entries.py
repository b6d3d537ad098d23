"""What the command palette offers: actions that can be used now, further sources, what was used lately first."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.actions import ACTIONS, MENUS
from scratchgui.ui.palette_search import Entry, Match, ranked

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.ui.actions import ActionSet

    Source = Callable[[str], list[Entry]]

_REMEMBERED: Final = 5
_MOST: Final = 60
_RECENT_GROUP: Final = "Used lately"
_MENU_ORDER: Final = ("Review", "Edit", "View", "Model", "File", "Help")
_UNUSED: Final = (ActionKey.COMMANDS, ActionKey.HOLD_RAW)


class PaletteEntries:
    """Finds entries and remembers which were used.

    Attributes:
        source: Returns what can be found besides the actions, from what was typed.
    """

    def __init__(self, actions: ActionSet) -> None:
        self._actions = actions
        self._recent: deque[str] = deque(maxlen=_REMEMBERED)
        self.source: Source = lambda query: []

    def find(self, query: str) -> list[Match]:
        """Return what matches, best first; all of it by group for an empty query."""
        entries = [*self._of_actions(), *self.source(query)]
        return ranked(query, entries, self._recent)[:_MOST] if query else self._by_group(entries)

    def remember(self, entry: Entry) -> None:
        """Note that an entry was used."""
        if not entry.name:
            return
        if entry.name in self._recent:
            self._recent.remove(entry.name)
        self._recent.appendleft(entry.name)

    def _by_group(self, entries: list[Entry]) -> list[Match]:
        by_name = {entry.name: entry for entry in entries if entry.name}
        lately = [by_name[name] for name in self._recent if name in by_name]
        rest = [entry for entry in entries if entry not in lately]
        return [Match(entry) for entry in (*(replace(entry, group=_RECENT_GROUP) for entry in lately), *rest)]

    def _of_actions(self) -> list[Entry]:
        return [
            self._entry(menu, key)
            for menu in sorted(MENUS, key=_MENU_ORDER.index)
            for key in MENUS[menu]
            if key is not None and key not in _UNUSED and self._actions.action(key).isEnabled()
        ]

    def _entry(self, menu: str, key: ActionKey) -> Entry:
        spec, action = ACTIONS[key], self._actions.action(key)
        state = "on" if spec.checkable and action.isChecked() else ""
        text = action.text() if spec.named_later else spec.text
        return Entry(text, action.trigger, menu, state, spec.icon, self._actions.key_text(key), key)
