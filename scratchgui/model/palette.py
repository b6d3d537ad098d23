"""Colors that belong to the data: classes, verdicts and the neutral grays around an image."""

from __future__ import annotations

from typing import Final

from scratchgui.core.verdict import Verdict

CLASS_COLORS: Final = ("#ff5a1f", "#56b4e9", "#f0e442", "#cc79a7", "#00b894", "#b388ff")
"""Colors of class 1 … 6, told apart by color-blind people too; further classes begin again."""

VERDICT_COLORS_DARK: Final = {Verdict.OK: "#46b877", Verdict.REVIEW: "#e3ad3c", Verdict.NG: "#ea5a52"}
VERDICT_COLORS_LIGHT: Final = {Verdict.OK: "#1f8a4c", Verdict.REVIEW: "#a86f00", Verdict.NG: "#c8322b"}

SURROUND_DARK: Final = "#202020"
SURROUND_LIGHT: Final = "#d0d0d0"


def class_color(label: int) -> str:
    """Return the color of class 1 … 255 as #rrggbb."""
    return CLASS_COLORS[(label - 1) % len(CLASS_COLORS)]
