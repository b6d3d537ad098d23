"""A new model beside the one in use: scores with their uncertainty, and what each marks in every validation image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_json, read_json

if TYPE_CHECKING:
    from pathlib import Path

COMPARISON_FILE = "comparison.json"
COMPARISON_FOLDER = "comparison"
SCHEMA_VERSION = 1


class ComparedModel(BaseModel):
    """Which model: its id, and its name for the user."""

    model_config = ConfigDict(extra="ignore")

    id: str
    name: str


class ComparedMetric(BaseModel):
    """One score of both models.

    Attributes:
        name: Name of the metric, as in a model's card.
        champion: Score of the model in use; None where undefined.
        challenger: Score of the new one.
        champion_interval: Where the score lies with 95% certainty; None where it cannot be told.
        challenger_interval: The same for the new one.
    """

    model_config = ConfigDict(extra="ignore")

    name: str
    champion: float | None = None
    challenger: float | None = None
    champion_interval: tuple[float, float] | None = None
    challenger_interval: tuple[float, float] | None = None


class ComparedImage(BaseModel):
    """One validation image.

    Attributes:
        key: Name of the image in its project or folder.
        image: Absolute path of the image.
        champion_mark: Mark of the model in use (0 … 1).
        challenger_mark: Mark of the new one.
        verdict_champion: Verdict by the mask of the model in use.
        verdict_challenger: Verdict by the mask of the new one.
        champion_mask: Name of the PNG in the run's folder `comparison` with the mask of the model in use.
        challenger_mask: The same of the new one.
        changed: Whether verdict or mask are others.
    """

    model_config = ConfigDict(extra="ignore")

    key: str
    image: str
    champion_mark: float | None = None
    challenger_mark: float | None = None
    verdict_champion: str = ""
    verdict_challenger: str = ""
    champion_mask: str = ""
    challenger_mask: str = ""
    changed: bool = False


class Comparison(BaseModel):
    """The content of comparison.json.

    Attributes:
        champion: The model that was in use.
        challenger: The new one.
        rule: When a new model is put to use, in a sentence.
        better: Whether this one is.
        reason: Why, in a sentence.
        metrics: Scores of both.
        images: What each marks in every validation image.
        too_small: A sentence when there are too few validation images to prove a gain; else "".
        gain: By how much the mean mark rises; None where no image tells.
        gain_interval: Where that lies with 95% certainty, the images being the same for both.
    """

    model_config = ConfigDict(extra="ignore")

    schema_version: int = SCHEMA_VERSION
    champion: ComparedModel
    challenger: ComparedModel
    rule: str
    better: bool
    reason: str
    metrics: list[ComparedMetric] = Field(default_factory=list)
    images: list[ComparedImage] = Field(default_factory=list)
    too_small: str = ""
    gain: float | None = None
    gain_interval: tuple[float, float] | None = None


def save_comparison(run: Path, comparison: Comparison) -> None:
    """Write comparison.json into a run folder, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    atomic_write_json(run / COMPARISON_FILE, comparison.model_dump(mode="json"))


def load_comparison(run: Path) -> Comparison:
    """Read comparison.json of a run folder.

    Raises:
        TrainingError: It is missing or damaged.
    """
    try:
        return Comparison.model_validate(read_json(run / COMPARISON_FILE))
    except (UserError, ValidationError) as error:
        raise TrainingError(
            "The comparison of both models is missing or damaged", path=run / COMPARISON_FILE
        ) from error
