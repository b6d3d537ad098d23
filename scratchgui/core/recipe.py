"""Acceptance rules: from the defects of an image to its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, model_validator

from scratchgui.core.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.regions import Region


class Recipe(BaseModel):
    """Limits on the share of the image that is defect.

    Attributes:
        review_area_ratio: Up to this share (0 … 1) an image is OK.
        ng_area_ratio: Above this share it is NG; in between somebody has to look.
        min_area: Smaller regions are neglected (px²).
    """

    review_area_ratio: float = Field(default=0.0, ge=0, le=1)
    ng_area_ratio: float = Field(default=0.005, ge=0, le=1)
    min_area: int = Field(default=8, ge=0)

    @model_validator(mode="after")
    def _limits_in_order(self) -> Recipe:
        if self.ng_area_ratio < self.review_area_ratio:
            raise ValueError("the NG limit lies below the review limit")
        return self


def judge(regions: Sequence[Region], recipe: Recipe) -> Judgement:
    """Apply the recipe to the defects of one image."""
    counted = [region for region in regions if region.area >= recipe.min_area]
    ratio = _share(counted)
    if ratio > recipe.ng_area_ratio:
        verdict, rule = Verdict.NG, _rule(ratio, ">", recipe.ng_area_ratio)
    elif ratio > recipe.review_area_ratio:
        verdict, rule = Verdict.REVIEW, _rule(ratio, ">", recipe.review_area_ratio)
    elif counted:
        verdict, rule = Verdict.OK, _rule(ratio, "≤", recipe.review_area_ratio)
    else:
        verdict, rule = Verdict.OK, "No defect"
    return Judgement(verdict, rule, ratio, len(counted))


def _share(regions: Sequence[Region]) -> float:
    """Share of the image that the regions take (0 … 1)."""
    if not regions:
        return 0.0
    # Whole pixels: 0.1 + 0.2 lies above 0.3, and a part at the limit would fail.
    pixels = round(regions[0].area / regions[0].area_ratio)
    return sum(region.area for region in regions) / pixels


def _rule(ratio: float, sign: str, limit: float) -> str:
    left, right = percent(ratio), percent(limit)
    if left == right and ratio != limit:  # "0.50% > 0.50%" explains nothing
        left, right = f"{ratio * 100:.5g}%", f"{limit * 100:.5g}%"
    return f"Defect area {left} {sign} {right}"


def percent(ratio: float) -> str:
    """Return a share (0 … 1) as percent with decimals that suit its size: 12%, 1.3%, 0.06%, 0.004%, <0.001%."""
    value = ratio * 100
    if value == 0:
        return "0%"
    if value < 0.0005:
        return "<0.001%"
    decimals = 0 if value >= 10 else 1 if value >= 1 else 2 if value >= 0.01 else 3
    return f"{value:.{decimals}f}%"
