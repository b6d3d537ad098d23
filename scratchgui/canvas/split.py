"""A picture of two parts: other layers lie over the image in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scratchgui.core.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scratchgui.canvas.layers import Layer


class Second(Protocol):
    """The second part.

    Attributes:
        layers: What lies over the image there, the lowest first.
    """

    layers: Sequence[Layer]

    @property
    def box(self) -> Box:
        """Its place in the picture (device px)."""


def parts(
    inside: Box, first: Sequence[Layer], second: Second | None, scale: int = 1
) -> Iterator[tuple[Box, Sequence[Layer]]]:
    """Yield the boxes that a box falls into, which do not overlap, with the layers of each.

    Args:
        inside: What is divided.
        first: The layers where the second part is not.
        second: The second part; None when there is only the first.
        scale: So many pixels of the second part's box are one of `inside`.
    """
    if second is None:
        yield inside, first
        return
    other = second.box
    x, y = other.x // scale, other.y // scale
    common = inside.intersection(Box(x, y, other.right // scale - x, other.bottom // scale - y))
    if common.is_empty:
        yield inside, first
        return
    yield common, second.layers
    for rest in (
        Box(inside.x, inside.y, common.x - inside.x, inside.height),
        Box(common.right, inside.y, inside.right - common.right, inside.height),
        Box(common.x, inside.y, common.width, common.y - inside.y),
        Box(common.x, common.bottom, common.width, inside.bottom - common.bottom),
    ):
        if not rest.is_empty:
            yield rest, first
