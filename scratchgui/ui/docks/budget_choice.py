"""How long a training may take: two minutes, ten, or until nothing improves any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from scratchgui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

BEST: Final = "best"
CUSTOM: Final = "custom"
MINUTES: Final = {"quick": 2.0, "normal": 10.0}
_TEXTS: Final = {"quick": "2 min", "normal": "10 min", BEST: "Best", CUSTOM: ""}
_TOOLTIPS: Final = {
    "quick": "Quick: learns for 2 minutes",
    "normal": "Normal: learns for 10 minutes",
    BEST: "Learns until it stops improving, for 2 hours at most",
    CUSTOM: "The time chosen in the settings",
}


def budget_of(minutes: float, *, until_best: bool) -> str:
    """Return which of the choices a time is."""
    if until_best:
        return BEST
    return next((name for name, time in MINUTES.items() if time == minutes), CUSTOM)


def budget_changes(budget: str) -> dict[str, object]:
    """Return the settings that a choice stands for."""
    if budget == BEST:
        return {"training_until_best": True}
    times: dict[str, object] = {"training_minutes": MINUTES[budget]} if budget in MINUTES else {}
    return {"training_until_best": False, **times}


class BudgetChoice(Segments):
    """The choices side by side; a time of the user's own is only there while it is set.

    Signals:
        changed(dict): Settings the user changed, by name.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_TEXTS, "Training time", parent)
        for name, tooltip in _TOOLTIPS.items():
            self.buttons[name].setToolTip(tooltip)
            self.buttons[name].setAccessibleName(tooltip)
        self.chosen.connect(lambda budget: self.changed.emit(budget_changes(budget)))
        self.show_budget(MINUTES["quick"], until_best=False)

    def show_budget(self, minutes: float, *, until_best: bool) -> None:
        """Show what is set, without telling that the user changed it."""
        is_own = budget_of(minutes, until_best=False) == CUSTOM
        self.buttons[CUSTOM].setVisible(is_own)
        self.buttons[CUSTOM].setText(f"{minutes:g} min")
        self.set_value(budget_of(minutes, until_best=until_best))
