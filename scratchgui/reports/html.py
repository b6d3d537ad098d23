"""The report as one HTML file: pictures inside, no network, prints on A4."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scratchgui.core.errors import UserError
from scratchgui.core.images import read_image, read_thumbnail
from scratchgui.core.recipe import percent
from scratchgui.core.verdict import Verdict
from scratchgui.reports import figures
from scratchgui.reports.summary import ReportCancelled, Source
from scratchgui.reports.tables import class_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from scratchgui.core.mask import Mask
    from scratchgui.core.project import Project
    from scratchgui.core.regions import Region
    from scratchgui.reports.figures import Picture
    from scratchgui.reports.summary import ImageResult, ReportSummary

_ORDER = {Verdict.NG: 0, Verdict.REVIEW: 1, Verdict.OK: 2, None: 3}


@dataclass(frozen=True, slots=True)
class HtmlLimits:
    """What keeps a report of a thousand images usable.

    Attributes:
        pages: Images shown large; the worst come first.
        thumbnails: Small pictures in the table of images.
        crops: Defects shown close up, for each image.
        boxes: Defects marked and listed, for each image.
        overview: Longer side of the large picture (px).
    """

    pages: int = 200
    thumbnails: int = 1000
    crops: int = 6
    boxes: int = 40
    overview: int = 1280


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of images."""

    result: ImageResult
    anchor: str
    thumbnail: Picture | None


@dataclass(frozen=True, slots=True)
class Page:
    """One image shown large, with the crops of its largest defects by number."""

    result: ImageResult
    anchor: str
    overview: Picture | None
    crops: dict[int, Picture]
    problem: str = ""


class HtmlReport:
    """Renders one summary.

    Args:
        summary: The numbers.
        project: Where the images lie.
        mask_of: The mask that counts for an image; None when there is none.
        templates: Folder of the templates.
    """

    def __init__(
        self,
        summary: ReportSummary,
        project: Project,
        mask_of: Callable[[str], Mask | None],
        templates: Path,
        limits: HtmlLimits | None = None,
    ) -> None:
        self._summary = summary
        self._project = project
        self._mask_of = mask_of
        self._limits = limits or HtmlLimits()
        self._templates = templates
        self._table = figures.color_table([item.color for item in summary.classes])

    def render(
        self,
        progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> str:
        """Return the document.

        Args:
            progress: Called with the number of pictures done and of all.
            cancelled: Asked before each picture.

        Raises:
            ReportCancelled: `cancelled` said so.
        """
        ordered = sorted(self._summary.results, key=_worst_first)
        shown = [result for result in ordered if result.verdict in (Verdict.NG, Verdict.REVIEW)][: self._limits.pages]
        anchors = {result.rel: f"image-{number}" for number, result in enumerate(shown, 1)}
        steps = _Steps(progress, cancelled, min(len(ordered), self._limits.thumbnails) + len(shown))
        return (
            self._environment()
            .get_template("report.html.j2")
            .render(
                summary=self._summary,
                counts=self._summary.counts,
                rows=self._rows(ordered, anchors, steps),
                pages=self._pages(shown, anchors, steps),
                pages_left_out=sum(self._summary.counts[key] for key in (Verdict.NG, Verdict.REVIEW)) - len(shown),
                limits=self._limits,
                by_inspector=self._summary.decided_by(Source.INSPECTOR),
                by_model=self._summary.decided_by(Source.MODEL),
            )
        )

    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self._templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        names = [item.name for item in self._summary.classes]
        colors = [item.color for item in self._summary.classes]
        environment.filters |= {
            "percent": percent,
            "probability": lambda value: "–" if value is None else f"{value * 100:.0f}%",
            "whole": lambda value: f"{value:,}",
            "moment": _moment,
            "data_uri": _data_uri,
            "class_name": lambda region: class_name(names, region.label),
            "class_color": lambda region: colors[region.label - 1] if region.label <= len(colors) else "#808080",
        }
        return environment

    def _rows(self, ordered: list[ImageResult], anchors: dict[str, str], steps: _Steps) -> Iterator[Row]:
        for index, result in enumerate(ordered):
            picture = None
            if index < self._limits.thumbnails:
                steps.next()
                picture = self._thumbnail(result)
            yield Row(result, anchors.get(result.rel, ""), picture)

    def _thumbnail(self, result: ImageResult) -> Picture | None:
        try:
            return figures.thumbnail(read_thumbnail(self._project.image_path(result.rel), 112))
        except UserError:
            return None  # the row says why the image was not judged, its page why it cannot be shown

    def _pages(self, shown: list[ImageResult], anchors: dict[str, str], steps: _Steps) -> Iterator[Page]:
        for result in shown:
            steps.next()
            yield self._page(result, anchors[result.rel])

    def _page(self, result: ImageResult, anchor: str) -> Page:
        try:
            image = read_image(self._project.image_path(result.rel))
            mask = self._mask_of(result.rel)
        except UserError as error:
            return Page(result, anchor, None, {}, str(error))
        if mask is None or mask.shape != image.shape[:2]:
            return Page(result, anchor, None, {}, "The image is no longer the one that was judged.")
        large = figures.overview(image, mask, self._table, self._limits.overview)
        close: list[Region] = list(result.regions[: self._limits.crops])
        crops = {region.number: figures.crop(image, mask, region, self._table, 240) for region in close}
        return Page(result, anchor, large, crops)


class _Steps:
    """Counts pictures and hears a cancel."""

    def __init__(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool], total: int) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._total = total
        self._done = 0

    def next(self) -> None:
        if self._cancelled():
            raise ReportCancelled
        self._done += 1
        self._progress(self._done, self._total)


def _worst_first(result: ImageResult) -> tuple[int, float]:
    return _ORDER[result.verdict], -(result.judgement.area_ratio if result.judgement else 0.0)


def _moment(when: datetime | None) -> str:
    """Time on this machine's clock, in an order that nobody reads wrongly."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else "–"


def _data_uri(picture: Picture) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(picture.jpeg).decode()
