"""The inspector's answer at a glance: verdict and the rule behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.verdict_look import VERDICT_LOOKS
from scratchgui.ui.widgets.basics import restyle
from scratchgui.ui.widgets.icon_label import IconLabel

if TYPE_CHECKING:
    from scratchgui.core.verdict import Judgement

_ICON: Final = 24
_LINE: Final = 28
_CLOCK: Final = 14


class VerdictSection(QWidget):
    """Icon, word and color of the verdict; below it the rule, on the right the number of defects."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(_ICON, self)
        self._word = QLabel(self)
        self._word.setProperty("role", "verdict")
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._clock = IconLabel(_CLOCK, self)
        self._rule = QLabel(self)
        self._rule.setProperty("role", "muted")
        self._rule.setWordWrap(True)
        self._build()
        self.show_judgement(None, 0)

    def _build(self) -> None:
        # The same height with and without a result: nothing below may jump between two images.
        self._word.setFixedHeight(_LINE)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP_S)
        line.addWidget(self._icon)
        line.addWidget(self._word)
        line.addStretch()
        line.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, tokens.GAP_M, tokens.GAP_M, tokens.GAP_M)
        layout.setSpacing(tokens.GAP_XS)
        layout.addLayout(line)
        below = QHBoxLayout()
        below.setSpacing(tokens.GAP_XS)
        below.addWidget(self._clock)
        below.addWidget(self._rule, 1)
        layout.addLayout(below)

    def show_judgement(self, judgement: Judgement | None, regions: int, stale: str = "") -> None:
        """Show a verdict, or that there is none yet.

        Args:
            judgement: The decision; None before the image was predicted.
            regions: Number of defects on the image.
            stale: Whose prediction it is when it is not one of the model in use, as a sentence: the verdict is gray.
        """
        verdict = None if judgement is None else judgement.verdict
        look = None if verdict is None else VERDICT_LOOKS[verdict]
        self._icon.set_icon(look.icon if look else "", ("muted" if stale else look.token) if look else "")
        self._word.setText(look.word if look else "No result yet")
        shown = "" if verdict is None else "stale" if stale else verdict.value
        restyle(self._word, verdict=shown, role="verdict" if shown else "muted")
        self._count.setText("" if judgement is None else count_text(regions))
        self._rule.setText(" " if judgement is None else stale or judgement.rule)
        self._clock.set_icon("clock" if stale else "", "muted")


def count_text(regions: int) -> str:
    """Return "3 defects"; nothing for none, which the rule says."""
    if regions == 0:
        return ""
    return "1 defect" if regions == 1 else f"{regions:,} defects"
