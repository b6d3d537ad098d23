"""`scratchgui infer`: its options."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from scratchgui.core.cutting import Cutting
    from scratchgui.inference.predictor import PredictSettings
    from scratchgui.inference.steady_predictor import SteadyPredictor

HELP = """Find the defects in images: masks, overlays, tables and a summary.

Run again with the same folder of results, it goes on where it stopped: images that were judged before and did not
change are left out. Each image's result is a line of results.jsonl as soon as it is there; summary.json is for scripts.

The exit status is 0 when all went well, 1 when nothing could be judged, 2 when some images could not be judged, and 130
after Ctrl+C (with --watch that is the usual end, and 0)."""

_SOURCE = (
    "An image; a folder; a pattern such as 'parts/**/*.png'; a list of images (a text file *.txt with one path a line, "
    "relative to its own folder); or - for a list on stdin. May be given several times."
)
_Images = Annotated[list[str] | None, typer.Argument(help="More sources, as for --source.", show_default=False)]
_Source = Annotated[list[str] | None, typer.Option(help=_SOURCE, show_default=False)]
_Out = Annotated[Path, typer.Option(help="Folder for the results.")]
_Model = Annotated[Path | None, typer.Option(help="Bundle folder of the model; the starter model without it.")]
_Threshold = Annotated[float, typer.Option(min=0, max=1, help="Probability from which on a pixel is a defect.")]
_LowThreshold = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="Count pixels down to this too where they hang together with one that is a defect."
    ),
]
_MinArea = Annotated[int, typer.Option(min=0, help="Neglect smaller regions (px²).")]
_FillHoles = Annotated[int, typer.Option(min=0, help="Fill what a region encloses up to this size (px²).")]
_CloseGaps = Annotated[int, typer.Option(min=0, help="Join pieces of a scratch across so much (px).")]
_ReviewRatio = Annotated[float, typer.Option(min=0, max=1, help="Up to this share of defect area an image is OK.")]
_NgRatio = Annotated[float, typer.Option(min=0, max=1, help="Above this share it is NG; in between, REVIEW.")]
_Recursive = Annotated[bool, typer.Option(help="Look in subfolders of folders too.")]
_Tile = Annotated[int, typer.Option(min=32, help="Edge of the tiles that an image is cut into (px).")]
_Resize = Annotated[
    int | None, typer.Option(min=32, help="Scale larger images down to this longer side (px); thin scratches suffer.")
]
_Flips = Annotated[bool, typer.Option("--flips", help="Look in four mirrored ways: steadier, four times the time.")]
_Roi = Annotated[str | None, typer.Option(metavar="X,Y,W,H", help="Look at this part of each image alone (px).")]
_Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ZONE",
        help="Look at nothing there (px): a box X,Y,W,H or a polygon 'X,Y X,Y X,Y'. May be given several times.",
        show_default=False,
    ),
]
_Device = Annotated[str, typer.Option(help="auto, cpu, gpu, cuda, mps, or torch.")]
_Precision = Annotated[str, typer.Option(help="auto, f32, bf16, or int8 where the model has it.")]
_Overlays = Annotated[bool, typer.Option(help="Write the images with their defects drawn in.")]
_Probabilities = Annotated[bool, typer.Option("--probabilities", help="Write 8-bit probability images too.")]
_Fresh = Annotated[
    bool, typer.Option("--fresh", help="Forget what is in the folder of results; judge all images anew.")
]
_Watch = Annotated[bool, typer.Option("--watch", help="Go on judging images as they arrive, until Ctrl+C.")]
_Settle = Annotated[
    float, typer.Option(min=0, help="With --watch: a file that cannot be read yet is waited for so long (s).")
]
_UntilIdle = Annotated[
    float | None, typer.Option(min=0, help="With --watch: end after so long without a new image (s).")
]


def infer(
    images: _Images = None,
    source: _Source = None,
    out: _Out = Path("scratchgui-results"),
    model: _Model = None,
    threshold: _Threshold = 0.5,
    low_threshold: _LowThreshold = None,
    min_area: _MinArea = 8,
    fill_holes: _FillHoles = 0,
    close_gaps: _CloseGaps = 0,
    review_area_ratio: _ReviewRatio = 0.0,
    ng_area_ratio: _NgRatio = 0.005,
    recursive: _Recursive = True,
    tile: _Tile = 512,
    resize: _Resize = None,
    flips: _Flips = False,
    roi: _Roi = None,
    ignore: _Ignore = None,
    device: _Device = "auto",
    precision: _Precision = "auto",
    overlays: _Overlays = True,
    probabilities: _Probabilities = False,
    fresh: _Fresh = False,
    watch: _Watch = False,
    settle: _Settle = 10.0,
    until_idle: _UntilIdle = None,
) -> int:
    """Find the defects in images (see HELP)."""
    from scratchgui.cli.image_sources import open_sources
    from scratchgui.cli.infer_job import Inference, make_recipe
    from scratchgui.cli.run_card import Outputs
    from scratchgui.cli.watching import Watch

    recipe = make_recipe(min_area, review_area_ratio, ng_area_ratio)
    cutting = _cutting(threshold, min_area, low_threshold, fill_holes, close_gaps)
    sources = open_sources(_named(source, images), recursive=recursive, skip=out)
    predictor = _open(model, _settings(_Looks(tile, resize or 0, flips), roi, ignore or []), device, precision)
    job = Inference(predictor, cutting, recipe, out, outputs=Outputs(overlays, probabilities), fresh=fresh)
    return job.run(sources, Watch(settle, until_idle) if watch else None)


def _cutting(threshold: float, min_area: int, low_threshold: float | None, fill_holes: int, close_gaps: int) -> Cutting:
    from scratchgui.core.cutting import Cutting

    if low_threshold is not None and low_threshold >= threshold:
        raise typer.BadParameter("--low-threshold has to lie below --threshold.")
    return Cutting(threshold, min_area, low_threshold, fill_holes, close_gaps)


class _Looks(NamedTuple):
    """How images go through the model, as `PredictSettings.of` reads it."""

    tile: int
    resize: int
    flips: bool


def _named(*words: list[str] | None) -> list[str]:
    named = [word for some in words for word in some or ()]
    if not named:
        raise typer.BadParameter("Say what is to be judged: --source FOLDER.")
    return named


def _settings(looks: _Looks, roi: str | None, ignore: list[str]) -> PredictSettings:
    from scratchgui.cli.zones import box_of, polygons_of
    from scratchgui.inference.predictor import PredictSettings

    inside = None if roi is None else box_of(roi, "--roi")
    return replace(PredictSettings.of(looks), inside=inside, ignored=polygons_of(ignore, "--ignore"))


def _open(model: Path | None, settings: PredictSettings, device: str, precision: str) -> SteadyPredictor:
    from scratchgui import paths
    from scratchgui.core.model_card import load_bundle
    from scratchgui.inference.steady_predictor import open_predictor

    bundle = load_bundle(model or paths.starter_bundle())
    return open_predictor(bundle, settings, device=device, precision=precision, throughput=True)
