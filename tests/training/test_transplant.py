"""Defects of one image put into crops of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from scratchgui.core.manifest import ManifestEntry
from scratchgui.core.mask import encode_mask
from training.data import Crops, Images
from training.transplant import Defect, Transplanting, take_out, varied

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 128
DARK = 60


def surface(level: int, *, color: bool = False) -> NDArray[np.uint8]:
    """Return a surface that grows brighter to the right."""
    ramp = np.linspace(level - 10, level + 10, SIDE).round().astype(np.uint8)
    gray = np.repeat(ramp[None], SIDE, 0)
    return np.repeat(gray[..., None], 3, 2) if color else gray


def with_scratch(level: int, *, color: bool = False) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a surface with a scratch that is darker by `DARK`, and its label map."""
    image, mask = surface(level, color=color), np.zeros((SIDE, SIDE), np.uint8)
    cv2.line(mask, (50, 40), (75, 60), 2, 3)
    image[mask > 0] -= DARK
    return image, mask


def images_in(folder: Path, *pairs: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> Images:
    """Write images and their masks, and return them as a training reads them."""
    entries = []
    for number, (image, mask) in enumerate(pairs):
        path, mask_path = folder / f"{number}.png", folder / f"{number}.mask.png"
        path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
        mask_path.write_bytes(encode_mask(mask))
        kept = str(mask_path) if mask.any() else None
        entries.append(ManifestEntry(key=path.name, image=str(path), mask=kept, split="train"))
    return Images(entries, binary=False, classes=2)


def taken() -> Defect:
    image, mask = with_scratch(180)
    defect = take_out(image, mask, (50, 62))
    assert defect is not None
    return defect


def test_what_is_taken_out_is_what_the_defect_adds_to_its_surroundings() -> None:
    defect = taken()
    assert defect.label == 2
    assert np.count_nonzero(defect.pixels) == np.count_nonzero(with_scratch(180)[1])
    assert defect.change[defect.pixels > 0].mean() == pytest.approx(-DARK, abs=3)
    assert np.abs(defect.change[defect.pixels == 0]).max() < 6  # the ramp below it is no part of it


def test_a_defect_that_leaves_the_window_stays_where_it_is() -> None:
    image, mask = with_scratch(180)
    mask[49:52] = 2
    assert take_out(image, mask, (50, 62)) is None


def test_a_speck_is_not_worth_it() -> None:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[30, 30:33] = 1
    assert take_out(surface(180), mask, (30, 31)) is None


def test_turning_and_scaling_keep_the_defect_on_its_pixels() -> None:
    for seed in range(30):
        found = varied(np.random.default_rng(seed), taken())
        assert found.change.shape == found.pixels.shape
        on, off = found.change[found.pixels > 0].mean(), found.change[found.pixels == 0].mean()
        assert on < -0.5 * DARK
        assert off > -0.3 * DARK


@pytest.mark.parametrize(("donor", "crop"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_clean_crop_gets_the_defect_at_its_own_light(tmp_path: Path, donor: bool, crop: bool) -> None:
    putting = Transplanting(images_in(tmp_path, with_scratch(180, color=donor)), 1.0, 2)
    clean, nothing = surface(100, color=crop), np.zeros((SIDE, SIDE), np.uint8)
    got = 0
    for seed in range(20):
        image, mask = putting(np.random.default_rng(seed), clean, nothing)
        assert image.shape == clean.shape
        assert set(np.unique(mask)) <= {0, 2}
        changed = np.abs(image.astype(int) - clean).reshape(SIDE, SIDE, -1).max(2)
        assert changed[cv2.dilate(mask, np.ones((9, 9), np.uint8)) == 0].max(initial=0) <= 4
        if mask.any():
            got += 1
            assert np.median((clean.astype(int) - image)[mask > 0]) > 0.4 * DARK
    assert got >= 18
    assert not nothing.any()
    assert np.array_equal(clean, surface(100, color=crop))


def test_what_is_there_is_not_covered(tmp_path: Path) -> None:
    putting = Transplanting(images_in(tmp_path, with_scratch(180)), 1.0, 2)
    full = np.full((SIDE, SIDE), 1, np.uint8)
    image, mask = putting(np.random.default_rng(0), surface(100), full)
    assert np.array_equal(mask, full)
    assert np.array_equal(image, surface(100))


def test_nothing_is_marked_that_cannot_be_seen(tmp_path: Path) -> None:
    putting = Transplanting(images_in(tmp_path, with_scratch(180)), 1.0, 2)
    black, nothing = np.full((SIDE, SIDE), 8, np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    assert not any(putting(np.random.default_rng(seed), black, nothing)[1].any() for seed in range(10))


def test_without_a_defect_anywhere_crops_stay(tmp_path: Path) -> None:
    clean = surface(120), np.zeros((SIDE, SIDE), np.uint8)
    image, mask = Transplanting(images_in(tmp_path, clean), 1.0, 2)(np.random.default_rng(0), *clean)
    assert image is clean[0]
    assert mask is clean[1]


def test_a_training_learns_from_such_crops_and_two_of_them_are_equal(tmp_path: Path) -> None:
    clean = surface(120), np.zeros((SIDE, SIDE), np.uint8)
    images = images_in(tmp_path, with_scratch(180), clean, clean)

    def crops(share: float) -> Crops:
        usual = {"classes": 2, "mean": (0.5,) * 3, "std": (0.25,) * 3, "seed": 3}
        return Crops(images, size=SIDE, count=24, transplanted=share, **usual)  # type: ignore[arg-type]

    def marked(share: float) -> int:
        return sum(bool(crops(share).varied(number)[1].any()) for number in range(24))

    assert marked(1.0) > marked(0.0)
    first, second = crops(1.0), crops(1.0)
    assert all(np.array_equal(first.varied(number)[0], second.varied(number)[0]) for number in range(24))
