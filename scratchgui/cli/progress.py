"""Progress of a command, on stderr."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID


class Bar:
    """A line of progress; nothing where stderr is no terminal."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def show(self, done: int, total: int | None, note: str = "") -> None:
        """Show how far the work is; None for a total that is not known."""
        self._progress.update(self._task, completed=done, total=total, note=note)

    def begin(self, what: str) -> None:
        """Name another part of the work, of unknown length."""
        self._progress.reset(self._task, description=what, total=None, note="")

    def line(self, text: str) -> None:
        """Write a line above the progress."""
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress_bar(what: str, total: int | None = None, *, time_left: bool = True) -> Iterator[Bar]:
    """Show progress while the block runs.

    Args:
        what: What is being done, in a word or two.
        total: Number of steps; None when it is not known yet.
        time_left: Estimate the time left; switch it off where the note says it.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = [TextColumn("{task.description}", markup=False), BarColumn(bar_width=28), MofNCompleteColumn()]
    remaining = [TimeRemainingColumn()] if time_left else []
    note = TextColumn("{task.fields[note]}", markup=False)
    with Progress(*columns, *remaining, note, console=console, disable=not console.is_terminal) as progress:
        yield Bar(progress, progress.add_task(what, total=total, note=""))
