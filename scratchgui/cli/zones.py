"""Which parts of images the user names in the options of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchgui.inference.views import Polygon

_FARTHEST = 10_000_000
"""Larger numbers (px) are typing errors, and more than polygons can be drawn with."""


def box_of(text: str, option: str) -> Box:
    """Return the part of an image that "X,Y,W,H" names (px).

    Raises:
        BadParameter: It names none; the sentence names the option.
    """
    numbers = _numbers(text)
    if len(numbers) != 4:
        raise typer.BadParameter(f"{text!r} is not X,Y,W,H, as in {option} 100,50,800,600.")
    x, y, width, height = numbers
    if min(x, y) < 0 or min(width, height) < 1:
        raise typer.BadParameter(f"{text!r} is no part of an image.")
    return Box(x, y, width, height)


def polygons_of(texts: Iterable[str], option: str) -> tuple[Polygon, ...]:
    """Return the corners of boxes "X,Y,W,H" and of polygons "X,Y X,Y X,Y …" (px).

    Raises:
        BadParameter: One is neither; the sentence names the option.
    """
    return tuple(_polygon(text, option) for text in texts)


def _polygon(text: str, option: str) -> Polygon:
    words = text.split()
    if len(words) == 1:
        box = box_of(text, option)
        right, bottom = box.right - 1, box.bottom - 1  # a polygon's outline belongs to it
        return (box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)
    corners = [_numbers(word) for word in words]
    if len(corners) < 3 or any(len(corner) != 2 for corner in corners):
        raise typer.BadParameter(
            f"{text!r} is neither X,Y,W,H nor the corners of a polygon, as in {option} '0,0 9,0 9,9'."
        )
    return tuple((x, y) for x, y in corners)


def _numbers(text: str) -> list[int]:
    """Return the whole numbers between commas; none where something else is among them, or one is absurd."""
    try:
        numbers = [int(number) for number in text.split(",")]
    except ValueError:
        return []
    return numbers if max(map(abs, numbers)) <= _FARTHEST else []
