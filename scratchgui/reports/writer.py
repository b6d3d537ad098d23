"""One door to all kinds of reports, for the window and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.core.files import atomic_write_text
from scratchgui.reports.summary import ReportSummary, find_mask, summarize_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.core.mask import Mask
    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project
    from scratchgui.reports.summary import ModelMasks

HTML_FILE = "report.html"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What to write where.

    Attributes:
        folder: Where the files go; made when missing.
        templates: Folder of the report's templates.
        html: Write report.html.
        csv: Write images.csv and defects.csv.
        inspector: Name for the head of the report; empty takes the names in the annotations.
        images: Names of the images to report on; None for all of the project.
    """

    folder: Path
    templates: Path
    html: bool = True
    csv: bool = True
    inspector: str = ""
    images: tuple[str, ...] | None = None


def write_report(
    project: Project,
    card: ModelCard | None,
    predictions: ModelMasks,
    options: ReportOptions,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[ReportSummary, list[Path]]:
    """Write a project's report.

    Args:
        project: The project.
        card: The model in use; None without one.
        predictions: What that model marks.
        options: What to write where.
        progress: Called with the steps done and all steps known so far.
        cancelled: Asked before each image; a cancelled report leaves the old files as they are.

    Returns:
        The numbers, and the files that were written.

    Raises:
        ReportCancelled: `cancelled` said so.
        UserError: The project's images are gone, it has none, or the folder cannot be written.
    """
    names, who = options.images, options.inspector
    summary = summarize_project(
        project, card, predictions, images=names, inspector=who, progress=progress, cancelled=cancelled
    )
    if not summary.results:
        raise UserError("There are no images to report on", path=project.images)
    try:
        return summary, _write(summary, project, predictions, options, progress, cancelled)
    except OSError as error:
        raise UserError(f"The report cannot be written ({error.strerror})", path=options.folder) from error


def _write(
    summary: ReportSummary,
    project: Project,
    predictions: ModelMasks,
    options: ReportOptions,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> list[Path]:
    """Write all files beside their places first: a new page beside old tables would contradict them."""
    page = _page(summary, project, predictions, options, progress, cancelled) if options.html else None
    options.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".report-", dir=options.folder) as place:
        written: list[Path] = []
        if page is not None:
            atomic_write_text(Path(place) / HTML_FILE, page)
            written.append(Path(place) / HTML_FILE)
        if options.csv:
            from scratchgui.reports.tables import write_tables

            written += write_tables(summary, Path(place))
        return [path.replace(options.folder / path.name) for path in written]


def _page(
    summary: ReportSummary,
    project: Project,
    predictions: ModelMasks,
    options: ReportOptions,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> str:
    from scratchgui.reports.html import HtmlReport

    def mask_of(rel: str) -> Mask | None:
        finding = find_mask(project, rel, predictions)
        return finding.mask if finding else None

    return HtmlReport(summary, project, mask_of, options.templates).render(progress, cancelled)
