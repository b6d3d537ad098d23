"""What the command palette finds besides commands: images of the project and recent projects."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from scratchgui.ui.command_palette import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchgui.app.workbench import Workbench

_MOST_IMAGES = 20
_MOST_PROJECTS = 8


def entries(bench: Workbench, query: str) -> list[Entry]:
    """Return recent projects, and images when something was typed.

    Args:
        bench: Where both are opened.
        query: What was typed; an image is found when its name contains every word.
    """
    images = islice(_images(bench, query.casefold().split()), _MOST_IMAGES) if query else ()
    return [*images, *_projects(bench)]


def _images(bench: Workbench, words: list[str]) -> Iterator[Entry]:
    if bench.session.project is None:
        return
    for record in bench.session.images.records:
        name = record.rel.casefold()
        if all(word in name for word in words):
            yield Entry(record.rel, partial(bench.viewing.choose, record.rel), "Images", "", "image")


def _projects(bench: Workbench) -> Iterator[Entry]:
    project = bench.session.project
    here = str(project.images) if project is not None else ""
    for place in bench.store.value.recent[:_MOST_PROJECTS]:
        if place != here:
            path = Path(place)
            run = partial(bench.project.open, place)
            yield Entry(path.name, run, "Recent projects", str(path.parent), "folder", name=place)
