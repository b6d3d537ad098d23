"""How well a mask agrees with the truth; what is undefined is None and never averaged."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.mask import labels_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scratchgui.core.mask import Mask


TOLERANCE = 2
"""Slack in px when regions are matched: for scratches of 1 to 3 px, a shift of one pixel halves the overlap."""
_MATCHED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class ImageScores:
    """One image's agreement with the truth; classes are compared as they are labeled.

    Attributes:
        dice: twice the common pixels over the sum of both masks' pixels; None when the truth is clean.
        iou: common pixels over the pixels of either mask; None when the truth is clean.
        false_alarm: Whether something is marked on a clean image; None when the truth has a defect.
        regions: Defects in the truth.
        found: Those of them found (half of the region covered, within 2 px).
        marked: Regions marked.
        confirmed: Those of them that are defects (half of the region on a defect, within 2 px).
    """

    dice: float | None
    iou: float | None
    false_alarm: bool | None
    regions: int
    found: int
    marked: int
    confirmed: int

    @property
    def mark(self) -> float:
        """One number (0 … 1): Dice where there is a defect, else 1 for silence and 0 for a false alarm."""
        return self.dice if self.dice is not None else float(not self.false_alarm)


@dataclass(frozen=True, slots=True)
class Summary:
    """Scores over many images; None where no image defines the score.

    Attributes:
        images: Number of images.
        dice: Mean per-image Dice over images with a defect.
        iou: Mean per-image IoU over images with a defect.
        false_alarm_rate: Share of clean images on which something is marked.
        region_recall: Share of true defects found.
        region_precision: Share of marked regions that are defects.
    """

    images: int
    dice: float | None
    iou: float | None
    false_alarm_rate: float | None
    region_recall: float | None
    region_precision: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Return the scores by name, without the number of images."""
        return {name: value for name, value in asdict(self).items() if name != "images"}


def compare(mask: Mask, truth: Mask) -> ImageScores:
    """Compare a label map with the true one.

    Args:
        mask: uint8 (H, W).
        truth: uint8 (H, W).

    Raises:
        ValueError: The two differ in size.
    """
    if mask.shape != truth.shape:
        raise ValueError(f"mask {mask.shape} and truth {truth.shape} differ in size")
    marked, confirmed = _matched(mask, truth)
    if not truth.any():
        return ImageScores(None, None, bool(mask.any()), 0, 0, marked, confirmed)
    regions, found = _matched(truth, mask)
    common = int(np.count_nonzero((mask == truth) & (truth > 0)))
    total = int(np.count_nonzero(mask)) + int(np.count_nonzero(truth))
    # A pixel marked as another class is in both sums and in the union once for each class.
    return ImageScores(2 * common / total, common / (total - common), None, regions, found, marked, confirmed)


def _matched(regions_of: Mask, against: Mask) -> tuple[int, int]:
    """Count the regions of one mask, and those of them that the other covers by half within the tolerance."""
    total = matched = 0
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * TOLERANCE + 1, 2 * TOLERANCE + 1))
    for label in labels_in(regions_of):
        count, labels = cv2.connectedComponents(np.asarray(regions_of == label, np.uint8), connectivity=8)
        near = cv2.dilate(np.asarray(against == label, np.uint8), kernel)
        areas = np.bincount(labels.ravel(), minlength=count)[1:]
        covered = np.bincount(labels.ravel(), weights=near.ravel(), minlength=count)[1:]
        total += count - 1
        matched += int(np.count_nonzero(covered >= _MATCHED_SHARE * areas))
    return total, matched


def summarize(scores: Iterable[ImageScores]) -> Summary:
    """Average the scores of many images, each only over the images that define it."""
    rows = list(scores)
    return Summary(
        images=len(rows),
        dice=_mean([row.dice for row in rows]),
        iou=_mean([row.iou for row in rows]),
        false_alarm_rate=_mean([row.false_alarm for row in rows]),
        region_recall=_share(sum(row.found for row in rows), sum(row.regions for row in rows)),
        region_precision=_share(sum(row.confirmed for row in rows), sum(row.marked for row in rows)),
    )


def _mean(values: Sequence[float | bool | None]) -> float | None:
    defined = [float(value) for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
