"""What models mark in an image, as the program would: contenders, and a gallery of what they see differently."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.comparison import ComparedImage
from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import UserError
from scratchgui.core.files import atomic_write_bytes
from scratchgui.core.mask import encode_mask
from scratchgui.core.project import Project
from scratchgui.core.recipe import judge
from scratchgui.core.regions import find_regions
from scratchgui.core.scores import Result, score
from scratchgui.core.verdict import Verdict
from scratchgui.inference.postprocess import cut
from scratchgui.inference.steady_predictor import open_predictor
from training.evaluate import MIN_AREA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.manifest import ManifestEntry
    from scratchgui.core.mask import Mask
    from scratchgui.core.model_card import Bundle
    from scratchgui.core.recipe import Recipe

LARGEST_GALLERY = 60
"""Images whose masks are kept for the gallery, those that changed most."""
SAME_MASK = 0.98
"""Masks that agree better (Dice) count as the same."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the program judges with a model where the training was asked for.

    Attributes:
        cutting: The project's way to cut out defects; None for each model's recommended threshold.
        recipe: The project's acceptance rules; None where anything marked is NG.
    """

    cutting: Cutting | None = None
    recipe: Recipe | None = None

    @classmethod
    def of(cls, run: Path) -> Rules:
        """Return the rules of the project that a run folder lies in."""
        try:
            file = Project.open(run.absolute().parents[1]).file
        except UserError:  # a training on a plain folder
            return cls()
        return cls(file.cutting, file.recipe)

    def verdict(self, mask: Mask) -> Verdict:
        """Return what becomes of an image with this mask, uint8 (H, W)."""
        if self.recipe is None:
            return Verdict.NG if mask.any() else Verdict.OK
        return judge(find_regions(mask), self.recipe).verdict


class Contender:
    """One model, ready for images.

    Attributes:
        card: What is known about it.
    """

    def __init__(self, bundle: Bundle, rules: Rules) -> None:
        self.card = bundle.card
        self._predictor = open_predictor(bundle, device="cpu", precision="f32")
        self._cutting = rules.cutting or _recommended(bundle)

    def look(self, image: NDArray[np.uint8], truth: Mask) -> tuple[Mask, Result]:
        """Return what it marks, uint8 (H, W), and how good that is."""
        probability = self._predictor.predict(image).probability
        mask = cut(probability, self._cutting)
        return mask, score(mask, probability, truth)


class Marked:
    """What one or two models marked in each image, and the masks of those images that changed most."""

    def __init__(self, rules: Rules) -> None:
        self.results: list[Sequence[Result]] = []
        self._rules = rules
        self._images: list[tuple[float, ComparedImage]] = []
        self._masks: list[tuple[float, int, Sequence[bytes]]] = []

    def add(self, entry: ManifestEntry, masks: Sequence[Mask], results: Sequence[Result]) -> None:
        """Add an image with each model's mask, uint8 (H, W), and result: of the model in use first."""
        self.results.append(results)
        if len(masks) == 1:
            return
        verdicts = [self._rules.verdict(mask) for mask in masks]
        agreement = _agreement(*masks)
        changed = verdicts[0] != verdicts[1] or agreement < SAME_MASK
        marks = [result.scores.mark for result in results]
        image = ComparedImage(
            key=entry.key,
            image=entry.image,
            champion_mark=marks[0],
            challenger_mark=marks[1],
            verdict_champion=verdicts[0],
            verdict_challenger=verdicts[1],
            changed=changed,
        )
        change = 1 - agreement + (verdicts[0] != verdicts[1])
        if changed:
            kept = (change, -len(self._images), [encode_mask(mask) for mask in masks])
            (heapq.heappush if len(self._masks) < LARGEST_GALLERY else heapq.heappushpop)(self._masks, kept)
        self._images.append((change, image))

    def written(self, folder: Path) -> list[ComparedImage]:
        """Write the masks, and return all images, those that changed most first.

        A mask that cannot be written is left out: the comparison is worth more than its pictures.
        """
        images = [image for _, image in self._images]
        for _, place, masks in self._masks:
            names = [f"{-place}_{side}.png" for side in ("champion", "challenger")]
            try:
                for name, data in zip(names, masks, strict=True):
                    atomic_write_bytes(folder / name, data, durable=False)
            except OSError:
                continue
            both = {"champion_mask": names[0], "challenger_mask": names[1]}
            images[-place] = images[-place].model_copy(update=both)
        order = sorted(range(len(images)), key=lambda index: (-self._images[index][0], index))
        return [images[index] for index in order]


def _recommended(bundle: Bundle) -> Cutting:
    return Cutting(bundle.card.threshold, MIN_AREA)


def _agreement(one: Mask, other: Mask) -> float:
    """Return Dice of two masks, classes compared as they are labeled; 1 where nothing is marked."""
    total = int(np.count_nonzero(one)) + int(np.count_nonzero(other))
    return 2 * int(np.count_nonzero((one == other) & (one > 0))) / total if total else 1.0
