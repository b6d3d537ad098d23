"""`summary.json` of `scratchgui infer`; its layout is described in docs/data_formats.md."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import scratchgui
from scratchgui.core.files import atomic_writer
from scratchgui.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scratchgui.cli.run_card import RunCard

SUMMARY_FILE = "summary.json"
SCHEMA_VERSION = 1
_ROW = ("image", "name", "verdict", "rule", "area_ratio", "max_probability", "reason")


@dataclass(slots=True)
class Tally:
    """Numbers about images, counted one by one.

    Attributes:
        verdicts: Images by verdict; None for those that failed.
        defects: Defects in all of them.
    """

    verdicts: Counter[str | None] = field(default_factory=Counter)
    defects: int = 0

    def count(self, record: dict[str, Any]) -> None:
        """Count an image."""
        self.verdicts[record["verdict"]] += 1
        self.defects += len(record.get("defects", ()))

    @property
    def images(self) -> int:
        """Number of images."""
        return self.verdicts.total()

    @property
    def failed(self) -> int:
        """Number of images without a verdict."""
        return self.verdicts[None]

    @property
    def judged(self) -> int:
        """Number of images with a verdict."""
        return self.images - self.failed


@dataclass(frozen=True, slots=True)
class Effort:
    """What one run did.

    Attributes:
        engine: What ran the model, in words.
        seconds: Time that the images took (s).
        done: Images that were judged, or failed, in this run.
    """

    engine: str
    seconds: float
    done: int

    @property
    def rate(self) -> float | None:
        """Images a second."""
        return self.done / self.seconds if self.seconds and self.done else None


def write_summary(folder: Path, card: RunCard, effort: Effort, tally: Tally, records: Iterable[dict[str, Any]]) -> None:
    """Write summary.json, one image after the other.

    Args:
        folder: Where it goes.
        card: What the results were made with.
        effort: What this run did.
        tally: The numbers.
        records: What is known of each image (see `record_of`).

    Raises:
        OSError: The folder cannot be written.
    """
    head = json.dumps(_head(card, effort, tally), indent=2, ensure_ascii=False)
    with atomic_writer(folder / SUMMARY_FILE) as file:
        file.write(head.removesuffix("\n}").encode())
        file.write(b',\n  "results": [')
        for index, record in enumerate(records):
            file.write(b",\n    " if index else b"\n    ")
            file.write(json.dumps(_row(record), ensure_ascii=False).encode())
        file.write(b"\n  ]\n}\n")


def _head(card: RunCard, effort: Effort, tally: Tally) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "program": f"ScratchGUI {scratchgui.__version__}",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": str(card.source),
        "model": {"id": card.model.id, "name": card.model.name},
        "engine": effort.engine,
        "precision": card.precision,
        "settings": card.settings,
        "threshold": card.cutting.threshold,
        "cutting": asdict(card.cutting),
        "recipe": card.recipe.model_dump(),
        "classes": card.model.classes,
        "images": tally.images,
        "judged": tally.judged,
        "failed": tally.failed,
        "judged_before": max(0, tally.images - effort.done),
        "verdicts": {verdict.value: tally.verdicts[verdict] for verdict in (Verdict.NG, Verdict.REVIEW, Verdict.OK)},
        "defects": tally.defects,
        "seconds": round(effort.seconds, 3),
        "images_per_second": None if effort.rate is None else round(effort.rate, 3),
    }


def _row(record: dict[str, Any]) -> dict[str, Any]:
    row = {key: record[key] for key in _ROW if key in record}
    return row if record["verdict"] is None else row | {"defects": len(record["defects"])}
