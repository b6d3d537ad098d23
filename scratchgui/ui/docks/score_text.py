"""Scores and times as the inspector reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchgui.core.protocol import Finished


def short_name(name: str) -> str:
    """Return the version of a model's name ("U-Net B0 · v4" → "v4"); the whole name if it has none."""
    return name.rpartition("·")[2].strip()


def score_sentence(scores: Mapping[str, float | None]) -> str:
    """Return "Dice 0.76, false alarms 3%"; undefined scores are left out."""
    dice, alarms = scores.get("dice"), scores.get("false_alarm_rate")
    parts = [] if dice is None else [f"Dice {dice:.2f}"]
    parts += [] if alarms is None else [f"false alarms {alarms:.0%}"]
    return ", ".join(parts)


def change_sentence(old: Mapping[str, float | None], new: Mapping[str, float | None]) -> str:
    """Return "Dice 0.71 → 0.76, false alarms 4% → 3%." with the scores that both models have."""
    parts = []
    for key, word, form in (("dice", "Dice", ".2f"), ("false_alarm_rate", "false alarms", ".0%")):
        before, after = old.get(key), new.get(key)
        if before is not None and after is not None:
            parts.append(f"{word} {before:{form}} → {after:{form}}")
    return ", ".join(parts) + "." if parts else ""


def headline(result: Finished, kept: str) -> str:
    """Return whether the new model is better, in a sentence.

    Args:
        result: What the training said.
        kept: Short name of the model that stays when the new one is not better.
    """
    if not result.better:
        return f"Not better; keeping {kept}." if kept else "Not better; keeping the model in use."
    if result.compared == 0:
        return "The new model is ready."
    return f"Better on {result.improved} of {result.compared} validation images."


def time_left(seconds: float | None) -> str:
    """Return "2 min left", or nothing when it is not known."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"{round(seconds / 10) * 10} s left"
    return f"{round(seconds / 60):,} min left"


def corrections(count: int) -> str:
    """Return "12 corrections since the last training"."""
    return "1 correction since the last training" if count == 1 else f"{count:,} corrections since the last training"
