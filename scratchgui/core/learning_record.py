"""How well models marked images that they had not learned from: what was marked, and what the inspector made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.core.annotation import AnnotationInfo, annotated_images

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from scratchgui.core.correction import Correction
    from scratchgui.core.project import Project

WINDOW = 10
"""So many images the running mean reaches back."""


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """What a model marked in an image before the inspector corrected it.

    Attributes:
        rel: The image.
        when: When it was reviewed.
        model: Id of the model.
        dice: Dice of what was marked with the inspector's mask (0 … 1); None where that is clean.
        mark: The same as one number: 1 for a clean image in which nothing was marked, 0 where something was.
        running: Mean mark of this image and up to nine before it.
        pixels: Pixels that the inspector changed (px²).
        regions: Defects that were added or removed.
    """

    rel: str
    when: datetime
    model: str
    dice: float | None
    mark: float
    running: float
    pixels: int
    regions: int


def out_of_sample(project: Project) -> list[OutOfSample]:
    """Return what models marked before it was corrected, in the order in which images were reviewed."""
    known = [
        (info.when, rel, info.correction)
        for rel, info in annotated_images(project)
        if isinstance(info, AnnotationInfo) and info.correction is not None
    ]
    return list(_with_means(sorted(known, key=lambda item: item[:2])))


def _with_means(known: Iterable[tuple[datetime, str, Correction]]) -> Iterable[OutOfSample]:
    marks: list[float] = []
    for when, rel, correction in known:
        mark = correction.dice if correction.dice is not None else float(not correction.false_alarm)
        marks.append(mark)
        recent = marks[-WINDOW:]
        yield OutOfSample(
            rel=rel,
            when=when,
            model=correction.model,
            dice=correction.dice,
            mark=mark,
            running=sum(recent) / len(recent),
            pixels=correction.pixels_added + correction.pixels_removed + correction.pixels_relabeled,
            regions=correction.regions_added + correction.regions_removed,
        )
