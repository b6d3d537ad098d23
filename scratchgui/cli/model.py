"""`scratchgui model`: one model, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Onnx = Annotated[Path, typer.Option(help="The new file: OUT.onnx.")]
_Model = Annotated[Path | None, typer.Option(help="Bundle folder of the model; the starter model without it.")]
_Project = Annotated[Path | None, typer.Option(help="Project whose model in use is written, instead of --model.")]

model = typer.Typer(no_args_is_help=True)


@model.callback()
def about() -> None:
    """One model, for other programs."""


@model.command(short_help="Write a model as ONNX.")
def export(onnx: _Onnx, model: _Model = None, project: _Project = None) -> int:
    """Write a model as ONNX, for programs that read that: images of any number and size to probabilities.

    Input: image, float32 (N, 3, H, W), RGB, normalized as the file's metadata say, sides a multiple of 32. Output:
    probability, float32 (N, classes, H, W). The file is compared with the original before it is put in its place.
    """
    from scratchgui import paths
    from scratchgui.cli.console import say
    from scratchgui.cli.onnx_process import write_onnx
    from scratchgui.cli.sources import model_folder, open_project
    from scratchgui.core.errors import UserError
    from scratchgui.core.model_card import load_bundle

    if model is not None and project is not None:
        raise UserError("A model comes from one place", hint="Give --model or --project, not both.")
    starter = paths.starter_bundle()
    folder = model_folder(open_project(project), starter) if project else model or starter
    bundle = load_bundle(folder)
    write_onnx(bundle.folder, onnx)
    say(f"{bundle.card.name} ({bundle.card.id}) is written to {onnx}")
    return 0
