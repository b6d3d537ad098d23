from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scratchgui.core.annotation import save_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.learning_record import WINDOW, out_of_sample
from scratchgui.core.project import Project, ReviewStatus


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.for_folder(tmp_path)


def square(side: int) -> np.ndarray:
    mask = np.zeros((40, 40), np.uint8)
    mask[:side, :side] = 1
    return mask


def review(project: Project, rel: str, before: int | None, after: int) -> None:
    began = None if before is None else Beginning(square(before), "m1", 0.5)
    save_annotation(project, rel, square(after), ReviewStatus.APPROVED, began=began)


def test_images_come_in_the_order_of_reviewing_with_what_was_changed(project: Project) -> None:
    review(project, "z.png", 10, 20)
    review(project, "a.png", 20, 20)
    review(project, "missed.png", 0, 20)
    review(project, "clean.png", 0, 0)
    review(project, "alarm.png", 10, 0)
    review(project, "painted from nothing.png", None, 20)
    found = out_of_sample(project)
    assert [item.rel for item in found] == ["z.png", "a.png", "missed.png", "clean.png", "alarm.png"]
    assert [item.dice for item in found] == [pytest.approx(0.4), 1.0, 0.0, None, None]
    assert [item.mark for item in found] == [pytest.approx(0.4), 1.0, 0.0, 1.0, 0.0]
    assert [item.pixels for item in found] == [300, 0, 400, 0, 100]
    assert [item.regions for item in found] == [0, 0, 1, 0, 1]
    assert found[-1].running == pytest.approx(2.4 / 5) and found[0].model == "m1"


def test_the_mean_forgets_what_is_long_ago(project: Project) -> None:
    for number in range(3):
        review(project, f"early {number}.png", 0, 20)
    for number in range(WINDOW):
        review(project, f"late {number}.png", 20, 20)
    running = [item.running for item in out_of_sample(project)]
    assert running[2] == 0 and running[-1] == 1 and running == sorted(running)


def test_a_new_project_has_no_record(project: Project) -> None:
    assert out_of_sample(project) == []
