from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core import near_duplicates
from scratchgui.core.near_duplicates import LARGEST_GROUP, Looks, LooksFile, groups_of, looks_of


def part(seed: int) -> np.ndarray:
    """A cast surface of its own: structures of several sizes."""
    rng = np.random.default_rng(seed)
    field = sum(cv2.resize(rng.normal(0, 14, (n, n)), (320, 240), interpolation=cv2.INTER_CUBIC) for n in (6, 14, 30))
    return np.clip(130 + np.asarray(field), 0, 255).astype(np.uint8)


def encoded_anew(image: np.ndarray) -> np.ndarray:
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


VARIANTS = {
    "jpeg": encoded_anew,
    "brighter": lambda image: np.clip(image * 1.15 + 6, 0, 255).astype(np.uint8),
    "gamma": lambda image: (255 * (image / 255) ** 0.75).astype(np.uint8),
    "half": lambda image: cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "color": lambda image: cv2.cvtColor(image, cv2.COLOR_GRAY2RGB),
    "shaded": lambda image: (image * np.linspace(0.8, 1, image.shape[1])).astype(np.uint8),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_second_version_of_a_shot_is_found_and_another_part_is_not(variant: str) -> None:
    looks = {f"{seed}": looks_of(part(seed)) for seed in range(10)}
    looks |= {f"{seed} again": looks_of(VARIANTS[variant](part(seed))) for seed in range(10)}
    groups = groups_of(looks)
    assert groups == {name: name.split()[0] for name in looks}


def test_many_parts_that_look_alike_are_not_one_group() -> None:
    looks = {str(number): looks_of(part(1)) for number in range(3 * LARGEST_GROUP)}
    sizes = np.unique(list(groups_of(looks).values()), return_counts=True)[1]
    assert sizes.tolist() == [LARGEST_GROUP] * 3


def test_images_without_any_structure_are_no_duplicates() -> None:
    flat = {str(level): looks_of(np.full((50, 60), level, np.uint8)) for level in (0, 90, 255)}
    assert len(set(groups_of(flat).values())) == 3
    assert groups_of({}) == {}


@given(st.integers(0, 50), st.integers(1, 40), st.integers(1, 40))
def test_looks_survive_as_text(seed: int, height: int, width: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    looks = looks_of(image)
    again = Looks.from_text(looks.as_text())
    assert np.array_equal(again.bits, looks.bits) and np.array_equal(again.details, looks.details)


def test_an_image_is_looked_at_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = {}
    for seed in range(3):
        images[f"{seed}.png"] = tmp_path / f"{seed}.png"
        cv2.imwrite(str(images[f"{seed}.png"]), part(seed))
    read: list[str] = []
    real = near_duplicates.read_thumbnail
    monkeypatch.setattr(
        near_duplicates, "read_thumbnail", lambda path, size: read.append(path.name) or real(path, size)
    )
    file = LooksFile(tmp_path / "looks.json")
    first = file.of(images)
    again = LooksFile(tmp_path / "looks.json").of(images)
    assert sorted(read) == ["0.png", "1.png", "2.png"]
    assert all(np.array_equal(first[name].details, again[name].details) for name in images)
    cv2.imwrite(str(images["1.png"]), part(9))
    os.utime(images["1.png"], ns=(1, 1))
    changed = LooksFile(tmp_path / "looks.json").of(images)
    assert read[3:] == ["1.png"]
    assert not np.array_equal(changed["1.png"].details, first["1.png"].details)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema_version": 1}', '{"schema_version": 1, "images": {"0.png": 3}}']
)
def test_a_damaged_file_is_made_anew_and_a_lost_image_left_out(tmp_path: Path, content: str) -> None:
    (tmp_path / "looks.json").write_text(content)
    cv2.imwrite(str(tmp_path / "0.png"), part(0))
    images = {"0.png": tmp_path / "0.png", "gone.png": tmp_path / "gone.png"}
    assert LooksFile(tmp_path / "looks.json").of(images).keys() == {"0.png"}
    assert LooksFile(tmp_path / "looks.json").of(images).keys() == {"0.png"}
