"""A new model beside the one before: the sentence, the rule, the scores, and the images that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.dialogs.change_gallery import ChangeGallery
from scratchgui.ui.dialogs.score_table import ScoreTable
from scratchgui.ui.docks.score_text import short_name
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from scratchgui.core.comparison import ComparedImage, Comparison

_SIZE: Final = QSize(1160, 720)
_SMALLEST: Final = QSize(760, 480)
_TABLE_WIDTH: Final = 400
MOST_IMAGES: Final = 60
"""So many images are shown, those first whose verdict changes."""


def images_to_show(comparison: Comparison) -> list[ComparedImage]:
    """Return the images that change: first by verdict, then by how much the mark changes."""

    def rank(image: ComparedImage) -> tuple[bool, float, str]:
        marks = (image.champion_mark, image.challenger_mark)
        change = abs(marks[1] - marks[0]) if marks[0] is not None and marks[1] is not None else 0.0
        return image.verdict_champion == image.verdict_challenger, -change, image.key

    return sorted((image for image in comparison.images if image.changed), key=rank)[:MOST_IMAGES]


class ComparisonWindow(QDialog):
    """Not modal: a click on an image opens it in the window behind.

    Signals:
        image_chosen(str): An image is to be opened; its name in the project.
        models_requested(): The list of all models is to be seen.
    """

    image_chosen = Signal(str)
    models_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Changes")
        self.resize(_SIZE)
        self.setMinimumSize(_SMALLEST)
        self._icon = IconLabel(tokens.ICON_SIZE, self)
        self.head = label("", "title", wrap=True, parent=self)
        self.warning = label("", wrap=True, parent=self)
        self._warning_icon = IconLabel(tokens.ICON_SIZE, self)
        self.rule = label("", "caption", wrap=True, parent=self)
        self.gain = label("", "muted", wrap=True, parent=self)
        self.table = ScoreTable(self)
        self.count = label("", "head", parent=self)
        self.hint = label("", "caption", parent=self)
        self.gallery = ChangeGallery(self)
        self.models_button = QPushButton("All models…", self)
        self.close_button = QPushButton("Close", self)
        self._build()
        self.gallery.chosen.connect(self.image_chosen)
        self.models_button.clicked.connect(self.models_requested)
        self.close_button.clicked.connect(self.close)

    def _build(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(tokens.GAP_M)
        side.addLayout(_with_icon(self._icon, self.head))
        side.addLayout(_with_icon(self._warning_icon, self.warning))
        side.addWidget(self.table)
        side.addWidget(self.gain)
        side.addWidget(self.rule)
        side.addStretch()
        for widget in (self.table, self.rule, self.gain):
            widget.setFixedWidth(_TABLE_WIDTH)
        images = QVBoxLayout()
        images.setSpacing(tokens.GAP_S)
        images.addWidget(self.count)
        images.addWidget(self.hint)
        images.addWidget(self.gallery, 1)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addLayout(side)
        body.addLayout(images, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        buttons.addWidget(self.models_button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        for button in (self.models_button, self.close_button):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, tokens.GAP_L, 20, tokens.GAP_L)
        layout.setSpacing(tokens.GAP_L)
        layout.addLayout(body, 1)
        layout.addLayout(buttons)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison; pictures come later by `set_pictures` of its cards."""
        names = short_name(comparison.champion.name), short_name(comparison.challenger.name)
        self.setWindowTitle(f"Changes from {comparison.champion.name} to {comparison.challenger.name}")
        self._icon.set_icon("success" if comparison.better else "info", "ok" if comparison.better else "muted")
        self.head.setText(comparison.reason)
        self.warning.setText(comparison.too_small)
        self.warning.setVisible(bool(comparison.too_small))
        self._warning_icon.set_icon("warning" if comparison.too_small else "", "review")
        self.rule.setText(f"The rule: {comparison.rule}" if comparison.rule else "")
        self.gain.setText(_gain(comparison))
        self.gain.setVisible(bool(self.gain.text()))
        self.table.show_comparison(comparison)
        changed = sum(image.changed for image in comparison.images)
        self.count.setText(f"{changed:,} of {len(comparison.images):,} validation images change")
        shown = images_to_show(comparison)
        more = f"The {len(shown)} that change most. " if len(shown) < changed else ""
        self.hint.setText(
            f"{more}Blue: approved. Orange: marked by {names[0]} at the left, by {names[1]} at the right."
        )
        self.hint.setVisible(bool(shown))
        empty = "Both models mark every validation image in the same way."
        self.gallery.show_images(shown, names, empty)

    def open_window(self) -> None:
        """Bring the window to the front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _gain(comparison: Comparison) -> str:
    gain, between = comparison.gain, comparison.gain_interval
    if gain is None:
        return ""
    text = f"The mark changes by {gain:+.3f} on average"
    return f"{text} ({between[0]:+.3f} … {between[1]:+.3f} with 95% certainty)." if between else f"{text}."


def _with_icon(icon: IconLabel, text: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(tokens.GAP_S)
    line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(text, 1)
    return line
