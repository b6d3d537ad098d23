"""What a row of the table of actions says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.ui.action_keys import ActionKey, Facts


class Scope(StrEnum):
    """Where an action's keys act: in the whole window, or only while the canvas or the queue has the keyboard."""

    WINDOW = "window"
    CANVAS = "canvas"


def always(facts: Facts) -> bool:
    """Tell yes."""
    return True


def project(facts: Facts) -> bool:
    """Tell whether a project is open."""
    return facts.project_open


def image(facts: Facts) -> bool:
    """Tell whether an image is in view."""
    return facts.image_open


def editable(facts: Facts) -> bool:
    """Tell whether the image's mask may be changed."""
    return facts.image_open and not facts.read_only


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        key: Its name in the program.
        text: What menus and the palette call it; without a mnemonic.
        icon: File in ``resources/icons`` without ``.svg``; empty for none.
        keys: Shortcuts separated by "; " in Qt's portable form; the first one is shown.
        tooltip: A sentence for the tooltip; the text where empty.
        scope: Where the shortcuts act.
        checkable: Whether it is on or off.
        held: Whether it is on only while its key is held.
        enabled_when: Whether it can be used, from the facts.
        named_later: Whether it is shown only while it has a text of its own (see `ActionSet.name`).
    """

    key: ActionKey
    text: str
    icon: str = ""
    keys: str = ""
    tooltip: str = ""
    scope: Scope = Scope.WINDOW
    checkable: bool = False
    held: bool = False
    enabled_when: Callable[[Facts], bool] = always
    named_later: bool = False


def on_canvas(
    key: ActionKey,
    text: str,
    icon: str,
    keys: str = "",
    tooltip: str = "",
    when: Callable[[Facts], bool] = image,
    *,
    checkable: bool = False,
    held: bool = False,
) -> ActionSpec:
    """Return a row whose keys act only while canvas or queue has the keyboard."""
    return ActionSpec(key, text, icon, keys, tooltip, Scope.CANVAS, checkable, held, when)


def in_window(
    key: ActionKey,
    text: str,
    icon: str,
    keys: str = "",
    tooltip: str = "",
    when: Callable[[Facts], bool] = always,
    *,
    checkable: bool = False,
) -> ActionSpec:
    """Return a row whose keys act in the whole window."""
    return ActionSpec(key, text, icon, keys, tooltip, Scope.WINDOW, checkable, False, when)
