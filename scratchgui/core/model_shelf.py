"""The models that a project keeps: listing, renaming, putting away, and what is known of how each was learned."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.core.comparison import COMPARISON_FILE, load_comparison
from scratchgui.core.errors import BundleError, TrainingError, UserError
from scratchgui.core.files import atomic_write_json
from scratchgui.core.model_card import CARD_FILE, load_card

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project

LONGEST_NAME = 80
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


def rename_model(folder: Path, name: str) -> None:
    """Give a model another name for the user.

    Raises:
        BundleError: The name is empty or too long, or the card cannot be read or written.
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise BundleError(f"The name of a model has 1 to {LONGEST_NAME} letters that can be printed", path=folder)
    card = load_card(folder).model_copy(update={"name": plain})
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
