from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_model import scratched, write_png

from scratchgui.core.annotation import save_annotation
from scratchgui.core.mask import Mask
from scratchgui.core.model_card import ModelCard
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.reports.writer import ReportOptions

TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "report"
SIZE = (60, 80)


def marked(*boxes: tuple[int, int, int, int]) -> Mask:
    """A mask with rectangles (x, y, width, height)."""
    mask = np.zeros(SIZE, np.uint8)
    for x, y, width, height in boxes:
        mask[y : y + height, x : x + width] = 1
    return mask


@dataclass
class FakeModel:
    """Stands for the stored predictions of a model."""

    known: dict[str, tuple[Mask, NDArray[np.uint8]]] = field(default_factory=dict)

    def knows(self, rel: str, mask: Mask, probability: int = 204) -> None:
        self.known[rel] = (mask, np.where(mask > 0, probability, 3).astype(np.uint8)[None])

    def __call__(self, rel: str) -> tuple[Mask, NDArray[np.uint8]] | None:
        return self.known.get(rel)


@pytest.fixture
def card() -> ModelCard:
    return ModelCard(id="m1", name="U-Net <B0> · v1", created=datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Five images: one with a defect that the inspector approved, one clean, two predicted, one nobody looked at."""
    folder = tmp_path / "parts"
    for name in ("a", "b", "c", "d", "e"):
        write_png(folder / f"{name}.png", scratched(*SIZE, (5, 5, 70, 40)))
    project = Project.for_folder(folder)
    approved = ReviewStatus.APPROVED
    save_annotation(project, "a.png", marked((10, 10, 30, 4)), approved, who="Ada", source_model="m0")
    save_annotation(project, "b.png", marked(), approved, who="Bob")
    return project


@pytest.fixture
def model() -> FakeModel:
    """Says something else of `a` and `b` than the inspector; `c` has two defects and a speck, `d` nothing."""
    model = FakeModel()
    model.knows("a.png", marked((50, 30, 20, 20)))
    model.knows("b.png", marked((0, 0, 40, 40)))
    model.knows("c.png", marked((2, 2, 4, 3), (30, 20, 5, 4), (70, 50, 2, 2)))
    model.knows("d.png", marked())
    return model


@pytest.fixture
def options(tmp_path: Path) -> Callable[..., ReportOptions]:
    def make(**changes: object) -> ReportOptions:
        return ReportOptions(**{"folder": tmp_path / "out", "templates": TEMPLATES, **changes})  # type: ignore[arg-type]

    return make
