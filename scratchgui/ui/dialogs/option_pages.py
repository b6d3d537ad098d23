"""The pages of the settings with single options."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.dialogs.form import Form, choice_field, number_field, show_choice
from scratchgui.ui.docks.budget_choice import BEST, CUSTOM, MINUTES, budget_changes, budget_of
from scratchgui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from scratchgui.settings import Settings

_THEMES: Final = {"system": "System", "light": "Light", "dark": "Dark"}
_PRESETS: Final = {"quick": "Quick", "normal": "Normal", BEST: "Best", CUSTOM: "Custom"}
_DEVICES: Final = {
    "auto": "Choose by itself",
    "cpu": "Processor (CPU)",
    "gpu": "Intel graphics (OpenVINO)",
    "cuda": "NVIDIA graphics (CUDA)",
    "mps": "Apple graphics (Metal)",
}
_PRECISIONS: Final = {
    "auto": "Exact (32 bits)",
    "bf16": "Faster (16 bits)",
    "int8": "Fastest (8 bits)",
}
_SIZES: Final = {0: "In full", 512: "Scaled to 512 px", 1024: "Scaled to 1024 px", 2048: "Scaled to 2048 px"}
_TILES: Final = (256, 384, 512, 768, 1024)
_FIELD_WIDTH: Final = 200


class GeneralPage(Form):
    """Look, name, saving.

    Signals:
        changed(dict): Options the user changed, by name.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = Segments(_THEMES, "Theme", self)
        self.user_name = QLineEdit(self)
        self.user_name.setFixedWidth(_FIELD_WIDTH)
        self.user_name.setPlaceholderText(_login())
        self.autosave = number_field(0.1, 60, "s", self)
        self.reduce_motion = QCheckBox(self)
        self.reduce_motion.setFixedWidth(tokens.ICON_SIZE)
        self.add_row("Theme", "System follows the desktop, also when it changes at night.", self.theme)
        self.add_row("Your name", "Written into corrections and reports.", self.user_name)
        self.add_row("Save after", "Pause after the last correction before it is saved.", self.autosave)
        self.add_row("Reduce motion", "Nothing slides or pulses.", self.reduce_motion)
        self.theme.chosen.connect(lambda value: self.changed.emit({"theme": value}))
        self.user_name.editingFinished.connect(self._rename)
        self.autosave.valueChanged.connect(lambda value: self.changed.emit({"autosave_seconds": value}))
        self.reduce_motion.toggled.connect(lambda on: self.changed.emit({"reduce_motion": on}))
        self._name = ""

    def show_settings(self, settings: Settings) -> None:
        """Show what is set."""
        self._name = settings.user_name
        self.theme.set_value(settings.theme)
        self.user_name.setText(settings.user_name)
        self.autosave.setValue(settings.autosave_seconds)
        self.reduce_motion.setChecked(settings.reduce_motion)

    def _rename(self) -> None:
        name = self.user_name.text().strip()
        if name != self._name:
            self._name = name
            self.changed.emit({"user_name": name})


class ModelPage(Form):
    """Training time, device, tiles.

    Signals:
        changed(dict): Options the user changed, by name.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presets = Segments(_PRESETS, "Training time", self)
        self.minutes = number_field(0.5, 24 * 60, "min", self)
        self.device = choice_field(_DEVICES, self)
        self.precision = choice_field(_PRECISIONS, self)
        self.scaling = choice_field(_SIZES, self)
        self.tile = choice_field({tile: f"{tile} px" for tile in _TILES}, self)
        self.flips = QCheckBox(self)
        self.flips.setFixedWidth(tokens.ICON_SIZE)
        time = QWidget(self)
        layout = QHBoxLayout(time)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_S)
        layout.addWidget(self.presets)
        layout.addWidget(self.minutes)
        self.add_row("Training time", "Best: until it stops improving. More time can make a better model.", time)
        self.add_row("Where models run", "Chosen by itself: the fastest that works.", self.device)
        self.add_row("Precision", "Fewer bits are faster and move edges a little.", self.precision)
        self.add_row("Large images", "Thin scratches are seen only at full size.", self.scaling)
        self.add_row("Tile", "Large images go through the model in pieces.", self.tile)
        self.add_row("Look mirrored, too", "Steadier results, in four times the time.", self.flips)
        self.presets.chosen.connect(self._choose_preset)
        self.minutes.valueChanged.connect(self._change_minutes)
        self.device.activated.connect(lambda: self.changed.emit({"device": self.device.currentData()}))
        self.precision.activated.connect(lambda: self.changed.emit({"precision": self.precision.currentData()}))
        self.scaling.activated.connect(lambda: self.changed.emit({"resize": self.scaling.currentData()}))
        self.tile.activated.connect(lambda: self.changed.emit({"tile": self.tile.currentData()}))
        self.flips.toggled.connect(lambda on: self.changed.emit({"flips": on}))

    def show_settings(self, settings: Settings) -> None:
        """Show what is set."""
        self.minutes.setValue(settings.training_minutes)
        self._show_preset(budget_of(settings.training_minutes, until_best=settings.training_until_best))
        show_choice(self.device, settings.device, settings.device)
        show_choice(self.precision, settings.precision, settings.precision)
        show_choice(self.scaling, settings.resize, f"Scaled to {settings.resize} px")
        show_choice(self.tile, settings.tile, f"{settings.tile} px")
        self.flips.setChecked(settings.flips)

    def _choose_preset(self, budget: str) -> None:
        blocked = self.minutes.blockSignals(True)
        self.minutes.setValue(MINUTES.get(budget, self.minutes.value()))
        self.minutes.blockSignals(blocked)
        self._show_preset(budget)
        self.changed.emit(budget_changes(budget))
        if budget == CUSTOM:
            self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)
            self.minutes.selectAll()

    def _change_minutes(self, minutes: float) -> None:
        self._show_preset(budget_of(minutes, until_best=False))
        self.changed.emit({"training_minutes": minutes, "training_until_best": False})

    def _show_preset(self, budget: str) -> None:
        self.presets.set_value(budget)
        self.minutes.setEnabled(budget == CUSTOM)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name in the environment and none known to the system
        return ""
