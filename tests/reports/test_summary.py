from __future__ import annotations

import shutil

import numpy as np
import pytest

from scratchgui.core.annotation import save_annotation
from scratchgui.core.errors import ProjectError
from scratchgui.core.model_card import ModelCard
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.core.verdict import Verdict
from scratchgui.reports.summary import ImageResult, ModelMasks, ReportCancelled, Source, summarize_project


def by_name(project: Project, card: ModelCard | None, model: ModelMasks) -> dict[str, ImageResult]:
    return {result.rel[0]: result for result in summarize_project(project, card, model).results}


def test_the_inspector_counts_before_the_model(project: Project, card: ModelCard, model: ModelMasks) -> None:
    results = by_name(project, card, model)
    assert {name: result.source for name, result in results.items()} == {
        "a": Source.INSPECTOR,
        "b": Source.INSPECTOR,
        "c": Source.MODEL,
        "d": Source.MODEL,
        "e": None,
    }
    box = results["a"].regions[0].box
    assert (box.x, box.y, box.width, box.height) == (10, 10, 30, 4)
    assert (results["a"].who, results["a"].model_id, results["a"].threshold) == ("Ada", "m0", None)
    assert results["b"].verdict is Verdict.OK and results["b"].regions == ()
    assert (results["c"].who, results["c"].model_id, results["c"].threshold) == ("", "m1", 0.5)


def test_the_model_still_says_how_sure_it_is_of_what_the_inspector_drew(
    project: Project, card: ModelCard, model: ModelMasks
) -> None:
    result = by_name(project, card, model)["a"]
    assert result.max_probability == pytest.approx(0.8)
    assert result.regions[0].max_probability == pytest.approx(3 / 255)


def test_a_prediction_of_another_size_is_no_opinion(project: Project, card: ModelCard) -> None:
    stale = np.ones((10, 10), np.uint8)
    result = by_name(project, card, lambda rel: (stale, stale[None]))["a"]
    assert result.max_probability is None and result.regions[0].mean_probability is None


def test_the_numbers_add_up(project: Project, card: ModelCard, model: ModelMasks) -> None:
    summary = summarize_project(project, card, model)
    # a: 120 of 4800 px²; c: 20 + 12 px², the speck of 4 px² is neglected.
    assert summary.counts == {Verdict.NG: 2, Verdict.REVIEW: 0, Verdict.OK: 2}
    assert (summary.not_judged, summary.defects) == (1, 3)
    assert (summary.decided_by(Source.INSPECTOR), summary.decided_by(Source.MODEL)) == (2, 2)
    judged = {result.rel[0]: (result.area, len(result.regions)) for result in summary.results}
    assert judged == {"a": (120, 1), "b": (0, 0), "c": (32, 2), "d": (0, 0), "e": (0, 0)}
    assert [region.area for region in summary.results[2].regions] == [20, 12]
    assert summary.inspectors == ("Ada", "Bob")
    assert (summary.title, summary.model_id) == ("parts", "m1")


def test_the_recipe_of_the_project_decides(project: Project, card: ModelCard, model: ModelMasks) -> None:
    project.file.recipe = project.file.recipe.model_copy(update={"ng_area_ratio": 0.02, "min_area": 4})
    results = by_name(project, card, model)
    assert (results["a"].verdict, results["c"].verdict) == (Verdict.NG, Verdict.REVIEW)
    assert results["c"].area == 36


def test_an_image_that_nobody_saw_says_so(project: Project, model: ModelMasks) -> None:
    result = by_name(project, None, model)["e"]
    assert result.verdict is None and result.judgement is None
    assert result.failure.startswith("Nobody has looked at it yet")


def test_a_damaged_annotation_is_a_row_with_its_problem(project: Project, card: ModelCard, model: ModelMasks) -> None:
    project.annotation_paths("a.png")[0].write_bytes(b"no png")
    summary = summarize_project(project, card, model)
    result = summary.results[0]
    assert result.verdict is None and result.source is None, "the model must not stand in for a mask that is lost"
    assert "a.png.png" in result.failure and result.failure.endswith(".")
    assert summary.not_judged == 2 and len(summary.results) == 5


def test_a_mask_changed_after_its_approval_is_not_approved(
    project: Project, card: ModelCard, model: ModelMasks
) -> None:
    mask_path = project.annotation_paths("a.png")[0]
    save_annotation(project, "e.png", np.zeros((60, 80), np.uint8), ReviewStatus.CORRECTED, who="Ada")
    shutil.copy(project.annotation_paths("e.png")[0], mask_path)
    result = by_name(project, card, model)["a"]
    assert (result.status, result.verdict) == (ReviewStatus.CORRECTED, Verdict.OK)


def test_only_the_chosen_images_in_their_order(project: Project, card: ModelCard, model: ModelMasks) -> None:
    summary = summarize_project(project, card, model, images=["d.png", "a.png"], inspector="Eve")
    assert [result.rel for result in summary.results] == ["d.png", "a.png"]
    assert summary.inspectors == ("Eve",)


def test_progress_and_cancel(project: Project, model: ModelMasks) -> None:
    steps: list[tuple[int, int]] = []
    summarize_project(project, None, model, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(done, 5) for done in range(6)]
    steps.clear()
    with pytest.raises(ReportCancelled):
        summarize_project(
            project,
            None,
            model,
            progress=lambda done, total: steps.append((done, total)),
            cancelled=lambda: len(steps) == 2,
        )
    assert len(steps) == 2


def test_a_folder_of_images_that_is_gone(project: Project, model: ModelMasks) -> None:
    project.images = project.images / "gone"
    with pytest.raises(ProjectError, match="gone"):
        summarize_project(project, None, model)
