"""`scratchgui train`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scratchgui.core.errors import TrainingError

_Data = Annotated[
    Path | None,
    typer.Option(help="Folder with images/, masks/ and, if there, train.txt and val.txt (one name a line)."),
]
_Project = Annotated[Path | None, typer.Option(help="Project whose reviewed images to learn from, instead of --data.")]
_Epochs = Annotated[int, typer.Option(min=1, help="Passes over the images.")]
_BatchSize = Annotated[int, typer.Option(min=1, help="Crops for one step of the optimizer.")]
_Rate = Annotated[float, typer.Option(help="Highest learning rate.")]
_Minutes = Annotated[float | None, typer.Option(help="Time for the training (min), instead of --epochs.")]
_Patience = Annotated[
    int | None,
    typer.Option(
        min=1, help="End when so many examinations in a row find nothing better; --minutes is the limit then."
    ),
]
_Crop = Annotated[int, typer.Option(min=32, help="Side of the square crops (px), a multiple of 32.")]
_Encoder = Annotated[str | None, typer.Option(help="Start anew with this encoder of segmentation-models-pytorch.")]
_Decoder = Annotated[
    str | None, typer.Option(help="Start anew with this decoder: Unet, UnetPlusPlus, MAnet, Linknet, FPN, …")
]
_EncoderWeights = Annotated[
    str | None, typer.Option(help="Start anew from the encoder's weights: imagenet (downloads) or a .safetensors file.")
]
_Model = Annotated[
    Path | None, typer.Option(help="Bundle to start from; else the project's model, or the starter model.")
]
_ClassWeight = Annotated[
    list[float] | None,
    typer.Option(help="How much a class counts; once for each class, in their order. Only the ratios matter."),
]
_FreezeEncoder = Annotated[
    float, typer.Option(min=0, max=1, help="Share of the training at its start in which the encoder stays as it is.")
]
_Deterministic = Annotated[
    bool, typer.Option("--deterministic", help="Equal runs give equal models on a processor; slower, with --epochs.")
]
_Device = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]
_Seed = Annotated[int, typer.Option(help="Seed of the random numbers.")]
_Workers = Annotated[int | None, typer.Option(min=0, help="Processes that prepare crops; else as it fits the device.")]
_Half = Annotated[bool, typer.Option("--half", help="Round the weights to 16 bits, which halves the bundle.")]
_Int8 = Annotated[bool, typer.Option(help="Make a faster version too (some 20 s), and keep it if it finds as much.")]
_Name = Annotated[str, typer.Option(help="Name of the new model.")]
_Out = Annotated[
    Path | None,
    typer.Option(help="Folder of the new bundle; scratchgui-model, or with --project in the training's folder."),
]


_Resume = Annotated[
    Path | None, typer.Option(help="Go on with a training that was cut off: its folder. Takes no other option.")
]
_OnlyApproved = Annotated[
    bool, typer.Option("--only-approved", help="Leave out what is corrected and not approved yet in the project.")
]


def train(
    context: typer.Context,
    data: _Data = None,
    project: _Project = None,
    only_approved: _OnlyApproved = False,
    epochs: _Epochs = 50,
    batch_size: _BatchSize = 16,
    lr: _Rate = 1e-4,
    minutes: _Minutes = None,
    patience: _Patience = None,
    crop: _Crop = 256,
    class_weight: _ClassWeight = None,
    freeze_encoder: _FreezeEncoder = 0.0,
    decoder: _Decoder = None,
    encoder: _Encoder = None,
    encoder_weights: _EncoderWeights = None,
    model: _Model = None,
    device: _Device = "auto",
    seed: _Seed = 0,
    deterministic: _Deterministic = False,
    workers: _Workers = None,
    half: _Half = False,
    int8: _Int8 = True,
    name: _Name = "U-Net B0",
    out: _Out = None,
    resume: _Resume = None,
) -> int:
    """Train a model on a folder of images and masks, or on a project's reviewed images.

    Ctrl+C stops the training and keeps its best model; a second Ctrl+C ends it at once.
    """
    from scratchgui.cli.train_job import Place, go_on_there, train_there

    if resume is not None:
        return go_on_there(_alone(context, resume))
    fit = {"epochs": epochs, "batch_size": batch_size, "lr": lr, "minutes": minutes, "patience": patience, "crop": crop}
    run = {"device": device, "seed": seed, "deterministic": deterministic, "workers": workers, "name": name}
    rest = {"class_weights": class_weight or None, "freeze_encoder": freeze_encoder, "half": half, "int8": int8}
    start = {"decoder": decoder, "encoder": encoder, "encoder_weights": encoder_weights}
    return train_there(Place(data, project, out, not only_approved), fit | run | rest, start, model)


def _alone(context: typer.Context, resume: Path) -> Path:
    """Return `--resume`, and refuse others beside it: nothing that the user asked for is to be forgotten silently."""
    sources = {name: context.get_parameter_source(name) for name in context.params if name != "resume"}
    for source in sources.values():
        if source is not None and source.name == "COMMANDLINE":
            raise TrainingError("A training goes on with the options it began with", hint="Give --resume alone.")
    return resume
