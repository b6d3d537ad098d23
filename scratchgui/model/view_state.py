"""How an image is looked at, without changing it: gray levels, comparing, aids to find one's way."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from scratchgui.core.tone import Tone
from scratchgui.model.watched import Watched, integer, number

DEEPEST = 65535
"""Largest value of a 16-bit image."""

Window = tuple[int, int] | None


class Side(StrEnum):
    """What can be shown beside something else, or alone for a moment."""

    RAW = "raw"
    PREDICTION = "prediction"
    MASK = "mask"
    PREVIOUS = "previous"


def _limited(tone: Tone) -> Tone:
    brightness, contrast = (min(max(round(value), -100), 100) for value in (tone.brightness, tone.contrast))
    return Tone(brightness, contrast, min(max(float(tone.gamma), 0.2), 5.0))


def _ordered(window: Window) -> Window:
    if window is None:
        return None
    low = min(max(int(window[0]), 0), DEEPEST - 1)
    return low, min(max(int(window[1]), low + 1), DEEPEST)


class ViewState(QObject):
    """The state of the view. Setting an attribute brings it into its range and emits `<name>_changed`.

    Attributes:
        tone: Brightness, contrast and gamma.
        local_contrast: Whether the contrast is stretched part by part.
        automatic: Values of a 16-bit image that are black and white for the model; None while they are not known.
        window: Values of a 16-bit image that are black and white; None for what the model gets.
        held: What is shown alone while a key is held; None for everything.
        swipe: Whether two sides are compared.
        left: What the left side shows.
        right: What the right side shows.
        divider: Where the sides meet: 0 at the view's left edge … 1 at its right edge.
        previous_known: Whether there is a prediction of the previous model for this image.
        loupe: Whether a magnifying glass follows the mouse.
        mini_map: Whether a small picture of the whole image shows where the view is.
        scale_bar: Whether a bar shows lengths.
        rulers: Whether rulers run along the edges.
        mm_per_px: Size of an image pixel (mm); None as long as it is not known.
        turn: Quarter turns clockwise by which the view is rotated, 0 … 3.
    """

    tone_changed = Signal(object)
    local_contrast_changed = Signal(bool)
    window_changed = Signal(object)
    automatic_changed = Signal(object)
    held_changed = Signal(object)
    swipe_changed = Signal(bool)
    left_changed = Signal(object)
    right_changed = Signal(object)
    divider_changed = Signal(float)
    previous_known_changed = Signal(bool)
    loupe_changed = Signal(bool)
    mini_map_changed = Signal(bool)
    scale_bar_changed = Signal(bool)
    rulers_changed = Signal(bool)
    mm_per_px_changed = Signal(object)
    turn_changed = Signal(int)

    tone = Watched(Tone(), _limited)
    local_contrast = Watched(False, bool)
    window: Watched[Window] = Watched(None, _ordered)
    automatic: Watched[tuple[float, float] | None] = Watched(None, lambda levels: levels)
    held: Watched[Side | None] = Watched(None, lambda side: side)
    swipe = Watched(False, bool)
    left = Watched(Side.RAW, Side)
    right = Watched(Side.PREDICTION, Side)
    divider = Watched(0.5, number(0, 1))
    previous_known = Watched(False, bool)
    loupe = Watched(False, bool)
    mini_map = Watched(False, bool)
    scale_bar = Watched(False, bool)
    rulers = Watched(False, bool)
    mm_per_px: Watched[float | None] = Watched(None, lambda size: size if size and size > 0 else None)
    turn = Watched(0, lambda turn: integer(0, 3)(turn % 4))

    @property
    def is_neutral(self) -> bool:
        """Tell whether the image is shown with the gray levels that the model sees."""
        return self.tone.is_neutral and not self.local_contrast and self.window is None

    def set_tone(self, **parts: float) -> None:
        """Change brightness, contrast or gamma alone."""
        self.tone = replace(self.tone, **parts)  # type: ignore[arg-type]  # rounded when set

    def reset_tone(self) -> None:
        """Show the gray levels that the model sees."""
        self.tone, self.local_contrast, self.window = Tone(), False, None
