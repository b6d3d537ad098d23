"""Tables on stdout: with rules on a terminal, plain columns where the output is read by something else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scratchgui.cli.console import say, score_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.bootstrap import Interval


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()) -> None:
    """Write a table.

    Args:
        head: Name of each column.
        rows: Cells, as many a row as there are columns.
        numbers: Columns whose cells end below each other.
    """
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, header_style="bold", pad_edge=False)
        for column, name in enumerate(head):
            table.add_column(Text(name), justify="right" if column in numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console().print(table)
        return
    lines = [head, *rows] if any(head) else list(rows)
    widths = [max((len(line[column]) for line in lines), default=0) for column in range(len(head))]
    for line in lines:
        cells = (
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        say("  ".join(cells).rstrip())


def interval_text(interval: Interval | None) -> str:
    """Return where a score lies with 95% certainty; "" where that cannot be told."""
    return "" if interval is None else f"{interval[0]:.4f} … {interval[1]:.4f}"


def estimate_text(value: float | None, interval: Interval | None) -> str:
    """Return a score, with its interval where that is known."""
    return score_text(value) if interval is None else f"{score_text(value)} ({interval_text(interval)})"
