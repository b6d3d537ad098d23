from __future__ import annotations

import pytest

from scratchgui.core.metrics import ImageScores
from scratchgui.core.promotion import RULE, Pair, decide
from scratchgui.core.split import ENOUGH_DEFECTS

ENOUGH = ENOUGH_DEFECTS


def defect(dice: float) -> ImageScores:
    return ImageScores(dice, dice / (2 - dice), None, 1, int(dice > 0.5), 1, int(dice > 0.5))


def clean(*, alarm: bool = False) -> ImageScores:
    return ImageScores(None, None, alarm, 0, 0, int(alarm), 0)


def pair(old: list[float], new: list[float]) -> Pair:
    return Pair([defect(value) for value in old], [defect(value) for value in new])


def not_asked() -> Pair:
    raise AssertionError("the images learned from do not count here")


@pytest.mark.parametrize("many", [ENOUGH, 30])
def test_a_lower_mean_mark_on_enough_images_is_never_put_to_use_whatever_was_learned(many: int) -> None:
    decision = decide(pair([0.6] * many, [0.59] * many), not_asked, "v1")
    assert not decision.better
    assert decision.reason == "Not better; keeping v1. Dice 0.60 → 0.59."


@pytest.mark.parametrize("many", [1, 4, ENOUGH - 1])
def test_few_images_that_are_clearly_worse_are_believed(many: int) -> None:
    decision = decide(pair([0.9] * many, [0.5] * many), not_asked, "v1")
    assert not decision.better
    assert decision.reason == "Not better; keeping v1. Dice 0.90 → 0.50."


def test_few_images_that_are_hardly_worse_do_not_stop_what_gains_more_on_the_corrections() -> None:
    few = pair([0.35, 0.6, 0.2, 0.25], [0.3, 0.4, 0.15, 0.25])
    decision = decide(few, lambda: pair([0.4] * 5, [0.4, *[0.6] * 4]), "v1")
    assert decision.better
    assert decision.reason == (
        "Better on 4 of 5 images that it learned from, and hardly worse on the few validation images. Dice 0.35 → 0.28."
    )
    for learned in (pair([0.4] * 5, [0.47] * 5), pair([0.4], [0.4]), pair([0.4], [0.3]), Pair([], [])):
        decision = decide(few, lambda learned=learned: learned, "v1")  # type: ignore[misc]
        assert not decision.better
        assert decision.reason == "Not better; keeping v1. Dice 0.35 → 0.28."


def test_a_higher_one_on_enough_images_is() -> None:
    validation = pair([0.6] * ENOUGH, [0.5] + [0.7] * (ENOUGH - 1))
    decision = decide(validation, not_asked, "v1")
    assert decision.better
    assert decision.reason == f"Better on {ENOUGH - 1} of {ENOUGH} validation images. Dice 0.60 → 0.68."


def test_few_images_cannot_decide_against_what_was_learned() -> None:
    few = pair([0.6] * 2, [0.8] * 2)
    assert decide(few, lambda: pair([0.9] * 4, [0.86] * 4), "v1").better
    lost = decide(few, lambda: pair([0.9] * 4, [0.8] * 4), "v1")
    assert not lost.better
    assert lost.reason.startswith("Not better on the images that it learned from; keeping v1.")
    assert decide(few, lambda: Pair([], []), "v1").better  # all of them are gone meanwhile


def test_many_clean_images_do_not_make_up_for_few_with_a_defect() -> None:
    old = [defect(0.6), *(clean(alarm=True) for _ in range(ENOUGH))]
    new = [defect(0.0), *(clean() for _ in range(ENOUGH))]
    assert not decide(Pair(old, new), lambda: pair([0.9], [0.0]), "v1").better  # it has learned to say nothing


def test_where_validation_cannot_tell_what_was_learned_does() -> None:
    same = Pair([clean()], [clean()])
    better = decide(same, lambda: pair([0.2, 0.5], [0.8, 0.5]), "v1")
    assert better.better
    assert better.reason == (
        "Better on 1 of 2 images that it learned from, and as good on the validation images. False alarms 0% → 0%."
    )
    for learned in (pair([0.5], [0.5]), pair([0.5], [0.4]), Pair([], [])):
        assert not decide(same, lambda learned=learned: learned, "v1").better  # type: ignore[misc]


def test_a_rounding_apart_is_the_same() -> None:
    many = pair([0.6] * ENOUGH, [0.604] * ENOUGH)
    assert not decide(many, lambda: pair([0.5], [0.5]), "v1").better
    assert decide(pair([0.604] * ENOUGH, [0.6] * ENOUGH), lambda: pair([0.5], [0.6]), "v1").better


def test_without_an_image_the_model_in_use_stays() -> None:
    decision = decide(Pair([], []), not_asked, "v1")
    assert not decision.better and decision.reason == "There was no image left to compare on; keeping v1."


def test_the_rule_is_one_sentence() -> None:
    assert RULE.count(".") == 1 and RULE.endswith(".")
