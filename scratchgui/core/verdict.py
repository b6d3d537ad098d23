"""The decision about one image."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of the part; the values are what reports and tables print."""

    OK = "OK"
    REVIEW = "REVIEW"
    NG = "NG"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why.

    Attributes:
        verdict: The decision.
        rule: The rule that decided, as a short sentence with its numbers.
        area_ratio: Share of the image that is defect (0 … 1).
        defects: Number of defects that counted.
    """

    verdict: Verdict
    rule: str
    area_ratio: float
    defects: int
