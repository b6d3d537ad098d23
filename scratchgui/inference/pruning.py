"""Makes room: predictions of models that are used no longer."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_log = logging.getLogger(__name__)

_REST_SECONDS = 24 * 3600.0
"""So long nothing must have been written for a model: another window may still be at work with it."""
_AT_ONCE_SECONDS = 3.0
_UNUSED = ".unused-"
"""Before the name of a folder that is being removed; no id of a model begins with a dot."""


def remove_unused(folder: Path, keep: Collection[str], *, seconds: float = _AT_ONCE_SECONDS) -> int:
    """Remove the predictions of all models but some; what cannot be removed stays.

    Where a window uses a model that is removed all the same, it predicts anew.

    Args:
        folder: The project's predictions, one folder a model.
        keep: Ids of the models whose predictions stay.
        seconds: So long at most; what is left then goes the next time.

    Returns:
        The number of files removed.
    """
    until = time.monotonic() + seconds
    removed = 0
    for name in _models(folder):
        if name in keep or not (name.startswith(_UNUSED) or _rests(folder / name)):
            continue
        try:
            count, done = _remove(_set_aside(folder / name), until)
        except OSError as error:
            _log.warning("Predictions of %s cannot be removed: %s", name, error)
            continue
        removed += count
        _log.info("Removed %d files of predictions of %s, which is used no longer", count, name.removeprefix(_UNUSED))
        if not done:
            break
    return removed


def _models(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:  # nothing was predicted yet
        return []


def _rests(folder: Path) -> bool:
    """Tell whether nothing was written in a folder for a while: each new file changes the time of its folder."""
    try:
        newest = max(os.stat(place).st_mtime for place, _, _ in os.walk(folder))
    except (OSError, ValueError):
        return False
    return time.time() - newest > _REST_SECONDS


def _set_aside(folder: Path) -> Path:
    """Rename a folder, so that none of its predictions is found while they are removed one by one."""
    if folder.name.startswith(_UNUSED):
        return folder
    aside = folder.with_name(_UNUSED + folder.name)
    os.rename(folder, aside)
    return aside


def _remove(folder: Path, until: float) -> tuple[int, bool]:
    """Remove a folder's files, then the folder; return how many files went and whether all did in time."""
    count = 0
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            if time.monotonic() > until:
                return count, False
            os.unlink(os.path.join(place, name))
            count += 1
        os.rmdir(place)
    return count, True
