"""What all benchmarks share: rows with bars, a table, `--json`, `--quick` and `--check`."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Row:
    """One figure of a benchmark.

    Attributes:
        name: What was measured.
        value: Its median, or another percentile that the name tells.
        unit: Its unit; "×" for a ratio.
        bar: The limit it must keep to; None for orientation only.
        ok: Whether it does.
        spread: Smallest and largest value seen.
        at_least: The bar is to be reached, not to be kept below.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    ok: bool = True
    spread: tuple[float, float] | None = None
    at_least: bool = False


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Return how long something takes (ms), several times."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return took


def row(name: str, values: Sequence[float], unit: str, *, at_most: float | None = None, percent: float = 50) -> Row:
    """Make a row of the median of several values, or of another percentile, with an upper bar."""
    value = statistics.median(values) if percent == 50 else float(np.percentile(values, percent))
    return Row(name, value, unit, at_most, at_most is None or value <= at_most, (min(values), max(values)))


def at_least(name: str, value: float, unit: str, bar: float) -> Row:
    """Make a row that must reach a bar."""
    return Row(name, value, unit, bar, value >= bar, at_least=True)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of a benchmark's command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    parser.add_argument("--quick", action="store_true", help="a one-minute version with the same rows")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a row misses its bar")
    return parser


def report(title: str, rows: Sequence[Row], options: argparse.Namespace) -> int:
    """Print the table, write the JSON, and return the exit status."""
    table = Table(title=title)
    for heading in ("what", "value", "range", "unit", "bar", ""):
        table.add_column(heading, justify="left" if heading in ("what", "unit") else "right")
    for item in rows:
        low_high = "" if item.spread is None else f"{item.spread[0]:.4g} … {item.spread[1]:.4g}"
        bar = "" if item.bar is None else f"{'≥' if item.at_least else '≤'} {item.bar:g}"
        table.add_row(item.name, f"{item.value:.4g}", low_high, item.unit, bar, "" if item.ok else "MISSED")
    Console().print(table)
    if options.json:
        options.json.write_text(json.dumps({"rows": [asdict(item) for item in rows]}, indent=2) + "\n")
    return int(options.check and not all(item.ok for item in rows))
