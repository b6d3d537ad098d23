"""Colors that belong to the data: classes, and the neutral gray around an image."""

from __future__ import annotations

from typing import Final

CLASS_COLORS: Final = ("#ff5a1f", "#56b4e9", "#f0e442", "#cc79a7", "#00b894", "#b388ff")
"""Colors of class 1 … 6, told apart by color-blind people too; further classes begin again."""

SURROUND_DARK: Final = "#202020"


def class_color(label: int) -> str:
    """Return the color of class 1 … 255 as #rrggbb."""
    return CLASS_COLORS[(label - 1) % len(CLASS_COLORS)]
