"""`scratchgui evaluate`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Model = Annotated[Path | None, typer.Option(help="Bundle folder of the model; the starter model without it.")]
_Data = Annotated[Path, typer.Option(help="Folder with images/ and masks/<same name>.png.")]
_List = Annotated[
    Path | None, typer.Option("--list", help="File with one image name a line; a bare name is looked for in --data.")
]
_Threshold = Annotated[float | None, typer.Option(min=0, max=1, help="Threshold; the model card's without it.")]
_MinArea = Annotated[int, typer.Option(min=0, help="Neglect smaller regions (px²).")]
_Tile = Annotated[int, typer.Option(min=32, help="Edge of the tiles that an image is cut into (px).")]
_Device = Annotated[str, typer.Option(help="auto, cpu, gpu, cuda, mps, or torch.")]
_Precision = Annotated[str, typer.Option(help="auto, f32, bf16, or int8 where the model has it.")]
_Out = Annotated[Path | None, typer.Option(help="JSON file for the scores.")]


def evaluate(
    data: _Data,
    model: _Model = None,
    names: _List = None,
    threshold: _Threshold = None,
    min_area: _MinArea = 8,
    tile: _Tile = 512,
    device: _Device = "auto",
    precision: _Precision = "auto",
    out: _Out = None,
) -> int:
    """Compare a model's masks with true ones.

    The exit status is 0, 2 when some images could not be compared, and 1 when none could.
    """
    from scratchgui import paths
    from scratchgui.cli.evaluate_job import Evaluation
    from scratchgui.core.model_card import load_bundle
    from scratchgui.inference.predictor import PredictSettings
    from scratchgui.inference.steady_predictor import open_predictor

    bundle = load_bundle(model or paths.starter_bundle())
    predictor = open_predictor(bundle, PredictSettings(tile=tile), device=device, precision=precision, throughput=True)
    chosen = bundle.card.threshold if threshold is None else threshold
    return Evaluation(predictor, chosen, min_area).run(data, names, out)
