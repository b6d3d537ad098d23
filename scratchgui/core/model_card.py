"""A model on disk: the bundle folder and its card."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scratchgui.core.errors import BundleError, UserError
from scratchgui.core.files import atomic_write_json, read_json, schema_version_of, sha256_of

CARD_FILE = "card.json"
CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
IR_FILE = "model.xml"
IR_WEIGHTS_FILE = "model.bin"
INT8_IR_FILE = "model_int8.xml"
BUNDLE_FILES = (CONFIG_FILE, WEIGHTS_FILE, IR_FILE, IR_WEIGHTS_FILE)

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class ModelKey:
    """Whose prediction it is.

    The precision that a model runs in belongs to neither part: a project goes from computer to computer, and what
    another one predicts in another precision is not to be made anew there (masks agree to Dice 0.99 and better).

    Attributes:
        id: Id of the model.
        weights: Short hash of weights and of what images are normalized by: a model that was trained again may come
            under the same id. Empty where it is not known; then it fits all.
    """

    id: str
    weights: str = ""


class Int8Note(BaseModel):
    """What became of a model's faster version, whose decoder computes in 8-bit integers.

    Attributes:
        accepted: Whether it is in the bundle, and may be used.
        reason: Why it is, or why not; a sentence for the user.
        dice_before: Mean Dice of the usual version on the validation images; None where undefined or not measured.
        dice_after: That of the faster one.
        agreement: Mean Dice of the faster one's marks with the usual one's; None where nothing was marked.
        tiles: Tiles of training images from which the ranges of numbers were taken; nothing else of them is kept.
        seconds: Time that all this took (s).
    """

    model_config = ConfigDict(extra="ignore")

    accepted: bool
    reason: str
    dice_before: float | None = None
    dice_after: float | None = None
    agreement: float | None = None
    tiles: int = 0
    seconds: float = 0.0


class ModelCard(BaseModel):
    """What is known about a model; `card.json` in its bundle.

    Attributes:
        id: Unique name, also the folder's name under `models/` and `predictions/`.
        name: What the user reads, for example "U-Net B0 · v2".
        parent: Id of the model that training started from.
        classes: Defect classes in the order of the output channels.
        mean: RGB mean taken off the image on the 0 … 1 scale.
        std: RGB deviation that the image is divided by.
        threshold: Recommended probability threshold (0 … 1).
        scores: Validation scores by metric name; None where undefined.
        intervals: Where each score lies with 95% certainty; None where that cannot be told.
        training: Settings, counts and history of the training.
        int8: What became of the faster version; None where none was tried.
        files: SHA-256 of each file of the bundle.
        license: Licence of the weights.
        data: What the model was trained on, in a sentence.
    """

    model_config = ConfigDict(extra="ignore")

    schema_version: int = SCHEMA_VERSION
    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    name: str
    created: datetime
    parent: str | None = None
    architecture: str = "Unet"
    encoder: str = "efficientnet-b0"
    classes: list[str] = Field(default_factory=lambda: ["scratch"], min_length=1, max_length=255)
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    threshold: float = Field(default=0.5, ge=0, le=1)
    scores: dict[str, float | None] = Field(default_factory=dict)
    intervals: dict[str, tuple[float, float] | None] = Field(default_factory=dict)
    training: dict[str, Any] = Field(default_factory=dict)
    int8: Int8Note | None = None
    files: dict[str, str] = Field(default_factory=dict)
    license: str = ""
    data: str = ""

    @property
    def key(self) -> ModelKey:
        """What distinguishes its predictions from those of others."""
        if WEIGHTS_FILE not in self.files:
            return ModelKey(self.id)
        told = repr((self.files[WEIGHTS_FILE], self.mean, self.std, self.classes))
        return ModelKey(self.id, hashlib.sha256(told.encode()).hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model on disk whose files are there and were checked."""

    folder: Path
    card: ModelCard

    @property
    def ir_path(self) -> Path:
        """OpenVINO's description of the network."""
        return self.folder / IR_FILE

    @property
    def ir_weights_path(self) -> Path:
        """The numbers of both of OpenVINO's networks."""
        return self.folder / IR_WEIGHTS_FILE

    @property
    def int8_ir_path(self) -> Path:
        """OpenVINO's description of the faster version, to be read together with `ir_weights_path`."""
        return self.folder / INT8_IR_FILE

    @property
    def has_int8(self) -> bool:
        """Tell whether there is a faster version that finds as much."""
        return self.card.int8 is not None and self.card.int8.accepted and INT8_IR_FILE in self.card.files

    @property
    def weights_path(self) -> Path:
        """Weights for torch, as safetensors."""
        return self.folder / WEIGHTS_FILE


def save_card(folder: Path, card: ModelCard) -> ModelCard:
    """Hash the bundle's files and write `card.json` last, so that a bundle with a card is complete.

    Returns:
        The card with the hashes.
    """
    files = {name: sha256_of(folder / name) for name in (*BUNDLE_FILES, INT8_IR_FILE) if (folder / name).exists()}
    complete = card.model_copy(update={"files": files})
    atomic_write_json(folder / CARD_FILE, complete.model_dump(mode="json"))
    return complete


def load_card(folder: Path) -> ModelCard:
    """Read a bundle's card without looking at the other files.

    Raises:
        BundleError: There is no card, or it is damaged or too new.
    """
    path = folder / CARD_FILE
    if not path.is_file():
        raise BundleError("This folder holds no complete model", path=folder, hint="Choose another model.")
    try:
        value = read_json(path)
        if schema_version_of(value) > SCHEMA_VERSION:
            raise BundleError(
                "The model was made by a newer version of ScratchGUI", path=folder, hint="Update ScratchGUI."
            )
        return ModelCard.model_validate(value)
    except BundleError:
        raise
    except (UserError, ValidationError) as error:
        raise BundleError("The model's card is damaged", path=path, hint="Choose another model.") from error


def load_bundle(folder: Path, *, verify: bool = True) -> Bundle:
    """Open the model in `folder`.

    Args:
        folder: The bundle.
        verify: Compare every file with the hash in the card (about 0.05 s for 30 MB).

    Raises:
        BundleError: A file is missing, damaged, or not the one the card speaks of.
    """
    card = load_card(folder)
    missing = [name for name in card.files or BUNDLE_FILES if not (folder / Path(name).name).is_file()]
    if missing:
        raise BundleError(f"The model lacks {', '.join(missing)}", path=folder, hint="Choose another model.")
    if verify:
        for name, digest in card.files.items():
            if sha256_of(folder / Path(name).name) != digest:
                raise BundleError(f"The model's file {name} is damaged", path=folder, hint="Choose another model.")
    return Bundle(folder, card)
