"""What of a project's reviewed images a training gets, how often, and from where in them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from image_files import write_image

from scratchgui.core.annotation import beginning_path, save_annotation
from scratchgui.core.correction import HEAVIEST, Beginning
from scratchgui.core.errors import TrainingError
from scratchgui.core.manifest import (
    LOOKS_FILE,
    Manifest,
    load_manifest,
    manifest_from_folder,
    manifest_from_project,
    new_run_folder,
    write_run,
)
from scratchgui.core.mask import decode_mask
from scratchgui.core.project import DefectClass, Project, ReviewStatus
from scratchgui.core.seen import REACH

APPROVED, CORRECTED = ReviewStatus.APPROVED, ReviewStatus.CORRECTED
CLEAN = np.zeros((24, 32), np.uint8)


@pytest.fixture
def approved(project: Project, scratch: np.ndarray) -> Project:
    """Two approved images, a1 to learn from and a2 to check on."""
    for name in ("a1.png", "a2.png"):
        save_annotation(project, name, scratch, APPROVED)
    return project


def written(project: Project, manifest: Manifest) -> Manifest:
    run = new_run_folder(project)
    write_run(run, manifest, {})
    return load_manifest(run)


def entry_of(manifest: Manifest, key: str):
    return next(entry for entry in manifest.entries if entry.key == key)


def test_what_was_changed_most_comes_most_often(approved: Project, scratch: np.ndarray) -> None:
    for name, began in (("a10.png", scratch), ("b.jpg", CLEAN)):
        save_annotation(approved, name, scratch, APPROVED, began=Beginning(began, "m1", 0.5))
    manifest = manifest_from_project(approved)
    assert {entry.key: entry.weight for entry in manifest.entries} == {
        "a1.png": 1,
        "a2.png": 1,
        "a10.png": 1,
        "b.jpg": HEAVIEST,
    }
    assert entry_of(manifest, "a10.png").began is None  # nothing was changed
    assert entry_of(manifest, "b.jpg").began == str(beginning_path(approved, "b.jpg"))


def test_a_corrected_image_is_learned_from_around_what_was_changed(approved: Project) -> None:
    write_image(approved.image_path("large.png"), height=200, width=300)
    began = np.zeros((200, 300), np.uint8)
    began[150:160, 200:280] = 1
    mask = began.copy()
    mask[20, 30:60] = 1
    save_annotation(approved, "large.png", mask, CORRECTED, began=Beginning(began, "m1", 0.5))
    entry = entry_of(written(approved, manifest_from_project(approved)), "large.png")
    assert (entry.split, entry.approved) == ("train", False)
    seen = decode_mask(Path(entry.seen or "").read_bytes())
    expected = np.zeros_like(seen)
    expected[: 20 + REACH + 1, 0 : 60 + REACH] = 255
    assert np.array_equal(seen, expected)
    without = manifest_from_project(approved, learn_from_unapproved=False)
    assert [item.key for item in without.entries] == ["a1.png", "a2.png"]
    save_annotation(approved, "large.png", mask, APPROVED)
    entry = entry_of(written(approved, manifest_from_project(approved)), "large.png")
    assert (entry.split, entry.approved, entry.seen) == ("train", True, None)


def test_a_removed_false_alarm_is_learned_from_at_once(approved: Project, scratch: np.ndarray) -> None:
    save_annotation(approved, "b.jpg", CLEAN, CORRECTED, began=Beginning(scratch, "m1", 0.5))
    entry = entry_of(written(approved, manifest_from_project(approved)), "b.jpg")
    assert entry.mask is None and entry.seen is not None and entry.began is not None


@pytest.mark.parametrize("why", ["unchanged", "painted", "picked", "lost", "damaged"])
def test_where_it_is_not_known_what_was_looked_at_the_image_is_left_out(
    approved: Project, scratch: np.ndarray, why: str
) -> None:
    mask = scratch if why == "unchanged" else scratch * 0
    began = None if why == "painted" else Beginning(scratch, "m1", 0.5, taken_over=why != "picked")
    save_annotation(approved, "b.jpg", mask, CORRECTED, began=began)
    if why == "lost":
        beginning_path(approved, "b.jpg").unlink()
    if why == "damaged":
        beginning_path(approved, "b.jpg").write_bytes(b"?")
    assert [entry.key for entry in manifest_from_project(approved).entries] == ["a1.png", "a2.png"]


def test_a_second_shot_joins_the_first_one(approved: Project, scratch: np.ndarray) -> None:
    pixels = cv2.imread(str(approved.image_path("a2.png")), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    for number in range(3):
        name = f"again {number}.jpg"
        cv2.imwrite(str(approved.images / name), np.clip(pixels * 1.1, 0, 255).astype(np.uint8))
        save_annotation(approved, name, scratch, APPROVED)
    save_annotation(approved, "c.bmp", scratch * 0, CORRECTED, began=Beginning(scratch, "m1", 0.5))
    cv2.imwrite(str(approved.image_path("c.bmp")), pixels)
    entries = manifest_from_project(approved).entries
    # c looks like an image in validation too: as long as it is not approved nothing is learned from it.
    assert {entry.key: entry.split for entry in entries} == {
        "a1.png": "train",
        "a2.png": "validation",
        "again 0.jpg": "validation",
        "again 1.jpg": "validation",
        "again 2.jpg": "validation",
    }
    assert len({entry.group for entry in entries[1:]}) == 1
    assert (approved.folder / LOOKS_FILE).is_file()


def test_one_part_seen_twice_is_not_enough(project: Project, scratch: np.ndarray) -> None:
    project.image_path("a2.png").write_bytes(project.image_path("a1.png").read_bytes())
    for name in ("a1.png", "a2.png"):
        save_annotation(project, name, scratch, APPROVED)
    with pytest.raises(TrainingError, match="look alike: approve one of another part"):
        manifest_from_project(project)


def test_parts_of_one_kind_are_parted_and_the_user_is_told(project: Project, scratch: np.ndarray) -> None:
    same = project.image_path("a1.png").read_bytes()
    for number in range(1, 5):
        name = f"same{number}.png"
        project.image_path(name).write_bytes(same)
        save_annotation(project, name, scratch, APPROVED)
    manifest = manifest_from_project(project)
    assert [entry.split for entry in manifest.entries] == ["train", "validation", "train", "train"]
    assert any("look alike: the gain may be less on other parts" in note for note in manifest.notes)


def test_a_mask_of_another_size_is_named_and_left_out(approved: Project, scratch: np.ndarray) -> None:
    save_annotation(approved, "a10.png", scratch, APPROVED)
    write_image(approved.image_path("a10.png"), height=50, width=60)
    manifest = manifest_from_project(approved)
    assert [entry.key for entry in manifest.entries] == ["a1.png", "a2.png"]
    assert "another size than the image: a10.png." in manifest.notes[0]
    write_image(approved.image_path("a2.png"), height=50, width=60)
    with pytest.raises(TrainingError, match=r"Only one image is reviewed.*a2.png, a10.png"):
        manifest_from_project(approved)


def test_a_turned_image_is_of_the_size_of_its_mask(approved: Project) -> None:
    write_image(approved.image_path("turned.png"), height=32, width=24)
    save_annotation(approved, "turned.png", CLEAN, APPROVED)
    assert entry_of(manifest_from_project(approved), "turned.png")


def test_masks_of_removed_classes_alone_are_left_out_and_the_others_say_which(
    approved: Project, scratch: np.ndarray
) -> None:
    approved.file.classes.append(DefectClass(name="dent", color="#112233"))
    both = scratch.copy()
    both[0, 0] = 2
    save_annotation(approved, "a10.png", scratch * 2, APPROVED)
    save_annotation(approved, "b.jpg", both, APPROVED)
    assert manifest_from_project(approved).removed == []
    approved.file.classes[1].removed = True
    manifest = manifest_from_project(approved)
    assert [entry.key for entry in manifest.entries] == ["a1.png", "a2.png", "b.jpg"]
    assert (manifest.removed, len(manifest.classes)) == ([2], 2)
    assert "only removed classes are marked: a10.png." in manifest.notes[0]
    approved.file.classes.pop()  # as it is when the last class is removed
    assert [entry.key for entry in manifest_from_project(approved).entries] == ["a1.png", "a2.png", "b.jpg"]


def test_too_few_images_to_check_on_and_no_clean_ones_are_said(approved: Project) -> None:
    notes = " ".join(manifest_from_project(approved).notes)
    assert "only 1 image with a defect" in notes and "no clean image to learn from" in notes
    save_annotation(approved, "b.jpg", CLEAN, APPROVED)
    assert "no clean image to learn from" not in " ".join(manifest_from_project(approved).notes)


def test_a_mask_of_another_size_in_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    for name in ("x.png", "y.png"):
        write_image(tmp_path / "images" / name, height=24, width=32)
        write_image(tmp_path / "masks" / name, height=24, width=32 if name == "x.png" else 30)
    with pytest.raises(TrainingError, match=r"mask of y.png is of another size"):
        manifest_from_folder(tmp_path)
