from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from image_files import write_image

from scratchgui.core import project_places
from scratchgui.core.cutting import Cutting
from scratchgui.core.errors import ProjectError
from scratchgui.core.project import Project, ProjectFile


def test_a_folder_of_images_becomes_a_project_beside_them(images: Path) -> None:
    before = {path: path.read_bytes() for path in images.rglob("*") if path.is_file()}
    project = Project.for_folder(images)
    assert project.folder == images / "scratchgui"
    assert project.images == images
    assert (project.file.name, project.file.image_root) == ("parts", "..")
    assert project.list_images() == ["a1.png", "a2.png", "a10.png", "b.jpg", "c.bmp", "line 2/d.tif"]
    assert {path: path.read_bytes() for path in before} == before


def test_opening_again_finds_the_same_project(images: Path) -> None:
    project = Project.for_folder(images)
    project.file.threshold = 0.7
    project.save()
    for folder in (images, images / "scratchgui", images / "line 2" / ".."):
        again = Project.for_folder(folder)
        assert (again.folder, again.images, again.file) == (project.folder, images, project.file)


def test_a_new_project_cuts_by_threshold_and_smallest_area_alone(images: Path) -> None:
    assert Project.for_folder(images).file.cutting == Cutting(0.5, min_area=8)


def test_how_defects_are_cut_out_is_kept(images: Path) -> None:
    project = Project.for_folder(images)
    project.file.recipe.ng_area_ratio = 0.2
    cutting = Cutting(0.6, min_area=5, low_threshold=0.3, largest_hole=40, longest_gap=12)
    project.file.cut_as(cutting)
    project.save()
    again = Project.for_folder(images).file
    assert again.cutting == cutting
    assert (again.recipe.min_area, again.recipe.ng_area_ratio) == (5, 0.2)


def test_a_project_moves_with_its_images(images: Path, tmp_path: Path) -> None:
    Project.for_folder(images)
    images.rename(tmp_path / "moved")
    assert Project.for_folder(tmp_path / "moved").image_path("a1.png").is_file()


def test_files_of_the_project_are_not_its_images(project: Project) -> None:
    write_image(project.folder / "annotations" / "a1.png.png")
    write_image(project.models_folder / "m" / "figure.png")
    assert len(project.list_images()) == 6
    around = Project.open(project.images / "line 2" / ".." / "scratchgui")
    assert len(around.list_images()) == 6


def test_a_relative_path_stays_right_when_the_current_folder_changes(
    images: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(images.parent)
    project = Project.for_folder(Path("parts"))
    monkeypatch.chdir(tmp_path)
    assert len(project.list_images()) == 6


def test_a_read_only_folder_gets_its_project_elsewhere(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_places, "is_writable_folder", lambda folder: folder != images)
    project = Project.for_folder(images, tmp_path / "data")
    assert project.folder.parent == tmp_path / "data"
    assert project.images == images
    assert len(project.list_images()) == 6
    assert Project.for_folder(images, tmp_path / "data").folder == project.folder
    assert not (images / "scratchgui").exists()


def test_two_read_only_folders_of_one_name_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_places, "is_writable_folder", lambda _: False)
    for shift in ("early", "late"):
        write_image(tmp_path / shift / "parts" / "a.png")
    one, other = (Project.for_folder(tmp_path / shift / "parts", tmp_path / "data") for shift in ("early", "late"))
    assert one.folder != other.folder


def test_a_read_only_folder_without_another_place_is_one_sentence(
    images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_places, "is_writable_folder", lambda _: False)
    with pytest.raises(ProjectError, match="cannot be written"):
        Project.for_folder(images)


@pytest.mark.parametrize("name", ["表面 – Kratzer", "漢" * 85, "x" * 255])
def test_any_folder_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    write_image(tmp_path / name / "a.png")
    assert Project.for_folder(tmp_path / name, tmp_path / "data").folder == tmp_path / name / "scratchgui"
    monkeypatch.setattr(project_places, "is_writable_folder", lambda _: False)
    (tmp_path / name / "scratchgui" / "project.json").unlink()
    assert Project.for_folder(tmp_path / name, tmp_path / "data").list_images() == ["a.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have Unicode names only")
def test_a_folder_whose_name_is_not_unicode_is_one_sentence(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/bad\xff"
    os.mkdir(folder)
    with pytest.raises(ProjectError, match=r"not valid Unicode.*Rename") as raised:
        Project.for_folder(Path(os.fsdecode(folder)))
    str(raised.value).encode()


@pytest.mark.parametrize("name", ["none", "file"])
def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="does not exist"):
        Project.for_folder(tmp_path / name)


def test_an_empty_folder_is_a_project_without_images(tmp_path: Path) -> None:
    assert Project.for_folder(tmp_path).list_images() == []


def test_a_folder_without_a_project_is_one_sentence(images: Path) -> None:
    with pytest.raises(ProjectError, match="holds no project"):
        Project.open(images)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"name": "x", "image_root": "..", "threshold": 2}',
        '{"name": "x", "image_root": "..", "low_threshold": -0.1}',
        '{"name": "x", "image_root": "..", "longest_gap": -1}',
        '{"name": "x", "image_root": "..", "classes": []}',
    ],
)
def test_a_damaged_project_file_is_refused_and_kept(project: Project, content: str) -> None:
    path = project.folder / "project.json"
    path.write_text(content)
    with pytest.raises(ProjectError, match=r"damaged.*project\.json"):
        Project.for_folder(project.images)
    assert path.read_text() == content


def test_a_newer_project_is_refused_even_if_nothing_in_it_fits(project: Project) -> None:
    (project.folder / "project.json").write_text(json.dumps({"schema_version": 2, "classes": {"scratch": 1}}))
    with pytest.raises(ProjectError, match=r"newer.*Update"):
        Project.open(project.folder)


def test_what_a_newer_program_added_is_kept(project: Project) -> None:
    path = project.folder / "project.json"
    value = json.loads(path.read_text()) | {"calibration": {"mm_per_px": 0.02}}
    path.write_text(json.dumps(value))
    Project.open(project.folder).save()
    assert json.loads(path.read_text())["calibration"] == {"mm_per_px": 0.02}


def test_a_failed_save_keeps_the_old_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (project.folder / "project.json").read_bytes()
    project.file.threshold = 0.9

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ProjectError, match="No space left on device"):
        project.save()
    assert (project.folder / "project.json").read_bytes() == before


def test_images_that_are_gone_are_one_sentence(project: Project, tmp_path: Path) -> None:
    project.images.rename(tmp_path / "away")
    with pytest.raises(ProjectError, match="gone"):
        project.list_images()


def test_images_of_one_name_in_two_formats_do_not_meet(project: Project) -> None:
    paths = {path for rel in ("x/a.png", "x/a.jpg", "a.png", "x/a.png.png") for path in project.annotation_paths(rel)}
    assert len(paths) == 8
    assert project.annotation_paths("x/a.png")[0] == project.folder / "annotations" / "x" / "a.png.png"


def test_classes_need_a_color() -> None:
    with pytest.raises(ValueError, match="color"):
        ProjectFile.model_validate({"name": "x", "image_root": "..", "classes": [{"name": "dent", "color": "red"}]})
