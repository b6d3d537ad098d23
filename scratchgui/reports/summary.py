"""A project in numbers: the verdict of each image, its defects, and who or what decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import scratchgui
from scratchgui.core.annotation import AnnotationInfo, load_annotation
from scratchgui.core.errors import UserError
from scratchgui.core.project import DefectClass, ReviewStatus
from scratchgui.core.recipe import Recipe, judge
from scratchgui.core.regions import Region, find_regions
from scratchgui.core.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.project import Project


class ReportCancelled(Exception):
    """The user no longer wants the report."""


class Source(StrEnum):
    """Who decided what is a defect in an image."""

    INSPECTOR = "inspector"
    MODEL = "model"


class ModelMasks(Protocol):
    """What the model marks."""

    def __call__(self, rel: str) -> tuple[Mask, NDArray[np.uint8]] | None:
        """Return an image's mask, uint8 (H, W), and probability, uint8 (C, H, W); None without a prediction."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """The mask that counts for an image.

    Attributes:
        mask: uint8 (H, W).
        probability: The model's probability, uint8 (C, H, W); None without a prediction.
        info: Status of the inspector's mask; None when the mask is the model's.
    """

    mask: Mask
    probability: NDArray[np.uint8] | None = None
    info: AnnotationInfo | None = None


@dataclass(frozen=True, slots=True)
class ImageResult:
    """What the report says about one image.

    Attributes:
        rel: The image's name.
        size: Width and height (px); None when unknown.
        source: Who decided; None when the image was not judged.
        status: How far the inspector got.
        judgement: Verdict and rule; None when the image was not judged.
        regions: Defects that count, the largest first.
        max_probability: The model's highest probability in the image (0 … 1); None without a prediction.
        model_id: Model that decided, or that the inspector's mask started from; None without one.
        threshold: Probability from which on the model's pixels count; None when the inspector decided.
        who: The inspector; empty when the model decided.
        when: Time of the inspector's decision.
        failure: Why the image was not judged, as a sentence.
    """

    rel: str
    size: tuple[int, int] | None = None
    source: Source | None = None
    status: ReviewStatus = ReviewStatus.NEW
    judgement: Judgement | None = None
    regions: tuple[Region, ...] = ()
    max_probability: float | None = None
    model_id: str | None = None
    threshold: float | None = None
    who: str = ""
    when: datetime | None = None
    failure: str = ""

    @property
    def verdict(self) -> Verdict | None:
        """The decision; None when the image was not judged."""
        return self.judgement.verdict if self.judgement else None

    @property
    def area(self) -> int:
        """Pixels of all defects that count (px²)."""
        return sum(region.area for region in self.regions)


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """Everything a report says, without pictures.

    Attributes:
        title: Name of the project or folder.
        folder: Where the images lie.
        recipe: Acceptance rules.
        classes: Defect classes; label 1 is the first.
        threshold: Probability from which on the model's pixels count (0 … 1).
        model_id: Model in use; None without one.
        model_name: Its name for the user.
        settings: How images went through the model, in words.
        inspectors: Who decided, in alphabetical order.
        created: When this was put together.
        version: Version of the program.
        results: One for each image.
    """

    title: str
    folder: str
    recipe: Recipe
    classes: tuple[DefectClass, ...]
    threshold: float
    model_id: str | None
    model_name: str
    results: tuple[ImageResult, ...]
    settings: str = ""
    inspectors: tuple[str, ...] = ()
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    version: str = scratchgui.__version__

    @property
    def counts(self) -> dict[Verdict, int]:
        """Number of images of each verdict, the worst first."""
        found = Counter(result.verdict for result in self.results)
        return {verdict: found[verdict] for verdict in (Verdict.NG, Verdict.REVIEW, Verdict.OK)}

    @property
    def not_judged(self) -> int:
        """Number of images without a verdict."""
        return sum(result.verdict is None for result in self.results)

    @property
    def defects(self) -> int:
        """Number of defects in all images."""
        return sum(len(result.regions) for result in self.results)

    def decided_by(self, source: Source) -> int:
        """Number of images that the inspector or the model decided."""
        return sum(result.source is source for result in self.results)


def find_mask(project: Project, rel: str, predictions: ModelMasks) -> Finding | None:
    """Return the mask that counts: the inspector's where there is one, else the model's, else None.

    Raises:
        AnnotationError: The inspector's mask is damaged.
    """
    annotation = load_annotation(project, rel)
    prediction = predictions(rel)
    if annotation is not None:
        return Finding(annotation.mask, _matching(prediction, annotation.mask), annotation.info)
    return Finding(*prediction) if prediction is not None else None


def _matching(prediction: tuple[Mask, NDArray[np.uint8]] | None, mask: Mask) -> NDArray[np.uint8] | None:
    """Return the probability if it has the mask's size and a plane for each of its labels."""
    if prediction is None or prediction[1].shape[1:] != mask.shape or len(prediction[1]) < int(mask.max(initial=0)):
        return None
    return prediction[1]


def judge_finding(rel: str, finding: Finding, recipe: Recipe, *, model_id: str | None, threshold: float) -> ImageResult:
    """Measure the defects of an image's mask and apply the recipe; regions below its smallest area are neglected."""
    mask, probability, info = finding.mask, finding.probability, finding.info
    regions = find_regions(mask, probability, min_area=max(1, recipe.min_area))
    return ImageResult(
        rel=rel,
        size=(mask.shape[1], mask.shape[0]),
        source=Source.INSPECTOR if info else Source.MODEL,
        status=info.status if info else ReviewStatus.NEW,
        judgement=judge(regions, recipe),
        regions=tuple(regions),
        max_probability=None if probability is None else int(probability.max(initial=0)) / 255,
        model_id=info.source_model if info else model_id,
        threshold=None if info else threshold,
        who=info.who if info else "",
        when=info.when if info else None,
    )


def summarize_project(
    project: Project,
    card: ModelCard | None,
    predictions: ModelMasks,
    *,
    images: Sequence[str] | None = None,
    inspector: str = "",
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ReportSummary:
    """Put a project into numbers, one image after the other; masks are not kept in memory.

    Args:
        project: What to report on.
        card: The model in use; None without one.
        predictions: What that model marks.
        images: Names of the images; None lists the project's folder.
        inspector: For the head of the report; empty takes the names in the annotations.
        progress: Called with the number of images done and of all.
        cancelled: Asked before each image.

    Raises:
        ReportCancelled: `cancelled` said so.
        ProjectError: The folder of the images is gone.
    """
    names = list(project.list_images() if images is None else images)
    model_id = card.id if card else None
    results = [_result(project, rel, predictions, model_id) for rel in _counted(names, progress, cancelled)]
    return ReportSummary(
        title=project.file.name,
        folder=str(project.images),
        recipe=project.file.recipe,
        classes=tuple(project.file.classes),
        threshold=project.file.threshold,
        model_id=model_id,
        model_name=card.name if card else "",
        results=tuple(results),
        inspectors=(inspector,) if inspector else _names(results),
    )


def _counted(
    names: Sequence[str], progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Iterator[str]:
    """Yield the names, tell the progress, and hear a cancel between them."""
    for index, rel in enumerate(names):
        if cancelled():
            raise ReportCancelled
        progress(index, len(names))
        yield rel
    progress(len(names), len(names))


def _names(results: Sequence[ImageResult]) -> tuple[str, ...]:
    return tuple(sorted({result.who for result in results if result.who}))


def _result(project: Project, rel: str, predictions: ModelMasks, model_id: str | None) -> ImageResult:
    try:
        finding = find_mask(project, rel, predictions)
    except UserError as error:
        return ImageResult(rel, failure=str(error))
    if finding is None:
        return ImageResult(rel, failure="Nobody has looked at it yet: neither approved nor predicted.")
    return judge_finding(rel, finding, project.file.recipe, model_id=model_id, threshold=project.file.threshold)
