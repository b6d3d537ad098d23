"""The models that a project keeps: listing, renaming, putting away, and what is known of how each was learned."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.core.annotation import AnnotationInfo, annotated_images
from scratchgui.core.comparison import COMPARISON_FILE, load_comparison
from scratchgui.core.errors import BundleError, TrainingError, UserError
from scratchgui.core.files import atomic_write_json
from scratchgui.core.model_card import CARD_FILE, load_card

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project

PUT_AWAY = ".deleted"
"""Folder beside the models with those that were deleted last; no id of a model begins with a dot."""


@dataclass(frozen=True, slots=True)
class ShelvedModel:
    """One model.

    Attributes:
        card: What is known about it.
        is_starter: It came with the program.
        run: Folder of the training that compared it with the one before; None where that is not known any more.
    """

    card: ModelCard
    is_starter: bool
    run: Path | None = None

    @property
    def corrections(self) -> int:
        """Images that were reviewed when it was trained; 0 for the starter model."""
        if self.is_starter:
            return 0
        training = self.card.training
        learning = training.get("learning")
        told = learning.get("corrections") if isinstance(learning, dict) else None
        if isinstance(told, int):
            return told
        counts = (training.get("train_images"), training.get("validation_images"))
        return sum(count for count in counts if isinstance(count, int))


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """How well a model marked an image that it had not learned from, against the inspector's mask.

    Attributes:
        rel: The image.
        when: When it was reviewed.
        dice: Dice of what was marked with what the inspector made of it (0 … 1).
        model: Id of the model.
    """

    rel: str
    when: datetime
    dice: float
    model: str


def models_of(project: Project, starter: Path) -> list[ShelvedModel]:
    """Return the starter model and the project's own that can be read, the oldest first."""
    found = []
    with contextlib.suppress(BundleError):
        found.append(ShelvedModel(load_card(starter), is_starter=True))
    runs = _runs_by_model(project.runs_folder)
    own = []
    for folder in _folders(project.models_folder):
        with contextlib.suppress(BundleError):
            card = load_card(folder)
            own.append(ShelvedModel(card, is_starter=False, run=runs.get(card.id)))
    return [*found, *sorted(own, key=lambda model: (model.card.created, model.card.id))]


def out_of_sample(project: Project) -> list[OutOfSample]:
    """Return what models marked before the inspector corrected it, in the order in which images were reviewed."""
    found = [
        OutOfSample(rel, info.when, info.correction.dice, info.correction.model)
        for rel, info in annotated_images(project)
        if isinstance(info, AnnotationInfo) and info.correction is not None and info.correction.dice is not None
    ]
    return sorted(found, key=lambda item: (item.when, item.rel))


def rename_model(folder: Path, name: str) -> None:
    """Give a model another name for the user.

    Raises:
        BundleError: The name is empty, or the card cannot be read or written.
    """
    if not name.strip():
        raise BundleError("A model needs a name", path=folder)
    card = load_card(folder).model_copy(update={"name": name.strip()})
    try:
        atomic_write_json(folder / CARD_FILE, card.model_dump(mode="json"))
    except OSError as error:
        raise BundleError(f"The name cannot be saved ({error.strerror})", path=folder) from error


def put_away(folder: Path) -> Path:
    """Take a model off the shelf, so that it can be brought back; return where it is. Those of before are removed.

    Raises:
        BundleError: It cannot be moved.
    """
    place = folder.parent / PUT_AWAY / folder.name
    try:
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        os.replace(folder, place)
    except OSError as error:
        raise BundleError(f"The model cannot be deleted ({error.strerror})", path=folder) from error
    return place


def bring_back(place: Path) -> None:
    """Put a model back that was put away.

    Raises:
        BundleError: It is gone, or cannot be moved.
    """
    try:
        os.replace(place, place.parents[1] / place.name)
    except OSError as error:
        raise BundleError(f"The model cannot be brought back ({error.strerror})", path=place) from error


def _folders(place: Path) -> list[Path]:
    try:
        return [path for path in place.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:  # nothing was trained yet
        return []


def _runs_by_model(runs: Path) -> dict[str, Path]:
    """Return the run folder whose comparison is about a model, by the model's id."""
    found = {}
    for run in sorted(_folders(runs)):
        if (run / COMPARISON_FILE).is_file():
            with contextlib.suppress(TrainingError, UserError):
                found[load_comparison(run).challenger.id] = run
    return found
