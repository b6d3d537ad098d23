"""The network: smp's U-Net or another of its kind, from a bundle, from a pretrained encoder, or from nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segmentation_models_pytorch as smp
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from scratchgui.core.errors import TrainingError
from scratchgui.core.files import read_json
from scratchgui.core.model_card import load_bundle

if TYPE_CHECKING:
    from scratchgui.core.model_card import ModelCard
    from training.config import TrainConfig

DECODERS = ("Unet", "UnetPlusPlus", "MAnet", "Linknet", "FPN", "UPerNet", "DeepLabV3", "DeepLabV3Plus")
"""Those of segmentation-models-pytorch that take images of any size and become OpenVINO's form."""
_BATCH_NORM_MOMENTUM = 0.1
_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_NEVER = -4.6
"""Logit of a probability of 1%."""
# The Lite encoders were trained on pixels scaled to -1 … 1.
_HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@dataclass(frozen=True)
class Start:
    """What a training starts from.

    Attributes:
        model: The network, one output channel a class, logits.
        classes: Their number.
        encoder: Name of its encoder.
        mean: Of the RGB input on the 0 … 1 scale.
        std: Of the RGB input.
        architecture: Name of its decoder.
        parent: Card of the bundle it comes from.
    """

    model: nn.Module
    classes: int
    encoder: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    architecture: str = "Unet"
    parent: ModelCard | None = None


def build(config: TrainConfig, classes: int) -> Start:
    """Make the network that a training starts with.

    Raises:
        BundleError: The parent is damaged.
        TrainingError: The parent, the encoder's weights or the classes' weights do not fit.
    """
    if config.class_weights is not None and len(config.class_weights) != classes:
        raise TrainingError(f"There are {len(config.class_weights)} weights of classes for {classes} classes")
    start = _from_parent(Path(config.parent), classes) if config.parent else _from_encoder(config, classes)
    adapt_batch_norm(start.model)
    return start


def adapt_batch_norm(model: nn.Module) -> None:
    """Let the evaluation statistics follow within tens of steps.

    smp's EfficientNets come with a momentum of 0.01: after a short training the statistics lag behind the weights,
    and a well-trained network marks nothing.
    """
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = _BATCH_NORM_MOMENTUM


def _from_parent(folder: Path, classes: int) -> Start:
    card = load_bundle(folder).card
    if len(card.classes) > classes:
        raise TrainingError(
            f"The model knows {len(card.classes)} classes, the project has {classes}",
            path=folder,
            hint="Train without a parent model.",
        )
    model = smp.from_pretrained(str(folder))
    if len(card.classes) < classes:
        model = _with_new_classes(model, read_json(folder / "config.json"), classes)
    return Start(model, classes, card.encoder, card.mean, card.std, card.architecture, card)


def _with_new_classes(model: nn.Module, config: dict[str, Any], classes: int) -> nn.Module:
    """Return the network with more output channels; those that it had say the same, the new ones say no defect."""
    settings = {name: value for name, value in config.items() if not name.startswith("_")}
    wider: nn.Module = smp.create_model(
        config["_model_class"], **{**settings, "classes": classes, "encoder_weights": None}
    )
    weights, fresh = model.state_dict(), wider.state_dict()
    for name, value in weights.items():
        if value.shape != fresh[name].shape:
            fresh[name].fill_(_NEVER if name.endswith("bias") else 0.0)
            fresh[name][: len(value)] = value
            weights[name] = fresh[name]
    wider.load_state_dict(weights)
    return wider


def _from_encoder(config: TrainConfig, classes: int) -> Start:
    weights = config.encoder_weights
    hub = "imagenet" if weights == "imagenet" else None
    model = _created(config, hub, classes)
    if weights and not hub:
        _load_encoder(model.get_submodule("encoder"), Path(weights))
    mean, std = _HALF if "lite" in config.encoder else _IMAGENET
    return Start(model, classes, config.encoder, mean, std, config.decoder)


def _created(config: TrainConfig, hub: str | None, classes: int) -> nn.Module:
    if config.decoder not in DECODERS:
        raise TrainingError(f"There is no decoder {config.decoder}", hint=f"There are {', '.join(DECODERS)}.")
    try:
        model: nn.Module = smp.create_model(config.decoder, config.encoder, encoder_weights=hub, classes=classes)
    except KeyError as error:
        raise TrainingError(f"There is no encoder {config.encoder}") from error
    except ValueError as error:
        raise TrainingError(f"The encoder {config.encoder} does not go with the decoder {config.decoder}") from error
    except OSError as error:
        raise TrainingError("The ImageNet weights cannot be fetched", hint="Give a local file instead.") from error
    return model


def _load_encoder(encoder: nn.Module, path: Path) -> None:
    try:
        encoder.load_state_dict(load_file(path))
    except (OSError, SafetensorError) as error:
        raise TrainingError("The encoder's weights cannot be read", path=path) from error
    except RuntimeError as error:
        raise TrainingError("The weights belong to another encoder", path=path) from error
