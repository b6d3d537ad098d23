"""Who touches files: on a network share each look at one may take long, and the window must not wait for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def watch_files(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, Path]]:
    """Return a list that is added to at each look at a file: whether by this thread, and the file."""
    window, seen = threading.current_thread(), []

    def watched(name: str) -> Any:
        original = getattr(Path, name)

        def look(path: Path, *args: Any, **kwargs: Any) -> Any:
            seen.append((threading.current_thread() is window, path))
            return original(path, *args, **kwargs)

        return look

    for name in ("stat", "open", "is_file", "read_bytes"):
        monkeypatch.setattr(Path, name, watched(name))
    return seen
