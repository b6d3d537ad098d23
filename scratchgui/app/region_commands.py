"""What the actions do that change whole defects and their classes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scratchgui.controllers.cleanup_controller import CleanUpKey
from scratchgui.ui.action_keys import CLASS_ACTIONS, ActionKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.app.workbench import Workbench


def table(bench: Workbench) -> dict[str, Callable[[bool], object]]:
    """Return what each of these actions does."""
    return {
        **{key.value: partial(_clean_up, bench, key) for key in CleanUpKey},
        **{key: partial(_choose_class, bench, digit) for digit, key in CLASS_ACTIONS.items()},
        ActionKey.CLASSES: lambda _: bench.commands.dialogs.classes(),
    }


def _clean_up(bench: Workbench, key: CleanUpKey, _: bool) -> None:
    bench.clean_up.run(key, bench.inspector.defects.selected())


def _choose_class(bench: Workbench, digit: int, _: bool) -> None:
    bench.classes.choose_digit(digit)
