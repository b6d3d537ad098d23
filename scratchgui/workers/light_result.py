"""What the queue shows of a prediction: small enough to keep for every image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.core.recipe import Recipe, judge
from scratchgui.core.regions import find_regions
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from scratchgui.core.cutting import Cutting
    from scratchgui.core.doubt import Doubt
    from scratchgui.core.verdict import Judgement
    from scratchgui.inference.predictor import Prediction


@dataclass(frozen=True)
class Rules:
    """What makes a verdict out of a prediction: how defects are cut out of it, and the recipe."""

    cutting: Cutting
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class LightResult:
    """One image's row.

    Attributes:
        rel: The image.
        score: How sure the model is that there is a defect (0 … 1).
        doubt: How much of what it marks may be wrong.
        judgement: Verdict, rule, area ratio and number of defects.
        model_id: Id of the model.
        threshold: Threshold of the verdict (0 … 1).
    """

    rel: str
    score: float
    doubt: Doubt
    judgement: Judgement
    model_id: str
    threshold: float


def read_prediction(rel: str, prediction: Prediction, rules: Rules) -> LightResult:
    """Cut a prediction and judge what is found."""
    mask = cut(prediction.probability, rules.cutting)
    judgement = judge(find_regions(mask), rules.recipe)
    return LightResult(rel, prediction.score, prediction.doubt, judgement, prediction.model_id, rules.cutting.threshold)
