from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from image_files import write_image

from scratchgui.core.annotation import (
    annotated_images,
    load_annotation,
    load_info,
    remove_annotation,
    save_annotation,
)
from scratchgui.core.errors import AnnotationError
from scratchgui.core.project import Project, ReviewStatus

CLEAN = np.zeros((24, 32), np.uint8)
REL = "line 2/d.tif"


def files(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in project.annotations_folder.rglob("*") if path.is_file()}


def test_an_annotation_survives(project: Project, scratch: np.ndarray) -> None:
    saved = save_annotation(project, REL, scratch, ReviewStatus.APPROVED, who="Ada", source_model="starter")
    found = load_annotation(project, REL)
    assert found is not None
    assert np.array_equal(found.mask, scratch)
    assert found.info == saved == load_info(project, REL)
    assert (saved.status, saved.who, saved.source_model) == (ReviewStatus.APPROVED, "Ada", "starter")
    assert (saved.image_size, saved.defect, saved.revision) == ((32, 24), True, 1)
    assert list(annotated_images(project)) == [(REL, saved)]


def test_each_save_counts_and_keeps_where_the_mask_came_from(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.CORRECTED, source_model="starter")
    second = save_annotation(project, REL, CLEAN, ReviewStatus.APPROVED)
    assert (second.revision, second.source_model, second.defect) == (2, "starter", False)
    assert second.who


def test_an_image_never_annotated(project: Project) -> None:
    assert load_annotation(project, REL) is None
    assert load_info(project, REL) is None
    assert list(annotated_images(project)) == []


def test_a_removed_annotation_was_never_there(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, "a.png", scratch, ReviewStatus.CORRECTED)
    remove_annotation(project, "a.png")
    assert load_annotation(project, "a.png") is None
    assert list(annotated_images(project)) == []
    remove_annotation(project, "a.png")


@pytest.mark.parametrize("failing", [1, 2], ids=["mask", "status"])
def test_a_failed_save_loses_nothing(
    project: Project, scratch: np.ndarray, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    before = files(project)
    calls = 0
    replace = os.replace

    def full(source: str, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls >= failing:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(AnnotationError, match="No space left on device"):
        save_annotation(project, REL, CLEAN, ReviewStatus.APPROVED)
    after = files(project)
    assert after.keys() == before.keys()
    assert after["d.tif.json"] == before["d.tif.json"]
    if failing == 1:
        assert after == before


def test_a_save_cut_off_between_the_files_is_corrected_not_approved(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, CLEAN, ReviewStatus.APPROVED)
    status = project.annotation_paths(REL)[1].read_bytes()
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    project.annotation_paths(REL)[1].write_bytes(status)
    found = load_annotation(project, REL)
    assert found is not None
    assert np.array_equal(found.mask, scratch)
    assert (found.info.status, found.info.defect) == (ReviewStatus.CORRECTED, True)


def test_a_first_save_cut_off_before_the_status(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    project.annotation_paths(REL)[1].unlink()
    found = load_annotation(project, REL)
    assert found is not None
    assert (found.info.status, found.info.image_size) == (ReviewStatus.CORRECTED, (32, 24))
    ((rel, info),) = annotated_images(project)
    assert (rel, getattr(info, "status", None)) == (REL, ReviewStatus.CORRECTED)
    assert save_annotation(project, REL, scratch, ReviewStatus.APPROVED).revision == 1


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"status": "new"}'])
def test_a_damaged_status_is_an_error_and_is_never_overwritten(
    project: Project, scratch: np.ndarray, content: str
) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    path = project.annotation_paths(REL)[1]
    path.write_text(content)
    before = files(project)
    for read in (load_annotation, load_info):
        with pytest.raises(AnnotationError, match=r"status file is damaged.*read-only"):
            read(project, REL)
    with pytest.raises(AnnotationError):
        save_annotation(project, REL, CLEAN, ReviewStatus.APPROVED)
    assert files(project) == before
    ((rel, error),) = annotated_images(project)
    assert rel == REL
    assert isinstance(error, AnnotationError)


def test_a_damaged_mask_is_an_error_and_never_empty(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    path = project.annotation_paths(REL)[0]
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(AnnotationError, match="mask file is damaged"):
        load_annotation(project, REL)
    project.annotation_paths(REL)[1].unlink()
    ((rel, error),) = annotated_images(project)
    assert (rel, type(error)) == (REL, AnnotationError)


def test_a_missing_mask_is_an_error(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    project.annotation_paths(REL)[0].unlink()
    with pytest.raises(AnnotationError, match="missing"):
        load_annotation(project, REL)


def test_a_folder_in_place_of_the_mask_is_one_sentence(project: Project, scratch: np.ndarray) -> None:
    project.annotation_paths(REL)[0].mkdir(parents=True)
    with pytest.raises(AnnotationError, match="cannot be saved"):
        save_annotation(project, REL, scratch, ReviewStatus.APPROVED)


def test_a_newer_status_is_refused_even_if_nothing_in_it_fits(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    project.annotation_paths(REL)[1].write_text(json.dumps({"schema_version": 2, "state": {}}))
    with pytest.raises(AnnotationError, match="newer"):
        load_info(project, REL)


def test_what_a_newer_program_noted_does_not_disturb(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED)
    path = project.annotation_paths(REL)[1]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"note": "seen twice"}))
    assert load_info(project, REL) is not None


@pytest.mark.parametrize(
    "name", ["表面 – Kratzer 🔩.png", "a" * 236 + ".png", "a" * 251 + ".png", "漢" * 83 + "12.png"]
)
def test_any_image_name_has_an_annotation(project: Project, scratch: np.ndarray, name: str) -> None:
    rel = f"line 2/{name}"
    write_image(project.image_path(rel))
    assert rel in project.list_images()
    assert load_annotation(project, rel) is None
    saved = save_annotation(project, rel, scratch, ReviewStatus.APPROVED)
    found = load_annotation(project, rel)
    assert found is not None
    assert np.array_equal(found.mask, scratch)
    assert found.info.status is ReviewStatus.APPROVED
    assert list(annotated_images(project)) == [(rel, saved)]


def test_long_names_that_differ_at_the_end_have_their_own_masks(project: Project, scratch: np.ndarray) -> None:
    one, other = (f"{'x' * 250}{number}.png" for number in (1, 2))
    save_annotation(project, one, scratch, ReviewStatus.APPROVED)
    save_annotation(project, other, CLEAN, ReviewStatus.APPROVED)
    found = load_annotation(project, one)
    assert found is not None
    assert found.mask.any()
    assert {rel for rel, _ in annotated_images(project)} == {one, other}
