from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scratchgui.core.recipe import Recipe, judge, percent
from scratchgui.core.regions import Region, find_regions
from scratchgui.core.verdict import Verdict


def regions_of(*areas: int, pixels: int = 1000) -> list[Region]:
    """Regions of the given areas in an image one row high."""
    mask = np.zeros((2, pixels // 2), np.uint8)
    column = 0
    for area in areas:
        mask[0, column : column + area] = 1
        column += area + 1
    return find_regions(mask)


@pytest.mark.parametrize(
    ("areas", "verdict", "rule"),
    [
        ((), Verdict.OK, "No defect"),
        ((10,), Verdict.OK, "Defect area 1.0% ≤ 1.0%"),
        ((11,), Verdict.REVIEW, "Defect area 1.1% > 1.0%"),
        ((50, 50), Verdict.REVIEW, "Defect area 10% > 1.0%"),
        ((50, 51), Verdict.NG, "Defect area 10.1% > 10%"),
        ((60, 60), Verdict.NG, "Defect area 12% > 10%"),
        ((7, 7, 7), Verdict.OK, "No defect"),
    ],
)
def test_the_rule_that_decides(areas: tuple[int, ...], verdict: Verdict, rule: str) -> None:
    recipe = Recipe(review_area_ratio=0.01, ng_area_ratio=0.1, min_area=8)
    judgement = judge(regions_of(*areas), recipe)
    assert (judgement.verdict, judgement.rule) == (verdict, rule)


def test_small_regions_count_neither_as_area_nor_as_defects() -> None:
    judgement = judge(regions_of(20, 7, 3), Recipe(min_area=8))
    assert (judgement.defects, judgement.area_ratio) == (1, 0.02)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_a_part_exactly_at_the_limit_passes(areas: list[int]) -> None:
    recipe = Recipe(review_area_ratio=sum(areas) / 1000, ng_area_ratio=1, min_area=0)
    assert judge(regions_of(*areas), recipe).verdict is Verdict.OK


@given(st.lists(st.integers(1, 30), max_size=8), st.floats(0, 0.2), st.floats(0, 0.2))
def test_a_rule_never_compares_a_number_with_itself(areas: list[int], one: float, other: float) -> None:
    recipe = Recipe(review_area_ratio=min(one, other), ng_area_ratio=max(one, other), min_area=0)
    rule = judge(regions_of(*areas), recipe).rule
    if " > " in rule:
        left, right = rule.removeprefix("Defect area ").split(" > ")
        assert left != right


def test_any_defect_needs_a_look_by_default() -> None:
    assert judge(regions_of(8, pixels=100_000), Recipe()).verdict is Verdict.REVIEW


@pytest.mark.parametrize("values", [{"ng_area_ratio": -0.1}, {"ng_area_ratio": 1.1}, {"min_area": -1}])
def test_limits_without_sense_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Recipe.model_validate(values)


def test_the_ng_limit_does_not_lie_below_the_review_limit() -> None:
    with pytest.raises(ValidationError, match="below the review limit"):
        Recipe(review_area_ratio=0.2, ng_area_ratio=0.1)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0, "0%"),
        (0.123, "12%"),
        (0.0131, "1.3%"),
        (0.0006, "0.06%"),
        (0.00004, "0.004%"),
        (1e-9, "<0.001%"),
        (1, "100%"),
    ],
)
def test_percent_has_decimals_that_suit_its_size(ratio: float, text: str) -> None:
    assert percent(ratio) == text
