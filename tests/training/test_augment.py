from __future__ import annotations

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from scratchgui.core.augmentation import STRENGTHS, Augmentation
from training.augment import pipeline


def scratched(width: int, level: int = 150, contrast: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """A noisy surface of a gray level with one straight scratch, dark or (negative contrast) bright."""
    rng = np.random.default_rng(3)
    image = np.repeat(rng.normal(level, 3, (160, 160, 1)), 3, axis=2)
    mask = np.zeros((160, 160), np.uint8)
    cv2.line(mask, (30, 40), (130, 115), 1, width)
    image[mask == 1] -= contrast
    return image.clip(0, 255).astype(np.uint8), mask


def contrast_beside(image: np.ndarray, mask: np.ndarray) -> float:
    """Gray levels by which the scratch is darker than what is right beside it."""
    gray = image.mean(axis=2)
    near = (cv2.dilate(mask, np.ones((9, 9))) == 1) & (cv2.dilate(mask, np.ones((3, 3))) == 0)
    return float(gray[near].mean() - gray[mask == 1].mean())


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize(
    ("level", "contrast"), [(150, 60), (150, -60), (40, 25), (40, -40), (215, -35), (215, 60)], ids=str
)
@pytest.mark.parametrize(("width", "kept"), [(1, 0.1), (2, 0.28)])
def test_a_thin_scratch_survives(strength: str, width: int, kept: float, level: int, contrast: int) -> None:
    image, mask = scratched(width, level, contrast)
    varied = pipeline(Augmentation.at(strength))
    area, before = mask.sum(), contrast_beside(image, mask)
    # An affine step may move parts of it out of the picture; what stays is as wide and as dark as can be expected.
    for seed in range(80):
        varied.set_random_seed(seed)
        result = varied(image=image, mask=mask)
        assert set(np.unique(result["mask"])) <= {0, 1}
        assert 0.4 * area < result["mask"].sum() < 2.6 * area, seed
        assert contrast_beside(result["image"], result["mask"]) / before > kept, seed


@pytest.mark.parametrize("group", [name for name in Augmentation.model_fields if name != "flips"])
def test_each_group_does_something_and_none_of_it_where_it_is_off(group: str) -> None:
    image, mask = scratched(2)
    image[..., 0] //= 2  # there is a color to lose
    only = pipeline(Augmentation.at("none").model_copy(update={group: "strong"}))
    changed = 0
    for seed in range(60):
        only.set_random_seed(seed)
        changed += not np.array_equal(only(image=image, mask=mask)["image"], image)
    assert changed >= 5
    nothing = pipeline(Augmentation.at("none"))
    assert np.array_equal(nothing(image=image, mask=mask)["image"], image)


def test_stronger_is_further_away() -> None:
    image, mask = scratched(2)
    means = []
    for strength in STRENGTHS:
        varied = pipeline(Augmentation.at(strength).model_copy(update={"flips": False}))
        far = []
        for seed in range(80):
            varied.set_random_seed(seed)
            far.append(np.abs(varied(image=image, mask=mask)["image"].astype(int) - image).mean())
        means.append(np.mean(far))
    assert means[0] == 0 and means == sorted(means) and means[1] < means[2] < means[3]


def test_the_label_that_means_nobody_looked_is_moved_not_mixed() -> None:
    image, _ = scratched(2)
    mask = np.zeros((160, 160), np.uint8)
    mask[:80], mask[100:104] = 255, 1
    varied = pipeline(Augmentation.at("strong"))
    for seed in range(40):
        varied.set_random_seed(seed)
        assert set(np.unique(varied(image=image, mask=mask)["mask"])) <= {0, 1, 255}


def test_settings_survive_and_unknown_ones_are_refused() -> None:
    settings = Augmentation(elastic="strong", flips=False)
    assert Augmentation.model_validate_json(settings.model_dump_json()) == settings
    with pytest.raises(ValidationError):
        Augmentation.model_validate({"elastic": "wild"})
    with pytest.raises(ValidationError):
        Augmentation.model_validate({"shake": "light"})
