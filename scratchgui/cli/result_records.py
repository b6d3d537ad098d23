"""What `scratchgui infer` says of each image, as one line of JSON; its layout is described in docs/data_formats.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scratchgui.core.contours import outline
from scratchgui.core.geometry import Box
from scratchgui.core.regions import Region
from scratchgui.core.verdict import Judgement, Verdict
from scratchgui.reports.summary import ImageResult, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.cli.worklist import Stamp
    from scratchgui.core.mask import Mask


def record_of(
    result: ImageResult, mask: Mask, *, name: str, stamp: Stamp, settings: str, classes: Sequence[str]
) -> dict[str, Any]:
    """Return the record of an image that was judged.

    Args:
        result: The verdict and the defects.
        mask: What they were found in, uint8 (H, W).
        name: Name of the image's files.
        stamp: State of the image's file.
        settings: How it went through the model (see `PredictSettings.key`).
        classes: Names of the classes.
    """
    assert result.judgement is not None and result.size is not None
    return {
        "image": result.rel,
        "name": name,
        "verdict": result.judgement.verdict.value,
        "rule": result.judgement.rule,
        "area": result.area,
        "area_ratio": result.judgement.area_ratio,
        "max_probability": _rounded(result.max_probability),
        "width": result.size[0],
        "height": result.size[1],
        "model": result.model_id,
        "threshold": result.threshold,
        "settings": settings,
        "bytes": stamp.size,
        "modified": stamp.modified,
        "defects": [_defect(region, mask, classes) for region in result.regions],
    }


def failure_record(rel: str, stamp: Stamp, reason: str) -> dict[str, Any]:
    """Return the record of an image that could not be judged."""
    return {"image": rel, "verdict": None, "reason": reason, "bytes": stamp.size, "modified": stamp.modified}


def result_of(record: dict[str, Any]) -> ImageResult:
    """Return what a record says, for the tables.

    Raises:
        KeyError, TypeError, ValueError: It is no such record.
    """
    if record["verdict"] is None:
        return ImageResult(record["image"], failure=record["reason"])
    defects = record["defects"]
    return ImageResult(
        record["image"],
        size=(record["width"], record["height"]),
        source=Source.MODEL,
        judgement=Judgement(Verdict(record["verdict"]), record["rule"], record["area_ratio"], len(defects)),
        regions=tuple(_region(defect) for defect in defects),
        max_probability=record["max_probability"],
        model_id=record["model"],
        threshold=record["threshold"],
    )


def _defect(region: Region, mask: Mask, classes: Sequence[str]) -> dict[str, Any]:
    box, polygon = region.box, outline(mask, region)
    return {
        "number": region.number,
        "class": classes[region.label - 1],
        "label": region.label,
        "box": [box.x, box.y, box.width, box.height],
        "area": region.area,
        "area_ratio": region.area_ratio,
        "mean_probability": _rounded(region.mean_probability),
        "max_probability": _rounded(region.max_probability),
        "center": [round(value, 2) for value in region.centroid],
        "polygon": _points(polygon.outer),
        "holes": [_points(hole) for hole in polygon.holes],
    }


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 4)


def _points(corners: NDArray[np.float64]) -> list[list[float]]:
    """Return columns and rows (px); they are multiples of a half."""
    return [[round(x, 1), round(y, 1)] for x, y in corners.tolist()]


def _region(defect: dict[str, Any]) -> Region:
    return Region(
        defect["number"],
        defect["label"],
        Box(*defect["box"]),
        defect["area"],
        defect["area_ratio"],
        defect["mean_probability"],
        defect["max_probability"],
        tuple(defect["center"]),
    )
