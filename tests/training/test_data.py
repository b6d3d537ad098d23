from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from training_files import write_entry

from scratchgui.core.errors import ImageReadError, TrainingError
from scratchgui.core.manifest import ManifestEntry
from training.data import Crops, Images, random_crop, read_entry
from training.sampling import spots_of


def crops(images: Images, *, size: int = 64, count: int = 8, classes: int = 1, seed: int = 0) -> Crops:
    return Crops(
        images, size=size, count=count, classes=classes, mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25), seed=seed
    )


def test_a_crop_is_normalized_and_has_one_plane_a_class(images: Images) -> None:
    pixels, target = crops(images, classes=2)[0]
    assert pixels.shape == (3, 64, 64) and pixels.dtype == torch.float32
    assert target.shape == (2, 64, 64) and set(target.unique().tolist()) <= {0.0, 1.0}
    assert pixels.min() >= -2.1 and pixels.max() <= 2.1


def test_crops_depend_on_seed_epoch_and_number_only(images: Images) -> None:
    first, again, other = crops(images), crops(images), crops(images, seed=1)
    first[5]  # what was asked for before does not matter
    assert torch.equal(first[2][0], again[2][0])
    assert not torch.equal(again[2][0], other[2][0])
    again.set_epoch(1)
    assert not torch.equal(first[2][0], again[2][0])


def test_every_image_comes_equally_often(tmp_path: Path) -> None:
    entries = [write_entry(tmp_path, str(k), "train", k, clean=True) for k in range(3)]
    asked: list[int] = []

    class Counting(Images):
        def spots(self, index: int):
            asked.append(index)
            return super().spots(index)

    data = crops(Counting(entries, binary=False), count=9)
    for index in range(len(data)):
        data[index]
    assert sorted(asked) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_images_smaller_than_the_crop_are_mirrored(tmp_path: Path) -> None:
    entry = write_entry(tmp_path, "small", "train", 1, size=(20, 33))
    image, mask = Images([entry], binary=False)[0]
    square, label = random_crop(np.random.default_rng(0), image, mask, 64, spots_of(mask, classes=1))
    assert square.shape == label.shape == (64, 64)
    assert square[:20, :33].tolist() == image.tolist() and square[20, :33].tolist() == image[19].tolist()
    assert label.any()


def test_a_single_row_of_pixels_can_be_cropped() -> None:
    image = np.arange(40, dtype=np.uint8)[None]
    square, _ = random_crop(
        np.random.default_rng(0), image, clean := np.zeros_like(image), 64, spots_of(clean, classes=1)
    )
    assert square.shape == (64, 64)


def test_crops_go_towards_a_small_defect_but_not_always() -> None:
    mask = np.zeros((600, 800), np.uint8)
    mask[300:302, 400:403] = 1
    rng, spots = np.random.default_rng(0), spots_of(mask, classes=1)
    hits = sum(random_crop(rng, mask, mask, 64, spots)[1].any() for _ in range(200))
    assert 130 <= hits <= 175  # by chance alone it would be 2 of 200


def test_the_truth_is_not_changed_by_reading_it_twice(images: Images) -> None:
    before = images[0][1].copy()
    data = crops(images)
    for index in range(8):
        data[index]
    assert np.array_equal(before, images[0][1])


def test_masks_of_plain_folders_count_any_value(tmp_path: Path, entries: list[ManifestEntry]) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[3:6] = 255
    path = Path(entries[0].mask or "")
    path.write_bytes(cv2.imencode(".png", mask)[1].tobytes())
    assert read_entry(entries[0], binary=True)[1].max() == 1
    assert read_entry(entries[0], binary=False)[1].max() == 255


def test_a_mask_of_another_size_and_a_lost_image_are_one_sentence(entries: list[ManifestEntry]) -> None:
    Path(entries[0].mask or "").write_bytes(cv2.imencode(".png", np.zeros((10, 10), np.uint8))[1].tobytes())
    with pytest.raises(TrainingError, match="not as large as its image"):
        read_entry(entries[0], binary=False)
    Path(entries[1].image).unlink()
    with pytest.raises(ImageReadError, match="no longer there"):
        read_entry(entries[1], binary=False)
