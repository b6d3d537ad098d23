"""ScratchGUI: find, correct, learn and report scratches on surfaces."""

from __future__ import annotations


def __getattr__(name: str) -> str:
    """Look the version up when it is asked for: reading the metadata takes longer than the rest of this package."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("scratchgui")
    except PackageNotFoundError:
        return "unknown"
