"""How long things may move: 120 ms at most, and not at all where the user or the system wants it so."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QApplication, QStyle

LONGEST_MS: Final = 120


class _Motion:
    reduced = False


_motion = _Motion()


def set_reduced(reduced: bool) -> None:
    """Switch all motion off, or back on."""
    _motion.reduced = reduced


def duration() -> int:
    """Return how long a movement takes (ms); 0 for none."""
    style = QApplication.style()
    allowed = style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
    return LONGEST_MS if allowed and not _motion.reduced else 0
