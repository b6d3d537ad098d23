"""The rows of the learning benchmark."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harness import Row, at_least

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARE_OF_FULL = 0.85
_WORSE_AT_MOST = 0.01
_EFFORT_LEFT = 0.5


def rows_of(found: Mapping[tuple[str, str], Any]) -> list[Row]:
    """Make the rows of what was measured, by data set and part."""
    rows = []
    for name in dict.fromkeys(name for name, _ in found):
        full, original = found.get((name, "full")), found.get((name, "original"))
        for part in ("queue", "random"):
            if (name, part) in found:
                rows += _rounds(f"{name}, {part} order", found[name, part], full)
        if full:
            rows.append(Row(f"{name}: Dice with all images and ten times the time", full["dice"], ""))
        if original:
            rows.append(Row(f"{name}: Dice by the original's recipe in that time", original["dice"], ""))
        if full and original:
            rows.append(at_least(f"{name}: above the original's recipe", full["dice"] - original["dice"], "", 0.0))
    return rows


def _rounds(name: str, rounds: list[dict[str, Any]], full: dict[str, Any] | None) -> list[Row]:
    dice = [one["scores"]["dice"] for one in rounds]
    recall = rounds[-1]["scores"]["region_recall"]
    rows = [
        Row(f"{name}: Dice of the starter model", dice[0], ""),
        Row(f"{name}: Dice after the last round", dice[-1], ""),
        Row(f"{name}: defects found after the last round", recall, ""),
        at_least(f"{name}: smallest gain of a round", min(b - a for a, b in pairwise(dice)), "", -_WORSE_AT_MOST),
    ]
    if full:
        rows.append(at_least(f"{name}: share of full supervision", dice[-1] / full["dice"], "", _SHARE_OF_FULL))
    if len(rounds) < 3:  # one round has no first and last
        return rows
    for what in ("pixels", "gestures"):
        first, last = (_mean(rounds[at]["efforts"], what) for at in (1, -1))
        left = last / first if first else 0.0
        ok = left <= _EFFORT_LEFT
        rows.append(Row(f"{name}: {what} an image, last round / first", left, "", _EFFORT_LEFT, ok, (last, first)))
    return rows


def _mean(efforts: list[dict[str, int]], what: str) -> float:
    return sum(effort[what] for effort in efforts) / len(efforts)
