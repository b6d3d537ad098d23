"""`scratchgui infer`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Source = Annotated[Path, typer.Option(help="Folder of images, or one image.")]
_Out = Annotated[Path, typer.Option(help="Folder for the results.")]
_Model = Annotated[Path | None, typer.Option(help="Bundle folder of the model; the starter model without it.")]
_Threshold = Annotated[float, typer.Option(min=0, max=1, help="Probability from which on a pixel is a defect.")]
_Recursive = Annotated[bool, typer.Option(help="Look in subfolders too.")]
_Tile = Annotated[int, typer.Option(min=32, help="Edge of the tiles that an image is cut into (px).")]
_Resize = Annotated[
    int | None, typer.Option(min=32, help="Scale larger images down to this longer side (px); thin scratches suffer.")
]
_Device = Annotated[str, typer.Option(help="auto, cpu, cuda, mps, or torch.")]
_Precision = Annotated[str, typer.Option(help="auto, f32 or bf16.")]
_Probabilities = Annotated[bool, typer.Option("--probabilities", help="Write 8-bit probability images too.")]
_MinArea = Annotated[int, typer.Option(min=0, help="Neglect smaller regions (px²).")]
_ReviewRatio = Annotated[float, typer.Option(min=0, max=1, help="Up to this share of defect area an image is OK.")]
_NgRatio = Annotated[float, typer.Option(min=0, max=1, help="Above this share it is NG; in between, REVIEW.")]


def infer(
    source: _Source,
    out: _Out = Path("scratchgui-results"),
    model: _Model = None,
    threshold: _Threshold = 0.5,
    recursive: _Recursive = True,
    tile: _Tile = 512,
    resize: _Resize = None,
    device: _Device = "auto",
    precision: _Precision = "auto",
    probabilities: _Probabilities = False,
    min_area: _MinArea = 8,
    review_area_ratio: _ReviewRatio = 0.0,
    ng_area_ratio: _NgRatio = 0.005,
) -> int:
    """Find the defects in images: masks, overlays, tables and a summary.

    The exit status is 0, 2 when some images could not be judged, and 1 when none could.
    """
    from scratchgui import paths
    from scratchgui.cli.infer_job import Inference, make_recipe
    from scratchgui.core.model_card import load_bundle
    from scratchgui.inference.predictor import PredictSettings
    from scratchgui.inference.steady_predictor import open_predictor

    recipe = make_recipe(min_area, review_area_ratio, ng_area_ratio)
    bundle = load_bundle(model or paths.starter_bundle())
    settings = PredictSettings(tile=tile, resize=resize)
    predictor = open_predictor(bundle, settings, device=device, precision=precision)
    return Inference(predictor, recipe, threshold, out, probabilities=probabilities).run(source, recursive=recursive)
