"""Two of OpenVINO's networks on one file of numbers: what both have is stored once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from scratchgui.core.files import atomic_write_bytes

if TYPE_CHECKING:
    from pathlib import Path

_PLACE = re.compile(r'(?<=\s)offset="(\d+)" size="(\d+)"')
_ALIGNMENT = 64


def share_weights(network: Path, into: Path, target: Path) -> None:
    """Move a network's numbers into the file of another one, and its description beside it.

    The encoder is the same in both versions of a model: of a bundle's 24 MB, the faster version adds 3 instead of 10.

    Args:
        network: Description (.xml) of the network; its numbers lie beside it (.bin).
        into: Description of the other network, whose file of numbers grows by what it lacks; that network stays as
            it is.
        target: Where the description goes; to be read together with the numbers of `into`.

    Raises:
        ValueError: A description is not written as OpenVINO is known to write it.
    """
    description = network.read_text("utf-8")
    _places(description)
    numbers = network.with_suffix(".bin").read_bytes()
    places = _places(into.read_text("utf-8"))
    # What follows belongs to an earlier version of the network that moves in.
    shared = bytearray(into.with_suffix(".bin").read_bytes()[: max(start + size for start, size in places)])
    known = {sha256(shared[start : start + size]).digest(): start for start, size in places}

    def moved(place: re.Match[str]) -> str:
        offset, size = int(place[1]), int(place[2])
        part = numbers[offset : offset + size]
        key = sha256(part).digest()
        if key not in known:
            shared.extend(bytes(-len(shared) % _ALIGNMENT))
            known[key] = len(shared)
            shared.extend(part)
        return f'offset="{known[key]}" size="{size}"'

    moved_description = _PLACE.sub(moved, description)
    atomic_write_bytes(into.with_suffix(".bin"), bytes(shared))
    atomic_write_bytes(target, moved_description.encode())


def _places(description: str) -> list[tuple[int, int]]:
    """Return offset and size of each part of the numbers."""
    places = _PLACE.findall(description)
    if not places or len(places) != description.count(' offset="'):
        raise ValueError("unknown way to say where a network's numbers lie")
    return [(int(offset), int(size)) for offset, size in places]
