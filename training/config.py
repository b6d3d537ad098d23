"""What a training is told: `config.json` of its run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scratchgui.core.augmentation import Augmentation
from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import read_json
from scratchgui.core.manifest import CONFIG_FILE

if TYPE_CHECKING:
    from pathlib import Path


class TrainConfig(BaseModel):
    """Settings of a training.

    Attributes:
        epochs: Passes over the images; ignored when `minutes` is set.
        batch_size: Crops for one step of the optimizer.
        lr: Highest learning rate of AdamW.
        minutes: Time for the optimization (min); None for `epochs`.
        patience: Examinations without a better one after which the training comes to its end; None for never.
            "Until it stops improving" is a patience with the longest time in `minutes`.
        crop: Side of the square crops at native resolution (px), a multiple of 32.
        weight_decay: Of AdamW.
        largest_gradient: Gradients are scaled down to this norm.
        averaged_steps: Steps that the average of the weights reaches back; the average is what is kept.
        class_weights: How much each class counts in the loss; None counts all the same.
        augmentation: How crops are varied.
        transplanted: Share of the crops into which defects of other images are put (0 … 1).
        synthetic: Share of the clean crops into which scratches are drawn (0 … 1), where the project has a class whose
            name says scratch, and as long as few images with a defect are reviewed.
        synthetic_until: So many images with a defect are enough without.
        freeze_encoder: Share of the training (0 … 1) at its start in which the encoder stays as it is.
        decoder: Architecture of segmentation-models-pytorch, when there is no parent.
        encoder: Its encoder, when there is no parent.
        encoder_weights: "imagenet" (from a hub), a local .safetensors file, or None for random weights.
        parent: Bundle folder to start from.
        champion: Bundle folder to compare the result with; None compares with nothing.
        name: Name of the new model, for the user.
        seed: Of the random numbers.
        workers: Processes that prepare crops; 0 does it on a thread beside the steps, None as it fits the device.
        device: "auto", "cpu", "cuda" or "mps".
        deterministic: Two runs of as many epochs on one machine's processor give equal weights; a budget of minutes
            does not, because it depends on the clock.
        precision: "auto" computes in bfloat16 where that is faster, and in float32 where runs are to be equal.
        checkpoint_seconds: Time between two states on disk from which the training can go on (s).
        half: Round the weights to 16 bits, which halves the bundle.
        int8: Make a faster version of the model too, and keep it if it finds as much (some 20 s).
        out: Folder of the new bundle; `bundle` in the run folder when None.
        license: License of the weights, for the card.
        data: What the model is trained on, in a sentence, for the card.
    """

    model_config = ConfigDict(extra="forbid")

    epochs: int = Field(default=50, ge=1)
    batch_size: int = Field(default=16, ge=1)
    lr: float = Field(default=1e-4, gt=0)
    minutes: float | None = Field(default=None, gt=0)
    patience: int | None = Field(default=None, ge=1)
    crop: int = Field(default=256, ge=32, multiple_of=32)
    weight_decay: float = Field(default=1e-2, ge=0)
    largest_gradient: float = Field(default=1.0, gt=0)
    averaged_steps: int = Field(default=40, ge=1)
    class_weights: list[Annotated[float, Field(gt=0)]] | None = None
    augmentation: Augmentation = Field(default_factory=Augmentation)
    transplanted: float = Field(default=0.5, ge=0, le=1)
    synthetic: float = Field(default=0.0, ge=0, le=1)
    synthetic_until: int = Field(default=10, ge=0)
    freeze_encoder: float = Field(default=0.0, ge=0, le=1)
    decoder: str = "Unet"
    encoder: str = "efficientnet-b0"
    encoder_weights: str | None = None
    parent: str | None = None
    champion: str | None = None
    name: str = "U-Net B0"
    seed: int = 0
    workers: int | None = Field(default=None, ge=0)
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    deterministic: bool = False
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    checkpoint_seconds: float = Field(default=60.0, gt=0)
    half: bool = False
    int8: bool = True
    out: str | None = None
    license: str = ""
    data: str = ""


def load_config(run: Path) -> TrainConfig:
    """Read config.json of a run folder.

    Raises:
        TrainingError: It is missing or damaged, or holds an impossible value.
    """
    path = run / CONFIG_FILE
    try:
        return TrainConfig.model_validate(read_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise TrainingError(f"The training setting {where} is wrong ({first['msg']})", path=path) from error
    except UserError as error:
        raise TrainingError(str(error)) from error
