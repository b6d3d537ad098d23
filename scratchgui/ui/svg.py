"""Reading the icons' SVG files, colored on the way."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def icons_folder() -> Path:
    """Return the folder of the icons: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources" / "icons"
    return inside if inside.is_dir() else package.parent / "resources" / "icons"


def icon_path(name: str) -> Path:
    """Return the file of an icon, whether it exists or not."""
    return icons_folder() / f"{name}.svg"


def svg_bytes(name: str, color: str) -> bytes:
    """Return an icon's SVG with ``currentColor`` replaced by ``color`` (#rrggbb)."""
    return _source(name).replace("currentColor", color).encode()


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return icon_path(name).read_text(encoding="utf-8")
