"""When a new model is put to use instead of the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.core.chance import is_clearly_worse
from scratchgui.core.metrics import summarize
from scratchgui.core.split import ENOUGH_DEFECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scratchgui.core.metrics import ImageScores

SAME = 0.005
"""Mean marks that differ by less are equal: so far apart are two computers with the same model."""
LARGEST_FALL = 0.05
"""So much may the mean mark fall on the images learned from, where validation is too small to decide alone.

A new model has learned from them too; one that falls further there has lost what the inspector taught it.
"""
RULE = (
    "A new model is put to use when it marks the validation images better on average, or as well and the images it "
    f"learned from better; while fewer than {ENOUGH_DEFECTS} validation images have a defect, it must not fall "
    "behind on those it learned from, and may be a little worse on validation (by less than a standard error) where "
    "it gains more on those."
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Scores of two models on the same images, in the same order: the one in use, and the new one."""

    old: Sequence[ImageScores]
    new: Sequence[ImageScores]

    @property
    def gain(self) -> float | None:
        """By how much the mean mark rises; None without images."""
        return _mean_mark(self.new) - _mean_mark(self.old) if self.old else None

    @property
    def is_clearly_worse(self) -> bool:
        """Tell whether the mean mark falls by more than chance would let it."""
        return is_clearly_worse([scores.mark for scores in self.new], [scores.mark for scores in self.old])

    @property
    def improved(self) -> int:
        """Images that the new one marks better."""
        return sum(after.mark > before.mark + 1e-9 for before, after in zip(self.old, self.new, strict=True))


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the new model is put to use, and why, as a sentence."""

    better: bool
    reason: str


def decide(validation: Pair, learned: Callable[[], Pair], champion: str) -> Decision:
    """Apply the rule (see `RULE`).

    Args:
        validation: Both models on the validation images.
        learned: Returns both models on images that the new one learned from; called only where they count.
        champion: Name of the model in use.
    """
    gain = validation.gain
    if gain is None:
        return Decision(False, f"There was no image left to compare on; keeping {champion}.")
    few = sum(scores.dice is not None for scores in validation.old) < ENOUGH_DEFECTS
    numbers = _numbers(validation)
    not_better = Decision(False, f"Not better; keeping {champion}.{numbers}")
    better = f"Better on {validation.improved} of {len(validation.old)} validation images.{numbers}"
    if gain < -SAME and (not few or validation.is_clearly_worse):
        return not_better
    if gain > SAME and not few:
        return Decision(True, better)
    seen = learned()
    learned_gain = seen.gain or 0.0
    if gain > SAME:
        if learned_gain < -LARGEST_FALL:
            return Decision(False, f"Not better on the images that it learned from; keeping {champion}.{numbers}")
        return Decision(True, better)
    if learned_gain <= SAME or learned_gain <= -gain:
        return not_better
    images = f"{seen.improved} of {len(seen.old)} images that it learned from"
    validated = "as good on the validation images" if gain >= -SAME else "hardly worse on the few validation images"
    return Decision(True, f"Better on {images}, and {validated}.{numbers}")


def _numbers(pair: Pair) -> str:
    """Say what the scores were and are; what is undefined is left out."""
    before, after = summarize(pair.old), summarize(pair.new)
    parts = []
    if before.dice is not None and after.dice is not None:
        parts.append(f"Dice {before.dice:.2f} → {after.dice:.2f}")
    if before.false_alarm_rate is not None and after.false_alarm_rate is not None:
        parts.append(f"false alarms {before.false_alarm_rate:.0%} → {after.false_alarm_rate:.0%}")
    numbers = ", ".join(parts)
    return f" {numbers[0].upper()}{numbers[1:]}." if numbers else ""


def _mean_mark(rows: Sequence[ImageScores]) -> float:
    return sum(scores.mark for scores in rows) / len(rows)
