"""Which images a training learns from and how they are varied, with a picture of what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from scratchgui.core.augmentation import STRENGTHS, Augmentation
from scratchgui.ui import tokens
from scratchgui.ui.dialogs.training_parts import Picture
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from scratchgui.settings import Settings

_DELAY_MS: Final = 150
_CONTROLS_WIDTH: Final = 330
_WORDS: Final = {"none": "Off", "light": "Light", "normal": "Normal", "strong": "Strong"}
_GROUPS: Final = {
    "rotation": ("Turning", "Turns by a few degrees, and shears"),
    "scale": ("Size", "Makes larger and smaller"),
    "elastic": ("Bending", "Bends softly"),
    "illumination": ("Light", "Brightness, contrast, and light that is not the same everywhere"),
    "color": ("Color", "Tints, and makes gray"),
    "blur": ("Blur", "Out of focus, by less than a thin scratch is wide"),
    "noise": ("Noise", "Of the camera, and of its compression"),
}
_WAITING: Final = "The picture is being made…"


class VariationPage(QWidget):
    """Choices for each kind of variation, and for what is learned from.

    Signals:
        changed(dict): Options the user changed, by name.
        preview_wanted(Augmentation, int): A picture of these settings is wanted, with this seed.
    """

    changed = Signal(dict)
    preview_wanted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed = 0
        choices: dict[str, str] = {strength: _WORDS[strength] for strength in STRENGTHS}
        self.strengths = {name: Segments(choices, words[0], self) for name, words in _GROUPS.items()}
        self.flips = QCheckBox("Mirror, and turn by quarters", self)
        self.flips.setToolTip("To be left out where up and down are not the same on the surface")
        self.unapproved = QCheckBox("Also learn from what is not approved yet", self)
        self.unapproved.setToolTip("From corrected images that wait for approval, around what was changed in them")
        self.picture = Picture(self)
        self.picture.setAccessibleName("Crops of the image in view as a training sees them")
        self.message = label(_WAITING, "muted", wrap=True, parent=self)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reset_button = QPushButton("Reset", self)
        self.reset_button.setToolTip("Vary images as in the beginning")
        self.again_button = QPushButton("Others", self)
        self.again_button.setToolTip("Show other crops, varied with the same settings")
        self._soon = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(tokens.GAP_S)
        grid.setColumnStretch(0, 1)
        for row, (name, (words, tip)) in enumerate(_GROUPS.items()):
            text = label(words, parent=self)
            text.setToolTip(tip)
            self.strengths[name].setToolTip(tip)
            self.strengths[name].setAccessibleDescription(tip)
            grid.addWidget(text, row, 0)
            grid.addWidget(self.strengths[name], row, 1)
        grid.addWidget(self.flips, len(_GROUPS), 0, 1, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        for button in (self.reset_button, self.again_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        side = QWidget(self)
        side.setFixedWidth(_CONTROLS_WIDTH)
        controls = QVBoxLayout(side)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(tokens.GAP_M)
        help_text = "Each image that a training looks at is varied, so that the model knows more than it was shown."
        controls.addWidget(label(help_text, "muted", wrap=True, parent=side))
        controls.addLayout(grid)
        controls.addLayout(buttons)
        controls.addStretch()
        controls.addWidget(self.unapproved)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_L)
        layout.addWidget(side)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.message, 1)
        self.picture.hide()

    def _connect(self) -> None:
        for choice in self.strengths.values():
            choice.chosen.connect(self._change)
        self.flips.toggled.connect(self._change)
        self.unapproved.toggled.connect(lambda on: self.changed.emit({"learn_from_unapproved": on}))
        self.reset_button.clicked.connect(self._reset)
        self.again_button.clicked.connect(self._vary_anew)
        self._soon.timeout.connect(lambda: self.preview_wanted.emit(self.value(), self._seed))

    def value(self) -> Augmentation:
        """Return what is chosen now."""
        chosen = {name: choice.value for name, choice in self.strengths.items()}
        return Augmentation.model_validate({"flips": self.flips.isChecked(), **chosen})

    def show_settings(self, settings: Settings) -> None:
        """Show what is set."""
        self._show_value(Augmentation.of(settings.variation))
        self._show_checked(self.unapproved, settings.learn_from_unapproved)

    def show_picture(self, file: str) -> None:
        """Show a picture of what the settings do."""
        self.picture.set_picture(QPixmap(file))
        self.picture.show()
        self.message.hide()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.message.setText(sentence)
        self.message.show()
        self.picture.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the picture."""
        super().showEvent(event)
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for no picture any more: whoever draws it has gone with the dialog."""
        super().hideEvent(event)
        self._soon.stop()

    def _show_value(self, value: Augmentation) -> None:
        self._show_checked(self.flips, value.flips)
        for name, choice in self.strengths.items():
            choice.set_value(getattr(value, name))

    @staticmethod
    def _show_checked(box: QCheckBox, on: bool) -> None:
        blocked = box.blockSignals(True)
        box.setChecked(on)
        box.blockSignals(blocked)

    def _change(self, *_: object) -> None:
        self.changed.emit({"variation": self.value().model_dump(mode="json")})
        self._soon.start()

    def _reset(self) -> None:
        self._show_value(Augmentation())
        self._change()

    def _vary_anew(self) -> None:
        self._seed += 1
        self._soon.start()
