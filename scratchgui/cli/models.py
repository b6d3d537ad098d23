"""`scratchgui models`: the models of a project, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Project = Annotated[Path, typer.Option(help="Project folder, or the folder of images that it belongs to.")]
_Id = Annotated[str, typer.Argument(help="Id of the model, or the first letters of it; starter for the starter model.")]
_Name = Annotated[str, typer.Argument(help="The new name.")]

models = typer.Typer(no_args_is_help=True)


@models.command("list", short_help="List the models of a project.")
def list_(project: _Project) -> int:
    """List the models of a project: the starter model, then its own, the oldest first; * is the one in use."""
    from scratchgui.cli.models_job import Models

    return Models.of(project).list()


@models.command(short_help="Show what is known about a model.")
def show(model: _Id, project: _Project) -> int:
    """Show a model's card: what it learned from, its scores with their intervals, and what computed it."""
    from scratchgui.cli.models_job import Models

    return Models.of(project).show(model)


@models.command(short_help="Show what was marked before it was corrected.")
def record(project: _Project) -> int:
    """Show, image by image in the order of reviewing, how well it was marked before it was corrected."""
    from scratchgui.cli.models_job import Models

    return Models.of(project).record()


@models.command(short_help="Use another model from now on.")
def promote(model: _Id, project: _Project) -> int:
    """Use another model from now on; close the window of the project first."""
    from scratchgui.cli.models_job import Models

    return Models.of(project).promote(model)


@models.command(short_help="Use the model before again.")
def rollback(project: _Project) -> int:
    """Use the model before again; a second time undoes the first. Close the window of the project first."""
    from scratchgui.cli.models_job import Models

    return Models.of(project).rollback()


@models.command(short_help="Give a model another name.")
def rename(model: _Id, name: _Name, project: _Project) -> int:
    """Give a model of the project another name."""
    from scratchgui.cli.models_job import Models

    return Models.of(project).rename(model, name)


@models.command(short_help="Delete a model that is not used.")
def delete(model: _Id, project: _Project) -> int:
    """Delete a model and what it predicted; not the one in use, and not the one before it.

    Until another one is deleted it lies in models/.deleted of the project.
    """
    from scratchgui.cli.models_job import Models

    return Models.of(project).delete(model)
