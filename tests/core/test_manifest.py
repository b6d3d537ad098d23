from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from image_files import write_image

from scratchgui.core.annotation import save_annotation
from scratchgui.core.errors import TrainingError
from scratchgui.core.files import read_json
from scratchgui.core.manifest import (
    Manifest,
    approved_since,
    load_manifest,
    manifest_from_folder,
    manifest_from_project,
    new_run_folder,
    write_run,
)
from scratchgui.core.project import Project, ReviewStatus

CLEAN = np.zeros((24, 32), np.uint8)
APPROVED = ReviewStatus.APPROVED


def approve(project: Project, mask: np.ndarray, *names: str) -> None:
    for name in names:
        save_annotation(project, name, mask, APPROVED)


def parts(manifest: Manifest) -> dict[str, str]:
    return {entry.key: entry.split for entry in manifest.entries}


def test_only_approved_images_count(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png")
    approve(project, CLEAN, "b.jpg")
    save_annotation(project, "c.bmp", scratch, ReviewStatus.CORRECTED)
    manifest = manifest_from_project(project)
    assert parts(manifest) == {"a1.png": "train", "a2.png": "validation", "b.jpg": "train"}
    assert manifest.classes == ["scratch"]
    first, _, clean = manifest.entries
    assert first.image == str(project.image_path("a1.png"))
    assert first.mask == str(project.annotation_paths("a1.png")[0])
    assert len(first.sha256) == 64
    assert (clean.mask, clean.sha256) == (None, "")


def test_the_split_stays_when_more_is_approved(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png")
    before = parts(manifest_from_project(project))
    approve(project, CLEAN, "a2.png")
    approve(project, scratch, "a10.png", "b.jpg", "c.bmp", "a1.png")
    assert before.items() <= parts(manifest_from_project(project)).items()


@pytest.mark.parametrize(
    ("scratched", "clean", "sentence"),
    [
        ([], [], "No image is reviewed"),
        (["a1.png"], [], "Only one image is reviewed"),
        ([], ["a1.png", "a2.png"], "No reviewed image has a defect"),
        (["a1.png"], ["a2.png"], "no image to check"),
    ],
)
def test_too_little_to_learn_from_is_one_sentence(
    project: Project, scratch: np.ndarray, scratched: list[str], clean: list[str], sentence: str
) -> None:
    approve(project, scratch, *scratched)
    approve(project, CLEAN, *clean)
    with pytest.raises(TrainingError, match=sentence):
        manifest_from_project(project)


def test_images_and_masks_that_are_gone_are_left_out(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png", "a10.png", "b.jpg")
    project.image_path("a10.png").unlink()
    project.annotation_paths("b.jpg")[0].unlink()
    assert set(parts(manifest_from_project(project))) == {"a1.png", "a2.png"}


def test_a_mask_that_nobody_approved_is_left_out(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png", "b.jpg")
    status = project.annotation_paths("b.jpg")[1].read_bytes()
    save_annotation(project, "b.jpg", CLEAN, ReviewStatus.CORRECTED)
    project.annotation_paths("b.jpg")[1].write_bytes(status)
    assert set(parts(manifest_from_project(project))) == {"a1.png", "a2.png"}


def test_a_damaged_status_does_not_stop_the_others(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png", "b.jpg")
    project.annotation_paths("b.jpg")[1].write_text("{")
    assert set(parts(manifest_from_project(project))) == {"a1.png", "a2.png"}


def test_what_is_new_since_the_last_training(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png")
    now = datetime.now(UTC)
    assert approved_since(project, None) == (2, 2)
    assert approved_since(project, now) == (0, 2)
    assert approved_since(project, now - timedelta(minutes=5)) == (2, 2)


def data_folder(root: Path, count: int = 6) -> Path:
    for number in range(count):
        write_image(root / "images" / f"{number}.jpg")
        write_image(root / "masks" / f"{number}.png")
    return root


def test_a_plain_folder_with_lists(tmp_path: Path) -> None:
    data = data_folder(tmp_path / "data")
    (data / "train.txt").write_text("0.jpg\n1.jpg\n\n  2.jpg \r\n", encoding="utf-8-sig")
    (data / "val.txt").write_text("3.jpg\n")
    manifest = manifest_from_folder(data)
    assert parts(manifest) == {"0.jpg": "train", "1.jpg": "train", "2.jpg": "train", "3.jpg": "validation"}
    assert manifest.binary
    assert all(Path(entry.image).is_absolute() and Path(entry.mask or "").is_file() for entry in manifest.entries)


def test_a_plain_folder_without_lists(tmp_path: Path) -> None:
    split = parts(manifest_from_folder(data_folder(tmp_path / "data")))
    assert [name for name, part in split.items() if part == "validation"] == ["4.jpg"]


def test_a_plain_folder_that_lacks_something_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="subfolders images and masks"):
        manifest_from_folder(tmp_path)
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    with pytest.raises(TrainingError, match="no images"):
        manifest_from_folder(tmp_path)
    data = data_folder(tmp_path / "data")
    (data / "masks" / "5.png").unlink()
    with pytest.raises(TrainingError, match=r"5.jpg is missing"):
        manifest_from_folder(data)
    (data / "train.txt").write_bytes("Öl.jpg\n".encode("latin-1"))
    with pytest.raises(TrainingError, match="UTF-8"):
        manifest_from_folder(data)
    (data / "train.txt").write_text("")
    with pytest.raises(TrainingError):
        manifest_from_folder(data)


def test_a_run_holds_what_the_training_reads(project: Project, scratch: np.ndarray) -> None:
    approve(project, scratch, "a1.png", "a2.png")
    manifest = manifest_from_project(project)
    run = new_run_folder(project)
    write_run(run, manifest, {"epochs": 2, "name": "Öl"})
    assert run.parent == project.runs_folder
    assert load_manifest(run) == manifest
    assert read_json(run / "config.json") == {"epochs": 2, "name": "Öl"}


def test_runs_of_one_second_have_their_own_folders(project: Project) -> None:
    assert len({new_run_folder(project) for _ in range(5)}) == 5


def test_a_run_that_cannot_be_written_is_one_sentence(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run = new_run_folder(project)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(TrainingError, match="No space left"):
        write_run(run, Manifest(classes=["scratch"], entries=[]), {})
    project.runs_folder.rename(project.folder / "old")
    project.runs_folder.touch()
    with pytest.raises(TrainingError, match="cannot be made"):
        new_run_folder(project)


@pytest.mark.parametrize(
    "content", [None, "{", '{"classes": [], "entries": []}', '{"classes": ["a"], "entries": [{}]}']
)
def test_a_damaged_manifest_is_one_sentence(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(TrainingError, match="damaged"):
        load_manifest(tmp_path)
