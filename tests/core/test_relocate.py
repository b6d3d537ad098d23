"""A project that moves away from its images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scratchgui.core import relocate
from scratchgui.core.annotation import load_annotation, save_annotation
from scratchgui.core.errors import ProjectError
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.core.relocate import move_project


@pytest.fixture
def annotated(project: Project) -> Project:
    mask = np.zeros((5, 6), np.uint8)
    mask[2] = 1
    save_annotation(project, "a1.png", mask, ReviewStatus.APPROVED, who="me")
    return project


def test_everything_moves_and_the_folder_of_images_still_finds_it(annotated: Project, tmp_path: Path) -> None:
    images = annotated.images
    place = tmp_path / "elsewhere"
    place.mkdir()
    moved = move_project(annotated, place)
    assert moved.folder == place / f"{images.name}-scratchgui"
    for project in (Project.for_folder(images), Project.open(moved.folder)):
        assert (project.folder, project.images) == (moved.folder, images)
        found = load_annotation(project, "a1.png")
        assert found is not None
        assert found.mask[2].all()
    assert [path.name for path in annotated.folder.iterdir()] == ["moved.json"]


def test_a_project_that_is_not_where_it_went_is_one_sentence(annotated: Project, tmp_path: Path) -> None:
    moved = move_project(annotated, tmp_path)
    moved.folder.rename(tmp_path / "drive taken away")
    with pytest.raises(ProjectError, match=r"not there.*Connect its drive"):
        Project.for_folder(annotated.images)
    (annotated.folder / "moved.json").write_text("[]")
    with pytest.raises(ProjectError, match=r"cannot be read.*Open the project folder itself"):
        Project.for_folder(annotated.images)


def test_a_project_may_move_on_and_back_again(annotated: Project, tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("one", "two")]
    for place in places:
        place.mkdir()
    project = annotated
    for place in (*places, *places):
        project = move_project(project, place)
        assert project.folder.parent == place
        for found in (Project.for_folder(annotated.images), Project.open(project.folder)):
            assert found.folder == project.folder
            assert load_annotation(found, "a1.png") is not None


def test_a_way_back_that_fails_leaves_the_project_to_be_found(
    annotated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / name for name in ("one", "two")]
    for place in places:
        place.mkdir()
    project = move_project(move_project(annotated, places[0]), places[1])

    def refuse(*_: object) -> None:
        raise ProjectError("The project cannot be saved")

    with monkeypatch.context() as patch:
        patch.setattr(Project, "save", refuse)
        with pytest.raises(ProjectError):
            move_project(project, places[0])
    assert Project.for_folder(annotated.images).folder == project.folder


def test_a_copy_that_fails_leaves_the_project_where_it_is(
    annotated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(relocate, "atomic_write_json", full)
    with pytest.raises(ProjectError, match="No space left on device"):
        move_project(annotated, tmp_path)
    assert Project.for_folder(annotated.images).folder == annotated.folder
    assert load_annotation(annotated, "a1.png") is not None
    assert not (tmp_path / f"{annotated.images.name}-scratchgui").exists()


def test_places_that_cannot_be_are_refused(annotated: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProjectError, match="into itself"):
        move_project(annotated, annotated.folder / "annotations")
    (tmp_path / f"{annotated.images.name}-scratchgui").mkdir()
    with pytest.raises(ProjectError, match="there already"):
        move_project(annotated, tmp_path)
    place = tmp_path / "locked"
    place.mkdir()
    monkeypatch.setattr(relocate, "is_writable_folder", lambda path: False)
    with pytest.raises(ProjectError, match="cannot be written"):
        move_project(annotated, place)
