"""Where the project of a folder of images can lie."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scratchgui.core.files import is_writable_folder

if TYPE_CHECKING:
    from pathlib import Path


def short_name(folder: Path) -> str:
    """Return the folder's name, cut so that there is room for more in a file name."""
    return folder.name.encode()[:200].decode(errors="ignore") or "images"


def fallback_places(folder: Path, fallback: Path | None) -> list[Path]:
    """Return where the project of a folder may lie but in the folder itself; `fallback` is the folder above."""
    if fallback is None:
        return []
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    return [fallback / f"{short_name(folder)}-{digest}"]


def writable_places(folder: Path, name: str, fallback: Path | None) -> list[Path]:
    """Return where a project of a folder can be made: in its subfolder of a name, or under `fallback`."""
    places = [folder / name] if is_writable_folder(folder) else []
    for place in fallback_places(folder, fallback):
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        places.append(place)
    return places
