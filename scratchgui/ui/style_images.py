"""The few pictures a style sheet needs, recolored and registered in memory as ``:/scratchgui/<name>.svg``.

A style sheet takes pictures by file name only. Qt's resource system also takes them from memory, so
nothing is written to disk and the colors stay in the theme.
"""

from __future__ import annotations

import struct
from typing import Final

from PySide6.QtCore import qRegisterResourceData

_FOLDER: Final = "scratchgui"
_DIRECTORY: Final = 2
_ANY_LOCALE: Final = (0, 1)  # QLocale.AnyTerritory, QLocale.C

# Qt keeps pointers to what was registered.
_kept: list[tuple[bytes, bytes, bytes]] = []
_registered: set[str] = set()


def register(files: dict[str, bytes]) -> None:
    """Make files readable as ``:/scratchgui/<name>``; names already known are left as they are."""
    new = {name: data for name, data in files.items() if name not in _registered}
    if not new:
        return
    parts = _pack(new)
    if not qRegisterResourceData(1, *parts):
        raise RuntimeError("Qt refused the pictures of the style sheet")
    _kept.append(parts)
    _registered.update(new)


def _hash(name: str) -> int:
    """Qt's own hash of a resource's name; the entries of a folder are sorted by it."""
    value = 0
    for char in name:
        value = (value << 4) + ord(char)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value


def _pack(files: dict[str, bytes]) -> tuple[bytes, bytes, bytes]:
    """Return (tree, names, data) in the format that ``rcc`` writes, version 1."""
    names, data = b"", b""
    tree = struct.pack(">IHII", 0, _DIRECTORY, 1, 1)
    entries = []
    for name in [_FOLDER, *sorted(files, key=_hash)]:
        entries.append(len(names))
        names += struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be")
    tree += struct.pack(">IHII", entries[0], _DIRECTORY, len(files), 2)
    for offset, name in zip(entries[1:], sorted(files, key=_hash), strict=True):
        tree += struct.pack(">IHHHI", offset, 0, *_ANY_LOCALE, len(data))
        data += struct.pack(">I", len(files[name])) + files[name]
    return tree, names, data
