"""`summary.json` of `scratchgui infer`; its layout is described in docs/data_formats.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.core.files import atomic_write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scratchgui.reports.summary import ImageResult, ReportSummary

SUMMARY_FILE = "summary.json"
SCHEMA_VERSION = 1


def write_summary(
    folder: Path, summary: ReportSummary, names: Mapping[str, str], *, engine: str, seconds: float
) -> Path:
    """Write summary.json.

    Args:
        folder: Where it goes.
        summary: The numbers.
        names: Name of each image's results.
        engine: What ran the model, in words.
        seconds: Time that the images took (s).

    Raises:
        OSError: The folder cannot be written.
    """
    judged = len(summary.results) - summary.not_judged
    value = {
        "schema_version": SCHEMA_VERSION,
        "program": f"ScratchGUI {summary.version}",
        "created": summary.created.isoformat(timespec="seconds"),
        "source": summary.folder,
        "model": {"id": summary.model_id, "name": summary.model_name},
        "engine": engine,
        "settings": summary.settings,
        "threshold": summary.threshold,
        "recipe": summary.recipe.model_dump(),
        "classes": [item.name for item in summary.classes],
        "images": len(summary.results),
        "judged": judged,
        "failed": summary.not_judged,
        "verdicts": {verdict.value: count for verdict, count in summary.counts.items()},
        "defects": summary.defects,
        "seconds": round(seconds, 3),
        "images_per_second": round(len(summary.results) / seconds, 3) if seconds else None,
        "results": [_row(result, names[result.rel]) for result in summary.results],
    }
    atomic_write_json(folder / SUMMARY_FILE, value)
    return folder / SUMMARY_FILE


def _row(result: ImageResult, name: str) -> dict[str, object]:
    if result.judgement is None:
        return {"image": result.rel, "verdict": None, "reason": result.failure}
    return {
        "image": result.rel,
        "name": name,
        "verdict": result.judgement.verdict.value,
        "rule": result.judgement.rule,
        "defects": len(result.regions),
        "area_ratio": result.judgement.area_ratio,
        "max_probability": result.max_probability,
    }
