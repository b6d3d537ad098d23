"""images.csv and defects.csv: one line an image, one line a defect, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from scratchgui.core.files import atomic_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scratchgui.core.regions import Region
    from scratchgui.reports.summary import ImageResult, ReportSummary

IMAGES_FILE = "images.csv"
DEFECTS_FILE = "defects.csv"

# fmt: off
IMAGE_COLUMNS = [
    "image",
    "verdict",
    "rule",
    "defects",
    "area_px2",
    "area_ratio",
    "max_probability",
    "decided_by",
    "status",
    "inspector",
    "decided_at",
    "model",
    "threshold",
    "width_px",
    "height_px",
    "problem",
]
DEFECT_COLUMNS = [
    "image",
    "defect",
    "class",
    "x_px",
    "y_px",
    "width_px",
    "height_px",
    "area_px2",
    "area_ratio",
    "mean_probability",
    "max_probability",
    "decided_by",
]
# fmt: on

# A spreadsheet runs a cell that begins with one of these as a formula; a quote in front makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | None


def write_tables(summary: ReportSummary, folder: Path) -> list[Path]:
    """Write both tables into a folder (see `write_image_table` and `write_defect_table`).

    Returns:
        The two files.

    Raises:
        OSError: The folder cannot be written.
    """
    write_image_table(folder / IMAGES_FILE, summary.results)
    write_defect_table(folder / DEFECTS_FILE, summary.results, [item.name for item in summary.classes])
    return [folder / IMAGES_FILE, folder / DEFECTS_FILE]


def write_image_table(path: Path, results: Iterable[ImageResult]) -> None:
    """Write a line for each image, as UTF-8 with a byte order mark (Excel needs it) and a dot for decimals.

    Raises:
        OSError: The folder cannot be written.
    """
    _write(path, IMAGE_COLUMNS, (_image_row(result) for result in results))


def write_defect_table(path: Path, results: Iterable[ImageResult], classes: Sequence[str]) -> None:
    """Write a line for each defect, as in `write_image_table`.

    Raises:
        OSError: The folder cannot be written.
    """
    rows = (_defect_row(result, region, classes) for result in results for region in result.regions)
    _write(path, DEFECT_COLUMNS, rows)


def _image_row(result: ImageResult) -> list[Cell]:
    width, height = result.size or (None, None)
    judgement = result.judgement
    return [
        result.rel,
        judgement.verdict.value if judgement else "not judged",
        judgement.rule if judgement else "",
        len(result.regions) if judgement else None,
        result.area if judgement else None,
        _decimals(judgement.area_ratio if judgement else None, 8),
        _decimals(result.max_probability, 4),
        result.source.value if result.source else "",
        result.status.value,
        result.who,
        result.when.isoformat(timespec="seconds") if result.when else "",
        result.model_id or "",
        result.threshold,
        width,
        height,
        result.failure,
    ]


def _defect_row(result: ImageResult, region: Region, classes: Sequence[str]) -> list[Cell]:
    box = region.box
    return [
        result.rel,
        region.number,
        class_name(classes, region.label),
        box.x,
        box.y,
        box.width,
        box.height,
        region.area,
        _decimals(region.area_ratio, 8),
        _decimals(region.mean_probability, 4),
        _decimals(region.max_probability, 4),
        result.source.value if result.source else "",
    ]


def class_name(classes: Sequence[str], label: int) -> str:
    """Return the name of the class of a label (1 …); the label itself when the list does not have it."""
    return classes[label - 1] if 1 <= label <= len(classes) else f"class {label}"


def _decimals(value: float | None, digits: int) -> str | None:
    """A number without exponent: spreadsheets of many countries take 4e-05 for text."""
    return None if value is None else f"{value:.{digits}f}"


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with atomic_writer(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
        writer = csv.writer(text)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_harmless(cell) for cell in row])
        text.detach()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
