"""`scratchgui report`: a project's report without the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project

_Project = Annotated[Path, typer.Option(help="Project folder, or the folder of images that it belongs to.")]
_Out = Annotated[Path, typer.Option(help="Folder for the report.")]
_Html = Annotated[bool, typer.Option(help="Write report.html.")]
_Csv = Annotated[bool, typer.Option(help="Write images.csv and defects.csv.")]


def report(project: _Project, out: _Out, html: _Html = True, csv: _Csv = True) -> int:
    """Report on a project: verdicts and defects of its images, as HTML and as tables.

    The inspector's masks count, else what the project's model marked in the window.
    """
    from scratchgui import paths
    from scratchgui.cli.console import complain, plural, say
    from scratchgui.cli.progress import progress_bar
    from scratchgui.cli.sources import open_project
    from scratchgui.core.model_card import ModelKey
    from scratchgui.inference.predictor import PredictSettings
    from scratchgui.inference.stored import StoredMasks
    from scratchgui.reports.writer import ReportOptions, write_report
    from scratchgui.settings import SettingsStore

    if not (html or csv):
        complain("There is nothing to write: leave out --no-html or --no-csv.")
        return 1
    opened = open_project(project)
    card = _card(opened)
    # The window keeps predictions under the settings that made them.
    settings = PredictSettings.of(SettingsStore().load())
    masks = StoredMasks(opened, card.key if card else ModelKey(""), settings)
    options = ReportOptions(out, paths.resources_dir() / "report", html=html, csv=csv)
    with progress_bar("Reporting") as bar:
        summary, files = write_report(opened, card, masks, options, progress=bar.show)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in summary.counts.items())
    say(f"{plural(len(summary.results), 'image')}: {counts}, {summary.not_judged} not judged")
    for file in files:
        say(str(file))
    return 0


def _card(project: Project) -> ModelCard | None:
    """Return the card of the model that the project uses; without it, the inspector's masks are reported alone."""
    from scratchgui import paths
    from scratchgui.cli.console import complain
    from scratchgui.cli.sources import model_folder
    from scratchgui.core.errors import BundleError
    from scratchgui.core.model_card import load_card

    try:
        return load_card(model_folder(project, paths.starter_bundle()))
    except BundleError as error:
        complain(f"{error} What it marked is left out.")
        return None
